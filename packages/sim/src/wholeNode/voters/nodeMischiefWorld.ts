// What dishonest members know of a world of whole nodes: what any of the nodes would tell who asks, and every proposal that
// was sent.
import type { SignatureSuite, SigningContext } from "@festina/crypto";
import type { SignedRequest } from "@festina/fastchain";
import { MESSAGES } from "@festina/network";
import type { FestinaNode } from "@festina/node";
import { type Address, type Hash32, ok, type Result, ZERO_HASH } from "@festina/primitives";
import {
  type Committee,
  compactPlaces,
  decodeCompactPrePrepare,
  decodeFastBlock,
  decodeHybridRequests,
  decodePrePrepare,
  decodeTransaction,
  encodeFastBlock,
  type PrePrepare,
  type Vote,
} from "@festina/types";
import { seatOf } from "../../byzantine/forge.ts";
import type { MischiefWorld } from "../../byzantine/mischief.ts";
import type { SignedVotes } from "../../check/signedVotes.ts";
import { SIMULATED_CHAIN_ID } from "../networkSpec.ts";
import { changeFastBlock, rivalOf } from "./changeFastBlock.ts";

type Backend = FestinaNode["backend"];

/** What a world of whole nodes tells dishonest members. */
export interface VoterHost {
  processOf(name: string): number | undefined;
  committee(epoch: number): Committee | undefined;
  /** Of a process that is up. */
  backendOf(index: number): Backend | undefined;
  readonly genesisHash: Hash32 | undefined;
}

export interface NodeMischiefOptions {
  readonly host: VoterHost;
  readonly suite: SignatureSuite;
  readonly faulty: ReadonlySet<number>;
  readonly secretKey: (index: number) => Uint8Array;
  /** Is told what the dishonest sign with their bare keys. */
  readonly signed: SignedVotes;
}

const PROPOSALS_MAX = 64;
const NO_BYTES = new Uint8Array(0);

export class NodeMischiefWorld implements MischiefWorld {
  readonly suite: SignatureSuite;
  readonly faulty: ReadonlySet<number>;
  readonly changeBlock: MischiefWorld["changeBlock"] = ({ envelope }, change) => changeFastBlock(envelope, change);
  readonly #options: NodeMischiefOptions;
  readonly #contexts = new Map<number, SigningContext>();
  /** Newest last. */
  readonly #proposals = new Map<Hash32, PrePrepare>();
  #lastFrame: Uint8Array | null = null;

  constructor(options: NodeMischiefOptions) {
    this.#options = options;
    this.suite = options.suite;
    this.faulty = options.faulty;
  }

  /** What somebody sends, as it is or once more: of proposals the blocks are remembered. */
  hear(frame: Uint8Array): void {
    const isCompact = frame[0] === MESSAGES.compactPrePrepare.number;
    if ((frame[0] !== MESSAGES.prePrepare.number && !isCompact) || frame === this.#lastFrame) return;
    this.#lastFrame = frame;
    const proposal = isCompact ? this.#complete(frame.subarray(1)) : decodePrePrepare(frame.subarray(1));
    if (proposal?.ok !== true || this.#proposals.has(proposal.value.blockHash)) return;
    this.#proposals.set(proposal.value.blockHash, proposal.value);
    const [oldest] = this.#proposals.keys();
    if (this.#proposals.size > PROPOSALS_MAX && oldest !== undefined) this.#proposals.delete(oldest);
  }

  /** With the transactions that one of the dishonest has; `null` where none has them all. */
  #complete(payload: Uint8Array): Result<PrePrepare> | null {
    const compact = decodeCompactPrePrepare(payload);
    if (!compact.ok) return compact;
    const requests = decodeHybridRequests(compact.value.requests);
    if (!requests.ok) return requests;
    const { message, header } = compact.value;
    for (const index of this.faulty) {
      const pool = this.#options.host.backendOf(index)?.pool;
      const transactions = (compactPlaces(compact.value) ?? []).map((place) => {
        if (typeof place === "string") return pool?.byHash(place);
        const decoded = decodeTransaction(place);
        return decoded.ok ? decoded.value : undefined;
      });
      const whole = transactions.filter((transaction) => transaction !== undefined);
      if (whole.length < transactions.length) continue;
      const block = { header, hash: message.blockHash, transactions: whole, requests: requests.value };
      return ok({ ...message, envelope: encodeFastBlock(block) });
    }
    return null;
  }

  committee(epoch: number): Committee | undefined {
    return this.#options.host.committee(epoch);
  }

  processOf(owner: Address): number | undefined {
    return this.#options.host.processOf(owner);
  }

  onForged(index: number, request: SignedRequest): void {
    const { signed } = this.#options;
    const { epoch, view } = request;
    const committee = this.committee(epoch);
    if (committee === undefined) return;
    if (request.kind === "prePrepare") return signed.onProposal({ epoch, view, blockHash: request.blockHash });
    const blockHash = request.kind === "viewChange" ? ZERO_HASH : request.blockHash;
    signed.onVote({ kind: request.kind, epoch, view, member: seatOf(this, committee, index), blockHash });
  }

  /** The same object for all: what is signed in an epoch is encoded once. */
  context(epoch: number): SigningContext {
    let context = this.#contexts.get(epoch);
    if (context === undefined) {
      const genesisHash = this.#options.host.genesisHash;
      if (genesisHash === undefined) throw new RangeError("nobody knows the chain yet");
      context = { chainId: SIMULATED_CHAIN_ID, genesisHash, epoch };
      this.#contexts.set(epoch, context);
    }
    return context;
  }

  makeRival(index: number, voted: Vote): PrePrepare | null {
    const backend = this.#options.host.backendOf(index);
    const proposal = this.#proposals.get(voted.blockHash);
    const block = proposal === undefined ? undefined : decodeFastBlock(proposal.envelope);
    const committee = this.committee(voted.epoch);
    if (backend === undefined || block === undefined || !block.ok || committee === undefined) return null;
    const { chain } = backend;
    const parent = chain.blockByNumber(chain.head())?.block;
    const certified = backend.committee.certificateFor(chain.head());
    const leader = committee.members[seatOf(this, committee, index)];
    if (parent?.hash !== block.value.header.parentHash || certified?.number !== chain.head()) return null;
    if (leader === undefined || certified.certificate.epoch !== voted.epoch) return null;
    const view = voted.view + 1;
    const place = {
      view,
      payout: leader.payout,
      parentBeacon: parent.header.beacon,
      // The voted block stands on the same parent.
      isRevealDue: (proposal?.reveal.length ?? 0) > 0,
      context: this.context(voted.epoch),
    };
    const rival = rivalOf(block.value, place, this.suite, this.#options.secretKey(index));
    if (rival === null) return null;
    return {
      epoch: voted.epoch,
      view,
      blockHash: rival.hash,
      height: block.value.header.number,
      parentHash: parent.hash,
      parentView: certified.certificate.view,
      parentCertificate: certified.certificate,
      skips: [],
      reveal: rival.reveal,
      envelope: rival.envelope,
      signature: NO_BYTES,
    };
  }
}
