import type { AccountSigner } from "@festina/crypto";
import type { Address, Failure, Hash32, Hex, Result } from "@festina/primitives";
import type {
  AccessListEntry,
  Authorization,
  Certificate,
  Evidence,
  FastBlock,
  Fruit,
  Log,
  RecoveredTransaction,
  SnailBlock,
  Transaction,
} from "@festina/types";
import type { CommitteeExplanation, CommitteeInfo } from "./committeePorts.ts";
import type { DevelopmentGate } from "./development/developmentPort.ts";
import type { LiveReader } from "./livePorts.ts";
import type { MinerGate, PowSampleReader, RewardReader } from "./miningPorts.ts";
import type { CallOverrides } from "./overrides.ts";
import type { HeadsAhead, OtherNetwork, PeerReport } from "./peerPorts.ts";
import type { BlockSimulator } from "./simulationPorts.ts";
import type { SolidityCompiler } from "./solidityPort.ts";
import type { AccountView, StateReader } from "./statePorts.ts";

/** What the methods need from the node. Reads are of committed data; `node` implements this, tests fake it. */
export interface RpcBackend {
  readonly chain: ChainReader;
  readonly state: StateReader;
  readonly execution: CallExecutor;
  /** Accounts as what waits will leave them, where a node runs that beforehand: on development chains. */
  readonly pendingState?: () => Promise<AccountView | undefined>;
  readonly simulation: BlockSimulator;
  readonly tracing: TraceGate;
  readonly pool: TransactionGate;
  readonly snail: SnailReader;
  readonly committee: CommitteeReader;
  readonly evidence: EvidenceGate;
  readonly live: LiveReader;
  /** On development chains. */
  readonly solidity?: SolidityCompiler;
  readonly events: EventSource;
  readonly miner: MinerGate;
  readonly rewards: RewardReader;
  /** `null` where the engine has no data sets. */
  readonly powSamples: PowSampleReader | null;
  /** Accounts whose keys this node holds for development; empty on real networks. */
  readonly developmentAccounts: readonly DevelopmentAccount[];
  /** The controls of a development chain; `null` on any other. */
  readonly development: DevelopmentGate | null;
  status(): NodeStatus;
  peers(): PeerReport;
  engine(): EngineReport;
  machineRules(): MachineRules;
  /** Whom this node's blocks pay; `null` for nodes that make none. */
  coinbase(): Address | null;
  clientVersion(): string;
  /** What another node needs in order to join this one's network. */
  invitation(): NetworkInvitation;
}

export interface NetworkInvitation {
  readonly specHash: Hash32;
  /** The chain spec in the form of its file: big integers as text that ends in n. */
  readonly chainSpec: unknown;
  /** `node-id@host:port` of this node, when it listens, and of the peers it was given. */
  readonly peers: readonly string[];
}

export interface DevelopmentAccount {
  readonly address: Address;
  readonly secretKey: Uint8Array;
  /** Signs with the key faster than by the library that comes with this package. */
  readonly signer?: AccountSigner;
}

export interface ExecutedTransaction {
  readonly transaction: Transaction;
  readonly sender: Address;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly cumulativeGasUsed: bigint;
  readonly effectiveGasPriceWei: bigint;
  readonly createdAddress: Address | null;
  readonly logs: readonly Log[];
  readonly logsBloom: Uint8Array;
}

export interface BlockRecord {
  readonly block: FastBlock;
  readonly transactions: readonly ExecutedTransaction[];
}

export interface SupplyRecord {
  readonly number: number;
  readonly genesisWei: bigint;
  readonly rewardsWei: bigint;
  readonly baseFeeBurnedWei: bigint;
  readonly slashBurnedWei: bigint;
  readonly selfDestructBurnedWei: bigint;
}

export interface Anchoring {
  readonly snailNumber: number;
  readonly snailHash: Hash32;
  /** Snail blocks above it. */
  readonly depth: number;
  /** So deep that the block counts as anchored. */
  readonly isBuried: boolean;
}

export interface ChainReader {
  readonly chainId: bigint;
  readonly genesisHash: Hash32;
  /** Height of the newest COMMITTED block. */
  head(): number;
  blockByNumber(number: number): BlockRecord | undefined;
  numberOfHash(hash: Hash32): number | undefined;
  transactionLocation(hash: Hash32): { readonly number: number; readonly index: number } | undefined;
  /** Base fee of the block after the head. */
  nextBaseFeeWei(): bigint;
  /** When the block after the head would be, were it made now; Unix seconds. */
  nextTimestamp(): number;
  supply(number: number): SupplyRecord | undefined;
  /** Height of the newest fast block that a buried snail block anchors. */
  anchored(): number;
  /** The first snail block of the best chain whose anchor is at or above the block; `null` while there is none. */
  anchoredBy(number: number): Anchoring | null;
}

export interface CallRequest {
  readonly from: Address;
  readonly to: Address | null;
  readonly data: Uint8Array;
  readonly valueWei: bigint;
  readonly gas: bigint | null;
  readonly gasPriceWei: bigint;
  readonly accessList: readonly AccessListEntry[];
  /** Absent: none. */
  readonly authorizations?: readonly Authorization[];
  readonly overrides: CallOverrides;
}

/** The list of a call that is the same with the list as without; `failure` when the code itself fails. */
export type AccessListOutcome =
  | {
      readonly kind: "found";
      readonly accessList: readonly AccessListEntry[];
      readonly gasUsed: bigint;
      readonly failure: string | null;
    }
  | { readonly kind: "refused"; readonly error: Failure };

/** How code failed. */
export type RevertOrHalt =
  | { readonly kind: "revert"; readonly output: Uint8Array }
  | { readonly kind: "halt"; readonly reason: string };

export type CallOutcome =
  | { readonly kind: "success"; readonly output: Uint8Array; readonly gasUsed: bigint }
  | { readonly kind: "revert"; readonly output: Uint8Array; readonly gasUsed: bigint }
  | { readonly kind: "halt"; readonly reason: string; readonly gasUsed: bigint }
  | { readonly kind: "refused"; readonly error: Failure };

/** The block a call runs in, after its transactions; `isNext`: in the block that would follow it now. */
export interface CallPlace {
  readonly number: number;
  readonly isNext: boolean;
}

export interface CallExecutor {
  call(request: CallRequest, place: CallPlace): Promise<CallOutcome | undefined>;
  /** On success `gasUsed` is the estimate. */
  estimateGas(request: CallRequest, place: CallPlace): Promise<CallOutcome | undefined>;
  accessList(request: CallRequest, place: CallPlace): Promise<AccessListOutcome | undefined>;
}

/** What is watched, and how it is told. */
export type TraceOptions =
  | {
      readonly tracer: "struct";
      readonly withMemory: boolean;
      readonly withStack: boolean;
      readonly withStorage: boolean;
      readonly withReturnData: boolean;
      /** The first so many instructions; 0 for all. */
      readonly limit: number;
    }
  | { readonly tracer: "call"; readonly onlyTopCall: boolean; readonly withLogs: boolean }
  /** OpenEthereum's `vmTrace`. */
  | { readonly tracer: "vm" }
  | {
      readonly tracer: "prestate";
      readonly diffMode: boolean;
      readonly withCode: boolean;
      readonly withStorage: boolean;
    };

/** A trace in the tracer's own form, ready for JSON; reasons of reverts are not in it. */
export type Trace = Readonly<Record<string, unknown>>;
/** Why there is no trace; the message says it to whoever asked. */
export type TraceFailureCode = "TRACE_STATE_MISSING" | "TRACE_LIMIT" | "TRACE_REFUSED" | "TRACE_UNAVAILABLE";

export interface TransactionTrace {
  readonly transactionHash: Hash32;
  readonly trace: Trace;
}

/** Runs again what has run, or what might, and tells every step. Time and size of an answer are bounded. */
export interface TraceGate {
  /** Transactions of a final block: all, or the one at `index`. */
  transactions(
    place: { readonly number: number; readonly index: number | null },
    options: TraceOptions,
    timeoutMs: number,
  ): Promise<Result<readonly TransactionTrace[], TraceFailureCode>>;
  call(
    request: CallRequest,
    place: CallPlace,
    options: TraceOptions,
    timeoutMs: number,
  ): Promise<Result<Trace, TraceFailureCode>>;
  /** Each on what the ones before it left, watched in as many ways as it has options. */
  calls(
    steps: readonly { readonly request: CallRequest; readonly options: readonly TraceOptions[] }[],
    place: CallPlace,
    timeoutMs: number,
  ): Promise<Result<readonly (readonly Trace[])[], TraceFailureCode>>;
}

export interface TransactionGate {
  /**
   * Admits, gossips, and answers with the hash; codes as the pool and the decoder give them. `signedBy`: whose signature
   * it has, where this node has just made it, for finding that out costs more than all else.
   */
  submit(encoded: Uint8Array, signedBy?: Address): Promise<Result<Hash32>>;
  byHash(hash: Hash32): RecoveredTransaction | undefined;
  /** The nonce after all pooled transactions of the account. */
  nextNonce(address: Address): bigint;
  content(): readonly RecoveredTransaction[];
  /** Why this node's own block was made without a transaction, by code, where the pool gave it up for that. */
  leftOut?(hash: Hash32): string | undefined;
}

export interface SnailReader {
  head(): number;
  byNumber(
    number: number,
  ): { readonly block: SnailBlock; readonly hash: Hash32; readonly totalDifficulty: bigint } | undefined;
  byHash(
    hash: Hash32,
  ): { readonly block: SnailBlock; readonly hash: Hash32; readonly totalDifficulty: bigint } | undefined;
  /** A packed fruit with its block, or one that waits in the pool. */
  fruitByHash(hash: Hash32): { readonly fruit: Fruit; readonly packedIn: number | null } | undefined;
}

export interface CommitteeReader {
  currentEpoch(): number;
  byEpoch(epoch: number): CommitteeInfo | undefined;
  /** `undefined` for an epoch that has not begun. Fails while inputs are not kept here. */
  explain(epoch: number): Promise<Result<CommitteeExplanation> | undefined>;
  /** The COMMITTED certificate that finalises the block: its own, or a descendant's. */
  certificateFor(number: number): { readonly certificate: Certificate; readonly number: number } | undefined;
  /** Validators that lost their deposit, for as long as evidence of their time in the committee counts. */
  slashed(): readonly Address[];
}

/** Proof that members broke the voting rules, on its way into a block. */
export interface EvidenceGate {
  /** Verifies, keeps and spreads it, and answers with its hash; known proof is taken again. Codes as the rules give them. */
  submit(encoded: Uint8Array): Result<Hash32>;
  /** What this node holds and no final block carries yet. */
  waiting(): readonly Evidence[];
}

/** The rules that contracts run by, as EIP-7910 tells them. */
export interface MachineRules {
  readonly activationTimeSeconds: number;
  /** EIP-6122. */
  readonly forkId: Hex;
  readonly precompiles: Readonly<Record<string, Address>>;
  readonly systemContracts: Readonly<Record<string, Address>>;
}

/** What runs contracts. */
export interface EngineReport {
  readonly name: string;
  /** What its compiler has done since the node began; `null` for engines without one. */
  readonly compiler: {
    readonly compiled: number;
    /** Codes that stay with the interpreter, by reason. */
    readonly refused: Readonly<Record<string, number>>;
    readonly evicted: number;
    readonly waiting: number;
    readonly compileMs: number;
    readonly liveModules: number;
    /** Of memory, about. */
    readonly liveBytes: number;
    readonly gasInterpreted: number;
    readonly gasCompiled: number;
  } | null;
}

export interface NodeStatus {
  readonly role: "member" | "observer" | "miner";
  readonly nodeId: Hex;
  readonly headNumber: number;
  readonly headHash: Hash32;
  readonly epoch: number;
  readonly view: number;
  readonly committee: readonly { readonly address: Address; readonly seats: number }[];
  /** Seats that must vote for a block to become final. */
  readonly quorumSeats: number;
  /** Members of which no vote has come lately; `silentMs` is `null` when none has come at all. */
  readonly missing: readonly { readonly address: Address; readonly seats: number; readonly silentMs: number | null }[];
  readonly snailNumber: number;
  readonly snailHash: Hash32;
  readonly anchoredNumber: number;
  readonly peers: number;
  /** Of nodes that were turned away lately: which networks they belong to. */
  readonly otherNetworks: readonly OtherNetwork[];
  readonly ahead: HeadsAhead;
  readonly pooledTransactions: number;
  readonly pooledFruits: number;
  readonly hashRatePerSecond: number;
  /** When the snail chain seats another committee, and what is to happen before; `null` while the chain spec has it off. */
  readonly recovery: string | null;
  /** One sentence: what goes on, or why nothing does. */
  readonly doing: string;
  /** Absent when nothing is being caught up with. */
  readonly sync?: SyncReport;
  /** Present while a node that began by snapshot fetches older blocks: the lowest that is here with its transactions. */
  readonly heldFrom?: number;
  /** Present where old states were left behind: the lowest block whose state is here. */
  readonly statesFrom?: number;
  /** Of a light node: what was sent through it and is in no block, the oldest first, at most 32. */
  readonly sent?: readonly SentReport[];
}

/** A transaction that waits for a block, as the light node sees it that passes it on. */
export interface SentReport {
  readonly hash: Hash32;
  readonly from: Address;
  readonly nonce: number;
  readonly waitingMs: number;
  /** How often it was sent after the first time. */
  readonly sentAgain: number;
  /** Why it was not sent when it was due last, as a code; `null` where it was. */
  readonly problem: string | null;
  /** It is looked for still, but not sent any more. */
  readonly isGivenUp: boolean;
}

/** How far catching up has come. */
export interface SyncReport {
  /** Snail headers, outlines of fast blocks, accounts, accounts laid into tables, blocks executed. */
  readonly stage: "headers" | "blocks" | "state" | "tables" | "replay";
  readonly done: number;
  /** From 0 to 1; `null` while it is not known. */
  readonly share: number | null;
  readonly perSecond: number;
  readonly secondsLeft: number | null;
  /** The highest block that a peer claims. */
  readonly highestNumber: number;
}

export type NodeEvent =
  | { readonly kind: "block"; readonly record: BlockRecord }
  /**
   * On development chains: the newest of the blocks above a height that are no more, the newest first. `isAnew`: the chain
   * has begun again, perhaps at another height, which `above` then is.
   */
  | {
      readonly kind: "removed";
      readonly above: number;
      readonly records: readonly BlockRecord[];
      readonly isAnew?: boolean;
    }
  | { readonly kind: "snailBlock"; readonly number: number; readonly hash: Hash32 }
  | { readonly kind: "pendingTransaction"; readonly hash: Hash32 };

export interface EventSource {
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: NodeEvent) => void): () => void;
}
