import type { ChainSpec, ForkPoint } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import {
  decodeExecuted,
  decodeHybridState,
  type ExecutedBlock,
  type ExecutedTransaction,
  encodeExecuted,
  encodeHybridState,
  genesisNumber,
  type HybridState,
  hybridTimeMs,
  readSupply,
  restartedState,
  type SeatedRecovery,
  type SeatedRestart,
  type Supply,
  supplyItem,
  verifyCertificate,
} from "@festina/fastchain";
import { assert, encodeRlp, type Hash32, LruMap, type Result, readRlp } from "@festina/primitives";
import {
  FastBlockStore,
  type KeyValueStore,
  MetaStore,
  type TransactionLocation,
  type WriteBatch,
} from "@festina/storage";
import {
  type Certificate,
  certificateHash,
  decodeCertificate,
  decodeFastBlock,
  encodeCertificate,
  encodeFastBlock,
  type FastBlock,
  type FastOutline,
} from "@festina/types";
import { requireCurrentFormat } from "../migration/currentFormat.ts";
import { decodeEpochRecord, type EpochRecord, encodeEpochRecord } from "./epochRecord.ts";
import { bytesOfBlock } from "./heldBytes.ts";
import { SeatedRestarts, type SnailPoint } from "./seatedRestarts.ts";

export interface StoredBlock {
  readonly block: FastBlock;
  readonly executed: readonly ExecutedTransaction[];
}

const STATES_CACHED = 2_048;
const BLOCKS_CACHED = 512;
/** Blocks of that size or less; of larger ones there are fewer. */
const BLOCKS_CACHED_BYTES = BLOCKS_CACHED * 128 * 1024;
const CERTIFICATES_CACHED = 4_096;
/** How far above a block its finalising certificate is looked for; consensus never lets the tail grow so long. */
const TAIL_BLOCKS_MAX = 512;

function must<T>(result: Result<T>, what: string): T {
  assert(result.ok, `stored ${what} is damaged`);
  return result.value;
}

type CommittedSpec = Pick<ChainSpec, "chainId" | "restarts" | "recovery" | "fork">;

/** The COMMITTED fast chain as it lies on disk, read through small caches. It only ever grows. */
export class CommittedChain {
  readonly #store: KeyValueStore;
  readonly #fast: FastBlockStore;
  readonly #meta: MetaStore;
  readonly #suite: SignatureSuite;
  readonly #chainId: bigint;
  readonly #restarts: SeatedRestarts;
  readonly #fork: ForkPoint | undefined;
  readonly #genesisNumber: number;
  readonly #older: { blockHash(number: number): Hash32 } | undefined;
  readonly #states = new LruMap<number, HybridState>(STATES_CACHED);
  readonly #blocks = new LruMap<number, StoredBlock>(BLOCKS_CACHED_BYTES, ({ block, executed }) =>
    Math.max(BLOCKS_CACHED_BYTES / BLOCKS_CACHED, bytesOfBlock(block, executed)),
  );
  readonly #verified = new LruMap<Hash32, boolean>(CERTIFICATES_CACHED);
  #head: HybridState | null = null;
  #genesisHash: Hash32 | null = null;

  constructor(
    store: KeyValueStore,
    suite: SignatureSuite,
    spec: CommittedSpec,
    older?: { blockHash(number: number): Hash32 },
  ) {
    this.#older = older;
    this.#store = store;
    this.#fast = new FastBlockStore(store);
    this.#meta = new MetaStore(store);
    this.#suite = suite;
    this.#chainId = spec.chainId;
    this.#fork = spec.fork;
    this.#genesisNumber = genesisNumber(spec);
    this.#restarts = new SeatedRestarts(spec, this.#meta);
  }

  /** False for a folder that no network was made in yet. @throws OperationError DATA_FORMAT or RECOVERY_MISSING */
  load(): boolean {
    const number = this.#meta.fastHead();
    if (number === undefined) return false;
    requireCurrentFormat(this.#store);
    this.#restarts.load();
    this.#head = this.hybridState(number) ?? null;
    assert(this.#head !== null, "the head of the stored chain is missing");
    return true;
  }

  get head(): HybridState {
    assert(this.#head !== null, "the chain is loaded");
    return this.#head;
  }

  get genesisHash(): Hash32 {
    this.#genesisHash ??= this.#meta.genesisHash() ?? null;
    assert(this.#genesisHash !== null, "the chain is loaded");
    return this.#genesisHash;
  }

  /** The state on which a child of the block stands; where the chain spec or recovery seats a committee, with that one. */
  hybridState(number: number): HybridState | undefined {
    if (this.#head?.header.number === number) return this.#head;
    const recorded = this.recordedState(number);
    return recorded === undefined ? undefined : this.#restarted(recorded);
  }

  #restarted(recorded: HybridState): HybridState {
    return restartedState(recorded, { restarts: this.#restarts.all });
  }

  /** Whether a committee stands on this block that the block does not know of. */
  isRestartBase(number: number): boolean {
    const isNamed = this.#restarts.all.some(({ blockNumber }) => blockNumber === number);
    const hash = isNamed ? this.hashOf(number) : undefined;
    return hash !== undefined && this.restartAfter(hash) !== undefined;
  }

  restartAfter(hash: Hash32): SeatedRestart | undefined {
    return this.#restarts.after(hash);
  }

  /** Committees that the snail chain seated, oldest first; the last may stand on the head. */
  get recoveries(): readonly SeatedRecovery[] {
    return this.#restarts.recoveries;
  }

  /** What recovery says about the head; `null` takes back what it said before. Nothing else may touch the chain meanwhile. */
  seatRecovery(recovery: SeatedRecovery | null): void {
    const { header, hash } = this.head;
    assert(recovery === null || recovery.blockHash === hash, "a recovery stands on the newest final block");
    this.#restarts.seat(recovery, header.number);
    // What another committee of the same epoch signed counts no more.
    this.#verified.clear();
    const recorded = this.recordedState(header.number);
    assert(recorded !== undefined, "the head is stored");
    this.#head = this.#restarted(recorded);
  }

  /**
   * The epoch of the committee that recovery's `cycle`-th cut above a block seats; `undefined` where the chain spec says
   * who goes on.
   */
  recoveryEpoch(number: number, cycle: number): number | undefined {
    const state = this.recordedState(number);
    if (state === undefined) return undefined;
    const epoch = state.committee.epoch + cycle;
    return this.#restarts.overrules(number, epoch) ? undefined : epoch;
  }

  /** See `SeatedRestarts.pin`. */
  pinnedSnailBlock({ header, pointer }: Pick<HybridState, "header" | "pointer">): SnailPoint {
    return this.#restarts.pin(header.number, pointer);
  }

  /** The state as the block left it. */
  recordedState(number: number): HybridState | undefined {
    const cached = this.#states.get(number);
    if (cached !== undefined) return cached;
    const bytes = this.#fast.hybridState(number);
    if (bytes === undefined) return undefined;
    const decoded = must(decodeHybridState(bytes), `hybrid state ${number}`);
    const state = number === this.#fork?.blockNumber ? { ...decoded, hash: this.#fork.blockHash } : decoded;
    this.#states.set(number, state);
    return state;
  }

  /** @throws StateElsewhereError where a chain that this one goes on from has to be asked first */
  hashOf(number: number): Hash32 | undefined {
    if (number < this.#genesisNumber) return this.#older?.blockHash(number);
    return this.hybridState(number)?.hash;
  }

  timeMsOf(number: number): number | undefined {
    const state = this.hybridState(number);
    return state === undefined ? undefined : hybridTimeMs(state);
  }

  block(number: number): StoredBlock | undefined {
    const cached = this.#blocks.get(number);
    if (cached !== undefined) return cached;
    const finished = this.finished(number);
    if (finished === undefined) return undefined;
    const block = must(decodeFastBlock(finished.envelope), `block ${number}`);
    const stored = {
      // The first block of a fork has the hash of the block that it stands for.
      block: number === this.#fork?.blockNumber ? { ...block, hash: this.#fork.blockHash } : block,
      executed: must(decodeExecuted(finished.outcomes), `outcomes of block ${number}`),
    };
    this.#blocks.set(number, stored);
    return stored;
  }

  envelope(number: number): Uint8Array | undefined {
    return this.#fast.envelope(number);
  }

  /** Envelope and outcomes as they are stored; `undefined` where this node holds neither execution nor copy of the block. */
  finished(number: number): { readonly envelope: Uint8Array; readonly outcomes: Uint8Array } | undefined {
    const envelope = this.#fast.envelope(number);
    const outcomes = this.#fast.outcomes(number);
    return envelope === undefined || outcomes === undefined ? undefined : { envelope, outcomes };
  }

  /** Whether the block is the last of its epoch. */
  isBoundary(number: number): boolean {
    const state = this.recordedState(number);
    return state !== undefined && number > this.#genesisNumber && state.epochBaseNumber === number;
  }

  /** Of a final block; outlines above the head are not meant. */
  numberOf(hash: Hash32): number | undefined {
    const number = this.#fast.numberOf(hash);
    return number === undefined || number > this.head.header.number ? undefined : number;
  }

  /** Of a block that is final or at least followed. */
  followedNumberOf(hash: Hash32): number | undefined {
    const number = this.#fast.numberOf(hash);
    return number !== undefined && this.hashOf(number) === hash ? number : undefined;
  }

  /** Adds a block that was followed, not executed; the head does not move. */
  saveOutline(batch: WriteBatch, { requests }: FastOutline, hybrid: HybridState): void {
    const { number } = hybrid.header;
    this.saveState(batch, hybrid);
    this.#saveHandover(batch, number, requests);
  }

  saveCertificate(batch: WriteBatch, number: number, certificate: Certificate): void {
    this.#fast.saveCertificate(batch, number, encodeCertificate(certificate));
  }

  /** Replaces what following a block left open. */
  saveState(batch: WriteBatch, hybrid: HybridState): void {
    const { number } = hybrid.header;
    this.#fast.saveOutline(batch, { number, hash: hybrid.hash, hybridState: encodeHybridState(hybrid) });
    this.#states.set(number, hybrid);
  }

  /** Makes a followed block the head: its state is here now. */
  saveSettled(batch: WriteBatch, hybrid: HybridState): void {
    const { number } = hybrid.header;
    this.saveState(batch, hybrid);
    this.#fast.saveSupply(batch, number, encodeRlp(supplyItem(hybrid.supply)));
    this.#meta.saveFastHead(batch, number);
  }

  /** Adds transactions and outcomes of a followed block. */
  saveBody(batch: WriteBatch, block: FastBlock, executed: readonly ExecutedTransaction[]): void {
    this.#fast.saveBody(batch, {
      number: block.header.number,
      envelope: encodeFastBlock(block),
      outcomes: encodeExecuted(executed),
      transactionHashes: block.transactions.map(({ hash }) => hash),
    });
  }

  locationOf(transaction: Hash32): TransactionLocation | undefined {
    return this.#fast.locationOf(transaction);
  }

  supply(number: number): Supply | undefined {
    const bytes = this.#fast.supply(number);
    return bytes === undefined ? undefined : must(readRlp(bytes, "supply", readSupply), `supply ${number}`);
  }

  epoch(epoch: number): EpochRecord | undefined {
    const seated = this.#restarts.epoch(epoch, ({ blockNumber, blockHash }) => this.hashOf(blockNumber) === blockHash);
    if (seated !== undefined) return seated === "absent" ? undefined : seated;
    const bytes = this.#fast.epoch(epoch);
    return bytes === undefined ? undefined : must(decodeEpochRecord(bytes), `epoch ${epoch}`);
  }

  /** The COMMITTED certificate of exactly this block. */
  certificateAt(number: number): Certificate | undefined {
    const bytes = this.#fast.certificate(number);
    return bytes === undefined ? undefined : must(decodeCertificate(bytes), `certificate ${number}`);
  }

  /** The certificate that finalises the block: its own, or the nearest descendant's. */
  certificateFor(number: number): { readonly certificate: Certificate; readonly number: number } | undefined {
    const last = Math.min(this.head.header.number, number + TAIL_BLOCKS_MAX);
    for (let at = number; at <= last; at++) {
      const certificate = this.certificateAt(at);
      if (certificate !== undefined) return { certificate, number: at };
    }
    return undefined;
  }

  /** The newest block at or below `number` that has a certificate of its own, or the genesis, which needs none. */
  newestCertified(number = this.head.header.number): number {
    for (let at = Math.min(number, this.head.header.number); at > this.#genesisNumber; at--)
      if (this.#fast.certificate(at) !== undefined) return at;
    return this.#genesisNumber;
  }

  /** `unknown` while the epoch's committee is not known here. Verified once per certificate. */
  verifyCommitted(certificate: Certificate): "valid" | "invalid" | "unknown" {
    const committee = this.epoch(certificate.epoch)?.committee;
    if (committee === undefined) return "unknown";
    const key = certificateHash(certificate);
    const cached = this.#verified.get(key);
    if (cached !== undefined) return cached ? "valid" : "invalid";
    const context = { chainId: this.#chainId, genesisHash: this.genesisHash, epoch: certificate.epoch };
    const valid =
      certificate.kind === "committed" && verifyCertificate(certificate, committee, context, this.#suite).ok;
    this.#verified.set(key, valid);
    return valid ? "valid" : "invalid";
  }

  saveGenesis(batch: WriteBatch, genesis: Pick<ExecutedBlock, "block" | "hybrid">): void {
    this.#meta.initialise(batch, genesis.block.hash);
    this.#fast.saveEpoch(
      batch,
      0,
      encodeEpochRecord({ firstBlock: genesis.block.header.number + 1, committee: genesis.hybrid.committee }),
    );
    this.save(batch, { ...genesis, executed: [] }, null);
  }

  /** Adds a block to its batch; `appended` must follow once the batch is written. */
  save(batch: WriteBatch, { block, executed, hybrid }: ExecutedBlock, certificate: Certificate | null): void {
    const { number } = block.header;
    this.#fast.save(batch, {
      number,
      hash: block.hash,
      envelope: encodeFastBlock(block),
      outcomes: encodeExecuted(executed),
      transactionHashes: block.transactions.map(({ hash }) => hash),
      hybridState: encodeHybridState(hybrid),
      supply: encodeRlp(supplyItem(hybrid.supply)),
    });
    if (certificate !== null) this.saveCertificate(batch, number, certificate);
    this.#saveHandover(batch, number, block.requests);
    this.#restarts.save(batch, number);
    this.#meta.saveFastHead(batch, number);
  }

  #saveHandover(batch: WriteBatch, number: number, { handover }: FastOutline["requests"]): void {
    if (handover === null) return;
    this.#fast.saveEpoch(batch, handover.epoch, encodeEpochRecord({ firstBlock: number + 1, committee: handover }));
  }

  appended({ block, executed, hybrid }: ExecutedBlock): void {
    this.#head = this.#restarted(hybrid);
    this.#states.set(block.header.number, hybrid);
    this.#blocks.set(block.header.number, { block, executed });
  }
}
