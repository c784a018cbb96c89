import { keccakHash } from "@festina/crypto";
import type { Greeting } from "@festina/fastchain";
import { type Network, type NodeId, type PushType, SeenCache } from "@festina/network";
import type { Hash32, Result } from "@festina/primitives";
import type { HashedFruit } from "@festina/snailchain";
import {
  type Certificate,
  decodeCertificate,
  decodeCompactPrePrepare,
  decodeEvidence,
  decodeFastBlock,
  decodePrePrepare,
  decodeSnailBlock,
  decodeVote,
  type Evidence,
  encodeCertificate,
  encodeEvidence,
  encodePrePrepare,
  encodeSnailBlock,
  encodeVote,
  type FastBlock,
  type Fruit,
  hashSnailHeader,
  type PrePrepare,
  type RecoveredTransaction,
  type SnailBlock,
  type Vote,
} from "@festina/types";
import type { SessionProof } from "../consensus/memberSessions.ts";
import type { ConsensusNetwork } from "../consensus/ports.ts";
import type { SnailNetwork } from "../snail/snailService.ts";
import type { CompactProposals } from "./compact/compactProposals.ts";
import { firstReceivers } from "./firstReceivers.ts";
import {
  decodeCertificates,
  decodeFruits,
  decodeHashes,
  decodeParts,
  decodeSessionProof,
  decodeStatus,
  encodeFruits,
  encodeHashes,
  encodeParts,
  encodeSessionProof,
  encodeSnailBlocksRequest,
  encodeStatus,
  encodeViewRequest,
  HASHES_MAX,
  type HeadStatus,
} from "./payloads.ts";

/** What arrives from peers, decoded. */
export interface PeerInputs {
  onPrePrepare(message: PrePrepare, from: NodeId): void;
  onVote(vote: Vote, from: NodeId): void;
  onCertificate(certificate: Certificate, from: NodeId): void;
  onSnailBlock(block: SnailBlock, from: NodeId): void;
  onSnailHash(hash: Hash32, from: NodeId): void;
  onFruits(hashes: readonly Hash32[], from: NodeId): void;
  onFruitBodies(fruits: readonly Fruit[], from: NodeId): void;
  onTransactions(hashes: readonly Hash32[], from: NodeId): void;
  onTransactionBodies(bodies: readonly Uint8Array[], from: NodeId): void;
  onEvidence(evidence: Evidence, from: NodeId): void;
  onStatus(status: HeadStatus, from: NodeId): void;
  onSessionProof(proof: SessionProof, from: NodeId): void;
}

function unwrap<T>(result: Result<T>): T | null {
  return result.ok ? result.value : null;
}

const FETCH_TIMEOUT_MS = 2_000;
const FETCH_PEERS_MAX = 4;
const SEEN_MAX = 16_384;

/** The protocol's messages over the peer network: encodes what leaves, decodes what comes, asks several peers in turn. */
export class PeerNetwork {
  readonly #network: () => Network;
  readonly #seenSnailBlocks = new SeenCache(SEEN_MAX);
  /** Of the same: every peer pushes each block, and the bytes are usually equal. */
  readonly #seenSnailBytes = new SeenCache(SEEN_MAX);
  readonly #fetchingSnail = new Set<string>();
  readonly #proposals: CompactProposals;
  readonly #onSnailBlock: (block: SnailBlock, from: string) => void;
  readonly #onFatal: (error: unknown) => void;

  /** `onSnailBlock` takes what was asked for, as if it had been pushed. */
  constructor(
    network: () => Network,
    proposals: CompactProposals,
    onSnailBlock: (block: SnailBlock, from: string) => void,
    onFatal: (error: unknown) => void,
  ) {
    this.#network = network;
    this.#proposals = proposals;
    this.#onSnailBlock = onSnailBlock;
    this.#onFatal = onFatal;
  }

  broadcastPrePrepare(message: PrePrepare): void {
    this.#proposals.sender.broadcast(message);
  }

  broadcastVote(vote: Vote): void {
    this.#network().broadcast("vote", encodeVote(vote));
  }

  /** Certificates first: what follows stands on them. */
  greet(to: string, { certificates, proposal, votes }: Greeting): void {
    for (const certificate of certificates) this.sendCertificate(to, certificate);
    if (proposal !== null) this.#network().send(to as NodeId, "prePrepare", encodePrePrepare(proposal));
    for (const vote of votes) this.#network().send(to as NodeId, "vote", encodeVote(vote));
  }

  broadcastCertificate(certificate: Certificate, except: ReadonlySet<string>): void {
    const network = this.#network();
    const lacks = ({ nodeId }: { readonly nodeId: NodeId }): boolean => !except.has(nodeId);
    // In calm times nobody does, and then it need not be encoded.
    if (network.peers().some(lacks)) network.broadcast("certificate", encodeCertificate(certificate), lacks);
  }

  sendCertificate(to: string, certificate: Certificate): void {
    this.#network().send(to as NodeId, "certificate", encodeCertificate(certificate));
  }

  broadcastStatus(status: HeadStatus, mayLack: (peer: NodeId) => boolean): void {
    const network = this.#network();
    const lacks = ({ nodeId }: { readonly nodeId: NodeId }): boolean => mayLack(nodeId);
    if (network.peers().some(lacks)) network.broadcast("status", encodeStatus(status), lacks);
  }

  sendStatus(to: NodeId, status: HeadStatus): void {
    this.#network().send(to, "status", encodeStatus(status));
  }

  /** The peer has these transactions, as far as we know. */
  noteHeld(peer: NodeId, hashes: readonly Hash32[]): void {
    for (const hash of hashes) this.#proposals.held.add(peer, hash);
  }

  onGone(peer: NodeId): void {
    this.#proposals.onGone(peer);
  }

  /** Our own go out whole at once; others' are announced, and asked for by who lacks them. */
  announceTransaction(transaction: RecoveredTransaction, from: string): void {
    const network = this.#network();
    if (from === "") {
      network.broadcast("transactions", encodeParts([transaction.encoded]));
      for (const { nodeId } of network.peers()) this.#proposals.held.add(nodeId, transaction.hash);
    } else network.broadcast("newTransactions", encodeHashes([transaction.hash]), ({ nodeId }) => nodeId !== from);
  }

  /** To a peer that has just come: what waits here may be unknown where it has to be included. */
  announceWaiting(hashes: readonly Hash32[], to: NodeId): void {
    if (hashes.length > 0) this.#network().send(to, "newTransactions", encodeHashes(hashes.slice(0, HASHES_MAX)));
  }

  announceFruits(fruits: readonly HashedFruit[], except: string): void {
    if (except === "self") {
      this.#network().broadcast("fruits", encodeFruits(fruits.map(({ fruit }) => fruit)));
      return;
    }
    const hashes = fruits.slice(0, HASHES_MAX).map(({ hash }) => hash);
    this.#network().broadcast("newFruits", encodeHashes(hashes), ({ nodeId }) => nodeId !== except);
  }

  /** Whole to some, to the rest its hash: they ask for it if nobody else has sent it. */
  announceBlock(block: SnailBlock, except: string): void {
    const network = this.#network();
    const hash = hashSnailHeader(block.header);
    const others = network.peers().flatMap(({ nodeId }) => (nodeId === except ? [] : [nodeId]));
    const first = firstReceivers(hash, others);
    network.broadcast("newSnailBlock", encodeSnailBlock(block), ({ nodeId }) => first.has(nodeId));
    if (first.size === others.length) return;
    network.broadcast("newSnailHash", encodeHashes([hash]), ({ nodeId }) => nodeId !== except && !first.has(nodeId));
  }

  broadcastEvidence(evidence: Evidence, except: string): void {
    this.#network().broadcast("evidence", encodeEvidence(evidence), ({ nodeId }) => nodeId !== except);
  }

  sendSessionProof(to: NodeId, proof: SessionProof): void {
    this.#network().send(to, "member", encodeSessionProof(proof));
  }

  sendEvidence(to: string, evidence: Evidence): void {
    this.#network().send(to as NodeId, "evidence", encodeEvidence(evidence));
  }

  penalise(peer: string): void {
    this.#network().penalise(peer as NodeId, "CONTENT_INVALID");
  }

  #askable(first: string): readonly NodeId[] {
    const connected = this.#network()
      .peers()
      .map(({ nodeId }) => nodeId);
    const rest = connected.filter((nodeId) => nodeId !== first);
    return (connected.includes(first as NodeId) ? [first as NodeId, ...rest] : rest).slice(0, FETCH_PEERS_MAX);
  }

  /** These same methods, under the names consensus knows. */
  forConsensus(): ConsensusNetwork {
    return {
      broadcastPrePrepare: (message) => this.broadcastPrePrepare(message),
      broadcastVote: (vote) => this.broadcastVote(vote),
      greet: (to, greeting) => this.greet(to, greeting),
      broadcastCertificate: (certificate, except) => this.broadcastCertificate(certificate, except),
      sendCertificate: (to, certificate) => this.sendCertificate(to, certificate),
      blame: (peer) => this.#network().penalise(peer as NodeId, "SIGNATURE_INVALID"),
      fetchBlock: (hash, from) => this.fetchFastBlock(hash, from),
      fetchCertificates: (epoch, view, from) => this.fetchCertificates(epoch, view, from),
    };
  }

  /** And under those of the snail chain. */
  forSnailChain(): SnailNetwork {
    return {
      announceBlock: (block, except) => this.announceBlock(block, except),
      announceFruits: (fruits, except) => this.announceFruits(fruits, except),
      fetchBlock: (hash, from) => this.fetchSnailBlock(hash, from),
      penalise: (peer) => this.penalise(peer),
    };
  }

  async fetchFastBlock(hash: Hash32, from: string): Promise<FastBlock | null> {
    for (const peer of this.#askable(from)) {
      const answer = await this.#network().request(peer, "getBlockByHash", encodeHashes([hash]), FETCH_TIMEOUT_MS);
      const block = answer.ok ? unwrap(decodeFastBlock(answer.value)) : null;
      if (block?.hash === hash) return block;
    }
    return null;
  }

  async fetchCertificates(epoch: number, view: number, from: string): Promise<readonly Certificate[]> {
    const found: Certificate[] = [];
    for (const peer of this.#askable(from)) {
      const answer = await this.#network().request(
        peer,
        "getCertificate",
        encodeViewRequest({ epoch, view }),
        FETCH_TIMEOUT_MS,
      );
      if (answer.ok) found.push(...(unwrap(decodeCertificates(answer.value)) ?? []));
      if (found.length > 0) break;
    }
    return found;
  }

  /** Fetches a snail block and hands it in as if it had been pushed. */
  fetchSnailBlock(hash: Hash32, from: string | null): void {
    if (this.#fetchingSnail.has(hash)) return;
    this.#fetchingSnail.add(hash);
    this.#fetchSnail(hash, from ?? "")
      .finally(() => this.#fetchingSnail.delete(hash))
      .catch(this.#onFatal);
  }

  async #fetchSnail(hash: Hash32, from: string): Promise<void> {
    for (const peer of this.#askable(from)) {
      const payload = encodeSnailBlocksRequest({ kind: "hash", hash });
      const answer = await this.#network().request(peer, "getSnailBlocks", payload, FETCH_TIMEOUT_MS);
      const encoded = answer.ok ? unwrap(decodeParts(answer.value, 1))?.[0] : undefined;
      const block = encoded === undefined ? null : unwrap(decodeSnailBlock(encoded));
      if (block === null) continue;
      this.#onSnailBlock(block, peer);
      return;
    }
  }

  /** Asks the announcer for bodies that we lack. */
  async fetchTransactions(hashes: readonly Hash32[], from: NodeId): Promise<readonly Uint8Array[]> {
    const answer = await this.#network().request(from, "getTransactions", encodeHashes(hashes), FETCH_TIMEOUT_MS);
    return answer.ok ? (unwrap(decodeParts(answer.value, HASHES_MAX)) ?? []) : [];
  }

  async fetchFruits(hashes: readonly Hash32[], from: NodeId): Promise<readonly Fruit[]> {
    const answer = await this.#network().request(from, "getFruits", encodeHashes(hashes), FETCH_TIMEOUT_MS);
    return answer.ok ? (unwrap(decodeFruits(answer.value)) ?? []) : [];
  }

  /** Decodes a pushed message and hands it on; what does not decode costs the sender. */
  dispatch(peer: NodeId, type: PushType, payload: Uint8Array, inputs: PeerInputs): void {
    const take = <T>(decoded: Result<T>, use: (value: T) => void): void => {
      if (decoded.ok) use(decoded.value);
      else this.#network().penalise(peer, "PAYLOAD_INVALID");
    };
    switch (type) {
      case "prePrepare":
        return take(decodePrePrepare(payload), (message) => inputs.onPrePrepare(message, peer));
      case "compactPrePrepare":
        return take(decodeCompactPrePrepare(payload), (compact) =>
          this.#proposals.rebuilder.take(compact, peer, (message) => inputs.onPrePrepare(message, peer)),
        );
      case "vote":
        return take(decodeVote(payload), (vote) => inputs.onVote(vote, peer));
      case "certificate":
        return take(decodeCertificate(payload), (certificate) => inputs.onCertificate(certificate, peer));
      case "newSnailBlock":
        if (this.#seenSnailBytes.has(keccakHash(payload))) return;
        return take(decodeSnailBlock(payload), (block) => {
          this.#seenSnailBytes.add(keccakHash(payload));
          if (this.#seenSnailBlocks.add(hashSnailHeader(block.header))) inputs.onSnailBlock(block, peer);
        });
      case "newSnailHash":
        return take(decodeHashes(payload), ([hash]) => {
          if (hash !== undefined && !this.#seenSnailBlocks.has(hash)) inputs.onSnailHash(hash, peer);
        });
      case "newFruits":
        return take(decodeHashes(payload), (hashes) => inputs.onFruits(hashes, peer));
      case "fruits":
        return take(decodeFruits(payload), (fruits) => inputs.onFruitBodies(fruits, peer));
      case "newTransactions":
        return take(decodeHashes(payload), (hashes) => inputs.onTransactions(hashes, peer));
      case "transactions":
        return take(decodeParts(payload, HASHES_MAX), (bodies) => inputs.onTransactionBodies(bodies, peer));
      case "member":
        return take(decodeSessionProof(payload), (proof) => inputs.onSessionProof(proof, peer));
      case "status":
        return take(decodeStatus(payload), (status) => inputs.onStatus(status, peer));
      case "evidence":
        return take(decodeEvidence(payload), (evidence) => inputs.onEvidence(evidence, peer));
    }
  }
}
