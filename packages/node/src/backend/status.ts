import type { Preset } from "@festina/chainspec";
import { hybridTimeMs, isUnanchored } from "@festina/fastchain";
import type { Hex } from "@festina/primitives";
import type { NodeStatus, SyncReport } from "@festina/rpc";
import { quorumSeats } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { ConsensusRunner } from "../consensus/consensusRunner.ts";
import { describeMissing, type MissingMember } from "../evidence/attendance.ts";
import type { TransactionService } from "../pool/transactionService.ts";
import type { SnailService } from "../snail/snailService.ts";

export interface StatusParts {
  readonly role: NodeStatus["role"];
  readonly nodeId: Hex;
  readonly committed: CommittedChain;
  readonly snail: SnailService;
  readonly consensus: ConsensusRunner;
  readonly missing: readonly MissingMember[];
  readonly transactions: TransactionService;
  readonly peers: number;
  readonly otherNetworks: NodeStatus["otherNetworks"];
  readonly ahead: NodeStatus["ahead"];
  readonly hashRatePerSecond: number;
  readonly isSyncing: boolean;
  /** How far that is, when it takes long. */
  readonly sync: SyncReport | null;
  /** Lowest block that is here with its transactions. */
  readonly heldFrom: number;
  /** Lowest block whose state is here. */
  readonly statesFrom: number;
  /** A data set of the proof of work is being made. */
  readonly isMakingDataSet: boolean;
  readonly nowMs: number;
  readonly preset: Preset;
  /** What recovery will do, in words; `null` while it is off. */
  readonly recovery: string | null;
}

/** An idle chain is later than its heartbeat by this much before the status calls it stalled. */
const STALL_GRACE_MS = 5_000;

const STAGES: Readonly<Record<SyncReport["stage"], string>> = {
  headers: "beginning by snapshot: snail headers",
  blocks: "beginning by snapshot: fast blocks without their transactions",
  state: "beginning by snapshot: accounts",
  tables: "beginning by snapshot: laying accounts into tables",
  replay: "catching up: at block",
};

function describeSync({ stage, done, share, perSecond, secondsLeft }: SyncReport): string {
  const percent = share === null ? "" : `, ${Math.floor(share * 100)} %`;
  const left = secondsLeft === null ? "" : `, some ${secondsLeft} s left`;
  return `${STAGES[stage]} ${done}${percent}, ${perSecond} a second${left}`;
}

/** Why nobody is there to talk to, when that is known; `null` where somebody is. */
export function describeLoneliness({
  peers,
  otherNetworks,
}: Pick<NodeStatus, "peers" | "otherNetworks">): string | null {
  if (peers > 0 || otherNetworks.length === 0) return null;
  return `waiting for peers of this network: ${otherNetworks.map(({ message }) => message).join("; ")}`;
}

/** Who has what we lack; empty where nobody says so. */
function describeAhead({ fast }: NodeStatus["ahead"]): string {
  return fast === null ? "" : `; peer ${fast.nodeId} says it is at block ${fast.number}, ${fast.by} ahead of us`;
}

/** One sentence that says what goes on, or why nothing does. */
function describeActivity(parts: StatusParts): string {
  const { committed, consensus, preset, nowMs, isSyncing, role } = parts;
  const { head } = committed;
  const ageMs = nowMs - hybridTimeMs(head);
  const loneliness = describeLoneliness(parts);
  if (parts.sync !== null) return loneliness ?? describeSync(parts.sync);
  if (isSyncing) return `catching up: at block ${head.header.number}${describeAhead(parts.ahead)}`;
  if (consensus.silence !== null) return consensus.silence.message;
  if (preset.heartbeatMs > 0 && ageMs > preset.heartbeatMs + STALL_GRACE_MS) {
    const recovery = parts.recovery === null ? "" : `; ${parts.recovery}`;
    return `no final block for ${Math.round(ageMs / 1000)} s: in view ${consensus.view} of epoch ${head.committee.epoch}, ${loneliness ?? `connected to ${parts.peers} peers`}; ${describeMissing(parts.missing, head.committee)}${recovery}${describeAhead(parts.ahead)}`;
  }
  if (isUnanchored(head, nowMs, preset)) {
    return "empty blocks only: no fruit has anchored the fast chain for too long; is a miner running?";
  }
  if (role === "miner" && parts.hashRatePerSecond === 0 && parts.isMakingDataSet)
    return "waiting for a data set of the proof of work, which is being made";
  if (role === "miner")
    return `mining on snail block ${parts.snail.chain.head().number} at ${Math.round(parts.hashRatePerSecond)} hashes/s`;
  if (consensus.ownMember !== null) return `voting in view ${consensus.view} of epoch ${head.committee.epoch}`;
  return loneliness ?? `following the chain at block ${head.header.number}`;
}

export function describeStatus(parts: StatusParts): NodeStatus {
  const { committed, snail, consensus, transactions } = parts;
  const { head } = committed;
  const snailHead = snail.chain.head();
  return {
    role: parts.role,
    nodeId: parts.nodeId,
    headNumber: head.header.number,
    headHash: head.hash,
    epoch: head.committee.epoch,
    view: consensus.view,
    committee: head.committee.members.map(({ address, seats }) => ({ address, seats })),
    quorumSeats: quorumSeats(head.committee),
    missing: parts.missing,
    snailNumber: snailHead.number,
    snailHash: snailHead.hash,
    anchoredNumber: snail.chain.headEntry().block.header.anchorNumber,
    peers: parts.peers,
    otherNetworks: parts.otherNetworks,
    ahead: parts.ahead,
    pooledTransactions: transactions.pool.size,
    pooledFruits: snail.pool.size,
    hashRatePerSecond: parts.hashRatePerSecond,
    recovery: parts.recovery,
    doing: describeActivity(parts),
    ...(parts.sync === null ? {} : { sync: parts.sync }),
    ...(parts.heldFrom > 1 ? { heldFrom: parts.heldFrom } : {}),
    ...(parts.statesFrom > 0 ? { statesFrom: parts.statesFrom } : {}),
  };
}
