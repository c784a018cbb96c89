import type { NodeId } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import type { ConsensusRunner } from "../consensus/consensusRunner.ts";
import type { MemberSessions } from "../consensus/memberSessions.ts";
import type { Attendance } from "../evidence/attendance.ts";
import type { EvidenceService } from "../evidence/evidenceService.ts";
import type { TransactionService } from "../pool/transactionService.ts";
import type { SnailService } from "../snail/snailService.ts";
import type { ChainSync } from "./chainSync.ts";
import type { HeadAnnouncer } from "./headAnnouncer.ts";
import type { PeerHeads } from "./peerHeads.ts";
import type { PeerInputs, PeerNetwork } from "./peerNetwork.ts";

export interface PeerInputParts {
  readonly consensus: ConsensusRunner;
  readonly snail: SnailService;
  readonly transactions: TransactionService;
  readonly attendance: Attendance;
  readonly evidence: EvidenceService;
  readonly sync: ChainSync;
  readonly peers: PeerNetwork;
  readonly sessions: MemberSessions;
  readonly announcer: HeadAnnouncer;
  readonly peerHeads: PeerHeads;
  readonly onFatal: (error: unknown) => void;
}

/** Refusals that show nothing about the peer: it may have seen another state, or a fuller pool. */
const FAULTS: ReadonlySet<string> = new Set(["TX_MALFORMED", "TX_SIGNATURE_INVALID", "TX_PAYER_SIGNATURE_INVALID"]);

/** Which part takes which message. */
export function createPeerInputs({
  consensus,
  snail,
  transactions,
  attendance,
  evidence,
  sync,
  peers,
  sessions,
  announcer,
  peerHeads,
  onFatal,
}: PeerInputParts): PeerInputs {
  function takeTransactions(bodies: readonly Uint8Array[], from: NodeId): void {
    for (const body of bodies) {
      const submitted = transactions.submit(body, from);
      if (submitted.ok) peers.noteHeld(from, [submitted.value]);
      if (!submitted.ok && FAULTS.has(submitted.error.code)) peers.penalise(from);
    }
  }
  const missing = (hashes: readonly Hash32[], isKnown: (hash: Hash32) => boolean) =>
    hashes.filter((hash) => !isKnown(hash));

  return {
    onPrePrepare: (message, from) => {
      announcer.onVote(from, message);
      consensus.onPrePrepare(message, from);
    },
    onVote: (vote, from) => {
      // Before anything is done with it: no signature is looked at for a stranger, nothing is kept in a member's name.
      if (!consensus.isFromVoter(vote, from)) return peers.penalise(from);
      if (vote.kind !== "viewChange") announcer.onVote(from, vote);
      attendance.heard(vote, consensus.committee);
      consensus.onVote(vote, from);
    },
    onCertificate: (certificate, from) => consensus.onCertificate(certificate, from),
    onSnailBlock: (block, from) => snail.receiveBlock(block, from),
    onSnailHash: (hash, from) => {
      if (snail.chain.entryByHash(hash) === undefined) peers.fetchSnailBlock(hash, from);
    },
    onFruitBodies: (fruits, from) => {
      for (const fruit of fruits) snail.receiveFruit(fruit, from);
    },
    onFruits: (hashes, from) => {
      const unknown = missing(hashes, (hash) => snail.pool.get(hash) !== undefined || snail.chain.isFruitPacked(hash));
      if (unknown.length === 0) return;
      peers
        .fetchFruits(unknown, from)
        .then((fruits) => {
          for (const fruit of fruits) snail.receiveFruit(fruit, from);
        })
        .catch(onFatal);
    },
    onTransactionBodies: takeTransactions,
    onTransactions: (hashes, from) => {
      const isWaiting = (hash: Hash32): boolean => transactions.pool.get(hash) !== undefined;
      // Only of what waits here: names that nobody else knows would push out those that matter.
      peers.noteHeld(from, hashes.filter(isWaiting));
      const unknown = missing(hashes, isWaiting);
      if (unknown.length === 0) return;
      peers
        .fetchTransactions(unknown, from)
        .then((bodies) => takeTransactions(bodies, from))
        .catch(onFatal);
    },
    onEvidence: (piece, from) => evidence.receive(piece, from),
    onSessionProof: (proof, from) => sessions.onShown(from, proof),
    onStatus: (heads, from) => {
      peerHeads.onHeads(from, heads);
      sync.onPeerHeads(from, heads.fastNumber, heads.snailNumber);
    },
  };
}
