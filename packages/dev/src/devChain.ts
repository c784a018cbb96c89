import { type ChainSpec, DEV_VALIDATOR } from "@festina/chainspec";
import { createNode, type FestinaNode, type NodeAdapters, type NodeConfig } from "@festina/node";
import { type Address, assert, type Clock, fail, type Hash32, hexToBytes, ok, type Result } from "@festina/primitives";
import type { DevelopmentAccount, DevelopmentGate, MiningModes, NodeEvent, RpcBackend } from "@festina/rpc";
import type { Disk, KeyValueStore } from "@festina/storage";
import type { AccountChange } from "@festina/types";
import { BlockOrders } from "./blockOrders.ts";
import { decodeDump, encodeDump } from "./devDump.ts";
import { DevTime } from "./devTime.ts";
import { Impersonation } from "./impersonation.ts";
import { Inclusion } from "./inclusion.ts";
import { IntervalMining } from "./intervalMining.ts";
import { createDevOwner, knownRegistry } from "./knownValidator.ts";
import { createLivingBackend } from "./livingBackend.ts";
import { UndoStore } from "./undoStore.ts";

/** The world of a development chain; each of its nodes gets a new disk for what its key has signed. */
export interface DevAdapters extends Omit<NodeAdapters, "transport" | "disk"> {
  readonly store: KeyValueStore;
  readonly createDisk: () => Disk;
  /** 32 random bytes. */
  readonly createId: () => Hash32;
  /** Resolves when what callers have sent by now has been read. */
  readonly nextTurn: () => Promise<void>;
}

export interface DevChainSettings {
  readonly spec: ChainSpec;
  readonly accounts: readonly DevelopmentAccount[];
  readonly modes: MiningModes;
  /** Takes transactions in everybody's name from the start. */
  readonly isImpersonatingAll?: boolean;
  /** Whether blocks may be in one second, as elsewhere on this chain. */
  readonly sharesSeconds?: boolean;
  /** Unix milliseconds at which the chain's clock begins; the machine's where absent. */
  readonly startMs?: number;
}

interface Snapshot {
  readonly id: number;
  readonly number: number;
  readonly hash: Hash32;
  readonly nowMs: number;
}

/** A developer's queue may be long: nobody else is in it. */
const POOL_LIMITS = { transactionsMax: 100_000, gappedMax: 50_000, perSenderMax: 50_000, perPayerMax: 50_000 };
const SNAPSHOTS_MAX = 10_000;

const NODE_CONFIG: NodeConfig = {
  chainSpecFile: "",
  dataDir: null,
  rpc: null,
  network: null,
  validator: null,
  miner: null,
  developmentAccounts: 0,
  log: { level: "silent" },
};

/**
 * A chain with one seat whose developer may do anything to it. It is run by an ordinary node; going back, beginning anew and
 * going on from a dump are the end of that node and the beginning of another one on what the store then holds.
 */
export class DevChain implements DevelopmentGate {
  readonly #adapters: DevAdapters;
  readonly #settings: DevChainSettings;
  readonly #store: UndoStore;
  readonly #time: DevTime;
  readonly #orders: BlockOrders;
  readonly #inclusion: Inclusion;
  readonly #impersonation: Impersonation;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  #spec: ChainSpec;
  #node: FestinaNode | null = null;
  readonly #interval: IntervalMining;
  #snapshots: Snapshot[] = [];
  #snapshotSerial = 0;
  #instanceId: Hash32;
  /** Control methods that change the chain wait for each other. */
  #tail: Promise<unknown> = Promise.resolve();
  /** Sends wait while one node ends and the next begins. */
  #alive: Promise<void> = Promise.resolve();
  #giveUp: (reason: unknown) => void = () => undefined;
  /** Resolves with the reason when a node has had to give up. */
  readonly failed: Promise<unknown>;

  constructor(settings: DevChainSettings, adapters: DevAdapters) {
    this.#settings = settings;
    this.#spec = settings.spec;
    this.#impersonation = new Impersonation(settings.isImpersonatingAll ?? false);
    this.#adapters = adapters;
    this.#store = new UndoStore(adapters.store);
    this.#time = new DevTime(adapters.nowMs, settings.sharesSeconds ?? false);
    const { nextTurn } = adapters;
    this.#orders = new BlockOrders({ time: this.#time, nextTurn, wake: () => this.#node?.refreshWork() });
    this.#inclusion = new Inclusion(adapters.clock);
    this.#interval = new IntervalMining(adapters.clock, () => this.#exclusively(() => this.#order({})));
    this.#instanceId = adapters.createId();
    this.failed = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
  }

  /** @throws OperationError as `createNode` does */
  async start(): Promise<void> {
    if (this.#settings.startMs !== undefined) this.#time.set(this.#settings.startMs);
    this.#applyModes(this.#settings.modes);
    await this.#live();
    const headMs = this.#headSeconds() * 1000;
    if (this.nowMs() < headMs) this.#time.set(headMs);
  }

  async stop(): Promise<void> {
    this.#interval.set(0);
    await this.#exclusively(() => this.#die());
    await this.#store.end();
  }

  get clock(): Clock {
    return this.#adapters.clock;
  }

  get spec(): ChainSpec {
    return this.#spec;
  }

  /** What an RPC server is made with. It stays while nodes come and go. */
  createBackend(): RpcBackend {
    return createLivingBackend(() => this.#current.backend, {
      development: this,
      developmentAccounts: this.#settings.accounts,
      pool: {
        submit: (encoded, signedBy) => this.#submit(encoded, signedBy),
        byHash: (hash) => this.#current.backend.pool.byHash(hash),
        nextNonce: (address) => this.#current.backend.pool.nextNonce(address),
        content: () => this.#current.backend.pool.content(),
      },
      events: {
        subscribe: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
    });
  }

  get #current(): FestinaNode {
    assert(this.#node !== null, "the chain was started");
    return this.#node;
  }

  async #live(): Promise<void> {
    const { nowMs: _machine, createDisk, createId: _id, nextTurn: _turn, ...adapters } = this.#adapters;
    const registrySlots = knownRegistry(this.#spec);
    const node = await createNode(
      {
        spec: this.#spec,
        ...(registrySlots === null ? {} : { registrySlots }),
        config: NODE_CONFIG,
        developmentAccounts: [],
        validator: {
          signingKey: hexToBytes(DEV_VALIDATOR.signingKey),
          owner: createDevOwner(),
        },
        policy: this.#orders,
        poolLimits: POOL_LIMITS,
      },
      { ...adapters, transport: null, disk: createDisk(), store: this.#store, nowMs: () => this.nowMs() },
    );
    this.#node = node;
    this.#orders.begin(this.#headBlock().hash);
    node.backend.events.subscribe((event) => this.#onEvent(event));
    node.failed.then((reason) => this.#giveUp(reason));
    node.refreshWork();
  }

  async #die(): Promise<void> {
    await this.#current.stop();
    this.#inclusion.endAll();
  }

  /** Another node on a store that `change` makes different meanwhile. */
  #reborn(change: () => Promise<void>): Promise<void> {
    const reborn = (async (): Promise<void> => {
      await this.#die();
      await change();
      await this.#live();
    })();
    this.#alive = reborn.catch(() => undefined);
    reborn.catch((error: unknown) => this.#giveUp(error));
    return reborn;
  }

  #onEvent(event: NodeEvent): void {
    if (event.kind === "block") {
      this.#orders.onCommitted(event.record.block);
      this.#inclusion.onBlock(event.record, this.#current.backend.pool);
    }
    for (const listener of this.#listeners) listener(event);
  }

  async #submit(encoded: Uint8Array, signedBy?: Address): ReturnType<RpcBackend["pool"]["submit"]> {
    await this.#alive;
    const { backend } = this.#current;
    return this.#orders.isAutomatic
      ? this.#inclusion.submit(backend, encoded, signedBy)
      : backend.pool.submit(encoded, signedBy);
  }

  #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  #headSeconds(): number {
    return this.#headBlock().header.timestamp;
  }

  #headBlock() {
    const { chain } = this.#current.backend;
    const record = chain.blockByNumber(chain.head());
    assert(record !== undefined, "the newest block is kept");
    return record.block;
  }

  #order(wish: Parameters<BlockOrders["order"]>[0]): Promise<void> {
    const done = this.#orders.order(wish);
    this.#current.refreshWork();
    return done;
  }

  #applyModes({ isAutomatic, intervalMs }: MiningModes): void {
    this.#orders.isAutomatic = isAutomatic;
    this.setMiningInterval(intervalMs);
  }

  get modes(): MiningModes {
    return { isAutomatic: this.#orders.isAutomatic, intervalMs: this.#interval.periodMs };
  }

  setAutomatic(isAutomatic: boolean): void {
    this.#orders.isAutomatic = isAutomatic;
    if (!isAutomatic) this.#inclusion.endAll();
    this.#current.refreshWork();
  }

  setMiningInterval(intervalMs: number): void {
    this.#interval.set(intervalMs);
  }

  mine(blocks: number, { intervalMs }: { readonly intervalMs?: number }): Promise<void> {
    return this.#exclusively(async () => {
      for (let made = 0; made < blocks; made++)
        await this.#order(made === 0 || intervalMs === undefined ? {} : { intervalMs });
    });
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  get offsetMs(): number {
    return this.#time.offsetMs;
  }

  shiftTime(byMs: number): void {
    // Blocks that follow each other quickly are ahead of the clock.
    const headMs = this.#headSeconds() * 1000;
    this.#time.set(Math.max(Math.max(this.nowMs(), headMs) + byMs, headMs));
  }

  setNextTime(timeMs: number): Result<void, "TIME_NOT_LATER"> {
    const { timestamp } = this.#headBlock().header;
    if (timeMs <= timestamp * 1000)
      return fail("TIME_NOT_LATER", `timestamp ${timeMs / 1000} is not later than the newest block's, ${timestamp}`);
    this.#time.setNext(timeMs);
    return ok(undefined);
  }

  setTimeStep(stepMs: number | null): void {
    this.#time.stepMs = stepMs;
  }

  setNextBaseFee(baseFeePerGasWei: bigint): void {
    this.#orders.nextBaseFeeWei = baseFeePerGasWei;
  }

  setCoinbase(coinbase: Address): void {
    this.#orders.coinbase = coinbase;
  }

  change(accounts: readonly AccountChange[]): Promise<void> {
    return this.#exclusively(() => this.#order({ accounts }));
  }

  impersonate(address: Address): void {
    this.#impersonation.add(address);
  }

  stopImpersonating(address: Address): boolean {
    return this.#impersonation.delete(address);
  }

  impersonateAll(isOn: boolean): void {
    this.#impersonation.isOfAll = isOn;
  }

  isImpersonated(address: Address): boolean {
    return this.#impersonation.has(address) && !this.#isUnlocked(address);
  }

  /** Its own key signs better than a claim. */
  #isUnlocked(address: Address): boolean {
    return this.#settings.accounts.some((account) => account.address === address);
  }

  dropTransaction(hash: Hash32): boolean {
    return this.#current.dropTransaction(hash);
  }

  dropAllTransactions(): void {
    for (const { hash } of this.#current.backend.pool.content()) this.#current.dropTransaction(hash);
  }

  get snapshots(): readonly Snapshot[] {
    return this.#snapshots;
  }

  snapshot(): number {
    if (this.#snapshots.length >= SNAPSHOTS_MAX) {
      this.#snapshots.shift();
      this.#store.forgetOldest();
    }
    this.#store.snapshot();
    const id = ++this.#snapshotSerial;
    const { header, hash } = this.#headBlock();
    this.#snapshots.push({ id, number: header.number, hash, nowMs: this.nowMs() });
    return id;
  }

  revert(id: number): Promise<boolean> {
    return this.#exclusively(async () => {
      const index = this.#snapshots.findIndex((snapshot) => snapshot.id === id);
      const snapshot = this.#snapshots[index];
      if (snapshot === undefined) return false;
      const depth = this.#store.depth - (this.#snapshots.length - index);
      this.#snapshots.length = index;
      await this.#reborn(() => this.#store.revert(depth));
      this.#time.clear();
      this.#time.set(snapshot.nowMs);
      return true;
    });
  }

  reset(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#reborn(() => this.#restart(this.#settings.spec, []));
      this.#orders.coinbase = null;
      this.#orders.nextBaseFeeWei = null;
      this.#impersonation.clear();
      this.#time.offsetMs = 0;
      if (this.#settings.startMs !== undefined) this.#time.set(this.#settings.startMs);
      this.#applyModes(this.#settings.modes);
    });
  }

  async #restart(spec: ChainSpec, content: Parameters<UndoStore["replace"]>[0]): Promise<void> {
    await this.#store.replace(content);
    this.#spec = spec;
    this.#snapshots.length = 0;
    this.#instanceId = this.#adapters.createId();
    this.#time.clear();
  }

  get instanceId(): Hash32 {
    return this.#instanceId;
  }

  dump(): Promise<string> {
    return this.#exclusively(async () =>
      encodeDump({ spec: this.#spec, nowMs: Math.floor(this.nowMs()), content: await this.#store.content() }),
    );
  }

  load(text: string): Promise<Result<void, "DUMP_INVALID">> {
    return this.#exclusively(async () => {
      const dump = decodeDump(text);
      if (!dump.ok) return dump;
      const { spec, content, nowMs } = dump.value;
      await this.#reborn(() => this.#restart(spec, content));
      this.#time.set(Math.max(nowMs, this.#headSeconds() * 1000));
      return ok(undefined);
    });
  }
}
