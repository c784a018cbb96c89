import type { ChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import {
  decodeExecuted,
  decodeHybridState,
  type ExecutedBlock,
  type ExecutedTransaction,
  encodeExecuted,
  encodeHybridState,
  findRestart,
  type HybridState,
  hybridTimeMs,
  readSupply,
  restartCommittee,
  restartedState,
  type Supply,
  supplyItem,
  verifyCertificate,
} from "@festina/fastchain";
import { assert, encodeRlp, type Hash32, LruMap, OperationError, type Result, readRlp } from "@festina/primitives";
import {
  FastBlockStore,
  type KeyValueStore,
  MetaStore,
  STORAGE_FORMAT_VERSION,
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
} from "@festina/types";
import { decodeEpochRecord, type EpochRecord, encodeEpochRecord } from "./epochRecord.ts";

export interface StoredBlock {
  readonly block: FastBlock;
  readonly executed: readonly ExecutedTransaction[];
}

const STATES_CACHED = 2_048;
const BLOCKS_CACHED = 512;
const CERTIFICATES_CACHED = 4_096;
/** How far above a block its finalising certificate is looked for; consensus never lets the tail grow so long. */
const TAIL_BLOCKS_MAX = 512;

function must<T>(result: Result<T>, what: string): T {
  assert(result.ok, `stored ${what} is damaged`);
  return result.value;
}

/** The COMMITTED fast chain as it lies on disk, read through small caches. It only ever grows. */
export class CommittedChain {
  readonly #fast: FastBlockStore;
  readonly #meta: MetaStore;
  readonly #suite: SignatureSuite;
  readonly #spec: Pick<ChainSpec, "chainId" | "restarts">;
  readonly #states = new LruMap<number, HybridState>(STATES_CACHED);
  readonly #blocks = new LruMap<number, StoredBlock>(BLOCKS_CACHED);
  readonly #verified = new LruMap<Hash32, boolean>(CERTIFICATES_CACHED);
  #head: HybridState | null = null;

  constructor(store: KeyValueStore, suite: SignatureSuite, spec: Pick<ChainSpec, "chainId" | "restarts">) {
    this.#fast = new FastBlockStore(store);
    this.#meta = new MetaStore(store);
    this.#suite = suite;
    this.#spec = spec;
  }

  /** False for a folder that no network was made in yet. @throws OperationError DATA_FORMAT */
  load(): boolean {
    const number = this.#meta.fastHead();
    if (number === undefined) return false;
    if (this.#meta.formatVersion() !== STORAGE_FORMAT_VERSION)
      throw new OperationError("DATA_FORMAT", "the data folder is of another version; start with --fresh");
    this.#head = this.hybridState(number) ?? null;
    assert(this.#head !== null, "the head of the stored chain is missing");
    return true;
  }

  get head(): HybridState {
    assert(this.#head !== null, "the chain is loaded");
    return this.#head;
  }

  get genesisHash(): Hash32 {
    const hash = this.#meta.genesisHash();
    assert(hash !== undefined, "the chain is loaded");
    return hash;
  }

  /** The state on which a child of the block stands; where the chain spec restarts the committee, with that one. */
  hybridState(number: number): HybridState | undefined {
    if (this.#head?.header.number === number) return this.#head;
    const recorded = this.recordedState(number);
    return recorded === undefined ? undefined : restartedState(recorded, this.#spec);
  }

  /** Whether the chain spec seats a committee of its own after this block. */
  isRestartBase(number: number): boolean {
    const isNamed = this.#spec.restarts.some(({ blockNumber }) => blockNumber === number);
    const hash = isNamed ? this.hashOf(number) : undefined;
    return hash !== undefined && findRestart(this.#spec, hash) !== undefined;
  }

  /** The state as the block left it. */
  recordedState(number: number): HybridState | undefined {
    const cached = this.#states.get(number);
    if (cached !== undefined) return cached;
    const bytes = this.#fast.hybridState(number);
    if (bytes === undefined) return undefined;
    const state = must(decodeHybridState(bytes), `hybrid state ${number}`);
    this.#states.set(number, state);
    return state;
  }

  hashOf(number: number): Hash32 | undefined {
    return this.hybridState(number)?.hash;
  }

  timeMsOf(number: number): number | undefined {
    const state = this.hybridState(number);
    return state === undefined ? undefined : hybridTimeMs(state);
  }

  block(number: number): StoredBlock | undefined {
    const cached = this.#blocks.get(number);
    if (cached !== undefined) return cached;
    const envelope = this.#fast.envelope(number);
    const outcomes = this.#fast.outcomes(number);
    if (envelope === undefined || outcomes === undefined) return undefined;
    const stored = {
      block: must(decodeFastBlock(envelope), `block ${number}`),
      executed: must(decodeExecuted(outcomes), `outcomes of block ${number}`),
    };
    this.#blocks.set(number, stored);
    return stored;
  }

  envelope(number: number): Uint8Array | undefined {
    return this.#fast.envelope(number);
  }

  numberOf(hash: Hash32): number | undefined {
    return this.#fast.numberOf(hash);
  }

  locationOf(transaction: Hash32): TransactionLocation | undefined {
    return this.#fast.locationOf(transaction);
  }

  supply(number: number): Supply | undefined {
    const bytes = this.#fast.supply(number);
    return bytes === undefined ? undefined : must(readRlp(bytes, "supply", readSupply), `supply ${number}`);
  }

  epoch(epoch: number): EpochRecord | undefined {
    const restart = this.#spec.restarts.find((entry) => entry.epoch === epoch);
    if (restart !== undefined) {
      const isHere = this.isRestartBase(restart.blockNumber);
      return isHere ? { firstBlock: restart.blockNumber + 1, committee: restartCommittee(restart) } : undefined;
    }
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

  /** The newest block at or below `number` that has a certificate of its own; 0 is the genesis, which needs none. */
  newestCertified(number = this.head.header.number): number {
    for (let at = Math.min(number, this.head.header.number); at > 0; at--)
      if (this.#fast.certificate(at) !== undefined) return at;
    return 0;
  }

  /** `unknown` while the epoch's committee is not known here. Verified once per certificate. */
  verifyCommitted(certificate: Certificate): "valid" | "invalid" | "unknown" {
    const committee = this.epoch(certificate.epoch)?.committee;
    if (committee === undefined) return "unknown";
    const key = certificateHash(certificate);
    const cached = this.#verified.get(key);
    if (cached !== undefined) return cached ? "valid" : "invalid";
    const context = { chainId: this.#spec.chainId, genesisHash: this.genesisHash, epoch: certificate.epoch };
    const valid =
      certificate.kind === "committed" && verifyCertificate(certificate, committee, context, this.#suite).ok;
    this.#verified.set(key, valid);
    return valid ? "valid" : "invalid";
  }

  saveGenesis(batch: WriteBatch, genesis: Pick<ExecutedBlock, "block" | "hybrid">): void {
    this.#meta.initialise(batch, genesis.block.hash);
    this.#fast.saveEpoch(batch, 0, encodeEpochRecord({ firstBlock: 1, committee: genesis.hybrid.committee }));
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
    if (certificate !== null) this.#fast.saveCertificate(batch, number, encodeCertificate(certificate));
    const { handover } = block.requests;
    if (handover !== null) {
      this.#fast.saveEpoch(batch, handover.epoch, encodeEpochRecord({ firstBlock: number + 1, committee: handover }));
    }
    this.#meta.saveFastHead(batch, number);
  }

  appended({ block, executed, hybrid }: ExecutedBlock): void {
    this.#head = restartedState(hybrid, this.#spec);
    this.#states.set(block.header.number, hybrid);
    this.#blocks.set(block.header.number, { block, executed });
  }
}
