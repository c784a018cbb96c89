import type { ChainSpec } from "@festina/chainspec";
import { genesisNumber } from "@festina/fastchain";
import { type Address, type Clock, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type {
  BlockAddition,
  DevelopmentAccount,
  DevelopmentGate,
  ForkWish,
  MiningModes,
  NodeEvent,
  RpcBackend,
} from "@festina/rpc";
import type { AccountChange } from "@festina/types";
import { BlockOrders } from "./blockOrders.ts";
import { encodeDump } from "./devDump.ts";
import { DevTime } from "./devTime.ts";
import type { Fork } from "./fork/forkPort.ts";
import { type Beginning, ForkHolder, type ForkSettings } from "./forkHolder.ts";
import { Impersonation } from "./impersonation.ts";
import { Inclusion } from "./inclusion.ts";
import { IntervalMining } from "./intervalMining.ts";
import { createLivingBackend, livingPool } from "./livingBackend.ts";
import { loadState } from "./loadState.ts";
import { NodeSuccession, type NodeWorld } from "./nodeSuccession.ts";
import { newestFirst } from "./removedBlocks.ts";
import { keepingPool, reorganise } from "./reorganise.ts";
import { type ReturnPoint, ReturnPoints } from "./returnPoints.ts";
import { UndoStore } from "./undoStore.ts";

/** The world of a development chain. */
export interface DevAdapters extends NodeWorld {
  /** 32 random bytes. */
  readonly createId: () => Hash32;
  /** Resolves when what callers have sent by now has been read. */
  readonly nextTurn: () => Promise<void>;
}

export interface DevChainSettings extends ForkSettings {
  readonly accounts: readonly DevelopmentAccount[];
  readonly modes: MiningModes;
  /** Takes transactions in everybody's name from the start. */
  readonly isImpersonatingAll?: boolean;
  /** Whether blocks may be in one second, as elsewhere on this chain. */
  readonly sharesSeconds?: boolean;
  /** Whether a send whose transaction fails in its block is answered with the failure. */
  readonly tellsFailures?: boolean;
  /** Unix milliseconds at which the chain's clock begins; the machine's where absent. */
  readonly startMs?: number;
}

/** How long blocks that were asked for at once keep others from being heard. */
const TURN_MS = 5;

/**
 * A chain with one seat whose developer may do anything to it. It is run by an ordinary node; going back, beginning anew and
 * going on from a dump are the end of that node and the beginning of another one on what the store then holds.
 */
export class DevChain implements DevelopmentGate {
  readonly #settings: DevChainSettings;
  readonly clock: Clock;
  readonly #createId: () => Hash32;
  readonly #nextTurn: () => Promise<void>;
  readonly #store: UndoStore;
  readonly #time: DevTime;
  readonly #orders: BlockOrders;
  readonly #inclusion: Inclusion;
  readonly #impersonation: Impersonation;
  readonly #interval: IntervalMining;
  readonly #points: ReturnPoints;
  readonly #nodes: NodeSuccession;
  /** When the chain began by its own clock, to which a reset goes back. */
  #beganMs = 0;
  #spec: ChainSpec;
  readonly #forks: ForkHolder;
  #instanceId: Hash32;
  /** Control methods that change the chain wait for each other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(settings: DevChainSettings, { createId, nextTurn, ...world }: DevAdapters) {
    this.#settings = settings;
    this.#spec = settings.spec;
    this.#forks = new ForkHolder(settings, world);
    this.clock = world.clock;
    this.#createId = createId;
    this.#nextTurn = nextTurn;
    this.#instanceId = createId();
    this.#impersonation = new Impersonation(settings.isImpersonatingAll ?? false);
    this.#store = new UndoStore(world.store);
    this.#points = new ReturnPoints(this.#store);
    this.#time = new DevTime(world.nowMs, settings.sharesSeconds ?? false);
    this.#orders = new BlockOrders({ time: this.#time, nextTurn, wake: () => this.#nodes.wake() });
    this.#inclusion = new Inclusion(world.clock, settings.tellsFailures ?? false);
    this.#interval = new IntervalMining(world.clock, () =>
      this.#exclusively(async () => {
        // What cannot be run is left out.
        await this.fork?.prepareBlock(this.#backend()).catch(() => undefined);
        await this.#order({});
      }),
    );
    this.#nodes = new NodeSuccession({ ...world, store: this.#store, nowMs: () => this.nowMs() }, this.#orders);
    this.#nodes.subscribe((event) => {
      if (event.kind !== "block") return;
      this.#points.reach(event.record.block, this.nowMs());
      this.#inclusion.onBlock(event.record, this.#nodes.current.backend.pool);
    });
  }

  /** @throws OperationError as `createNode` does */
  async start(): Promise<void> {
    this.#beginAnew(null);
    await this.#nodes.begin(this.#spec, this.fork);
    this.#points.reach(this.#nodes.head, this.nowMs());
    this.#time.reach(this.#headSeconds() * 1000);
    this.#beganMs = this.nowMs();
  }

  #beginAnew(beganMs: number | null): void {
    const forkedMs = this.fork === null ? null : this.#spec.genesisTimeSeconds * 1000;
    this.#time.begin(this.#settings.startMs ?? forkedMs ?? beganMs);
    this.#applyModes(this.#settings.modes);
  }

  async stop(): Promise<void> {
    this.#interval.set(0);
    await this.#exclusively(() => this.#nodes.end());
    this.#inclusion.endAll();
    await this.#store.end();
  }

  get spec(): ChainSpec {
    return this.#spec;
  }

  readonly #backend = (): RpcBackend => this.#nodes.current.backend;

  /** What an RPC server is made with. It stays while nodes come and go. */
  createBackend(): RpcBackend {
    return createLivingBackend(this.#backend, {
      development: this,
      developmentAccounts: this.#settings.accounts,
      coinbase: () => this.#orders.coinbase ?? this.#backend().coinbase(),
      pool: livingPool(this.#backend, (encoded, signedBy) => this.#submit(encoded, signedBy)),
      events: { subscribe: (listener: (event: NodeEvent) => void) => this.#nodes.subscribe(listener) },
    });
  }

  /** Resolves with the reason when a node has had to give up. */
  get failed(): Promise<unknown> {
    return this.#nodes.failed;
  }

  async #submit(encoded: Uint8Array, signedBy?: Address): ReturnType<RpcBackend["pool"]["submit"]> {
    await this.#nodes.alive;
    const { backend } = this.#nodes.current;
    await this.fork?.prepare(backend, encoded, signedBy);
    const terms = { isAutomatic: this.#orders.isAutomatic, drop: (hash: Hash32) => this.dropTransaction(hash) };
    return this.#inclusion.submit(backend, terms, encoded, signedBy);
  }

  #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  #headSeconds(): number {
    return this.#nodes.head.header.timestamp;
  }

  #order(wish: Parameters<BlockOrders["order"]>[0]): Promise<void> {
    const done = this.#orders.order(wish);
    this.#nodes.wake();
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
    this.#nodes.wake();
  }

  setMiningInterval(intervalMs: number): void {
    this.#interval.set(intervalMs);
  }

  mine(blocks: number, { intervalMs }: { readonly intervalMs?: number }): Promise<void> {
    return this.#exclusively(async () => {
      let turnMs = this.clock.nowMs();
      for (let made = 0; made < blocks; made++) {
        await this.fork?.prepareBlock(this.#backend());
        await this.#order(made === 0 || intervalMs === undefined ? {} : { intervalMs });
        // Nothing of a block in memory waits for the machine, so nobody else would be heard until the last one is made.
        if (this.clock.nowMs() - turnMs < TURN_MS) continue;
        await this.#nextTurn();
        turnMs = this.clock.nowMs();
      }
    });
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  get offsetMs(): number {
    return this.#time.offsetMs;
  }

  shiftTime(byMs: number): void {
    this.#time.shift(byMs, this.#headSeconds());
  }

  setNextTime(timeMs: number): Result<void, "TIME_NOT_LATER"> {
    return this.#time.setNext(timeMs, this.#headSeconds());
  }

  setTimeStep(stepMs: number | null): boolean {
    const hadStep = this.#time.stepMs !== null;
    this.#time.stepMs = stepMs;
    return hadStep;
  }

  setNextBaseFee(baseFeePerGasWei: bigint): void {
    this.#orders.nextBaseFeeWei = baseFeePerGasWei;
  }

  setCoinbase(coinbase: Address): void {
    this.#orders.coinbase = coinbase;
  }

  setNextPrevRandao(prevRandao: Hash32): void {
    this.#orders.nextPrevRandao = prevRandao;
  }

  setGasLimit(gasLimit: bigint): Promise<void> {
    return this.#exclusively(() => this.#order({ change: { gasLimit } }));
  }

  change(accounts: readonly AccountChange[]): Promise<void> {
    return this.#exclusively(() => this.#change(accounts));
  }

  async #change(accounts: readonly AccountChange[]): Promise<void> {
    await this.fork?.needAccounts(accounts.map(({ address }) => address));
    await this.#order({ change: { accounts } });
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
    // Its own key signs better than a claim.
    const isUnlocked = this.#settings.accounts.some((account) => account.address === address);
    return this.#impersonation.has(address) && !isUnlocked;
  }

  dropTransaction(hash: Hash32): boolean {
    return this.#nodes.current.dropTransaction(hash);
  }

  dropAllTransactions(): void {
    for (const { hash } of this.#nodes.current.backend.pool.content()) this.#nodes.current.dropTransaction(hash);
  }

  get snapshots(): ReturnPoints["snapshots"] {
    return this.#points.snapshots;
  }

  snapshot(): number {
    return this.#points.takeSnapshot(this.#nodes.head, this.nowMs());
  }

  revert(id: number): Promise<boolean> {
    return this.#exclusively(async () => {
      const point = this.#points.bySnapshot(id);
      if (point === undefined) return false;
      await this.#returnTo(point);
      this.#points.forget(point);
      this.#points.reach(this.#nodes.head, point.nowMs);
      return true;
    });
  }

  rollback(depth: number): Promise<Result<void, "ROLLBACK_TOO_DEEP">> {
    return this.#exclusively(() => keepingPool(this.#backend, () => this.#rollback(depth)));
  }

  reorganise(depth: number, additions: readonly BlockAddition[]): ReturnType<DevelopmentGate["reorganise"]> {
    return this.#exclusively(async () => {
      for (const { encoded, signedBy } of additions) await this.fork?.prepare(this.#backend(), encoded, signedBy);
      return keepingPool(this.#backend, async () => {
        const { isAutomatic } = this.#orders;
        this.#orders.isAutomatic = false;
        try {
          return await reorganise(depth, additions, {
            backend: this.#backend,
            rollback: () => this.#rollback(depth),
            mine: (intervalMs) => this.#order({ intervalMs }),
          });
        } finally {
          this.setAutomatic(isAutomatic);
        }
      });
    });
  }

  async #rollback(depth: number): Promise<Result<void, "ROLLBACK_TOO_DEEP">> {
    const number = this.#nodes.head.header.number - depth;
    const point = this.#points.newestAt(number);
    if (point !== undefined) return ok(await this.#returnTo(point));
    return fail("ROLLBACK_TOO_DEEP", `block ${number} is too long ago: no more than the newest blocks can be undone`);
  }

  async #returnTo(point: ReturnPoint): Promise<void> {
    await this.#follow(() => this.#points.returnTo(point), point.number);
    this.#time.clear();
    this.#time.set(point.nowMs);
  }

  get fork(): Fork | null {
    return this.#forks.current;
  }

  reset(wish: ForkWish | null): Promise<Result<void>> {
    return this.#exclusively(async () => {
      const planned = await this.#forks.plan(wish);
      if (!planned.ok) return planned;
      await this.#follow(() => this.#restart(planned.value, []), null);
      this.#orders.forgetChoices();
      this.#impersonation.clear();
      this.#beginAnew(this.#beganMs);
      this.#time.reach(this.#headSeconds() * 1000);
      return ok(undefined);
    });
  }

  /** Another node on a store that `change` makes different above a block, or altogether (`null`). No block is waited for then. */
  async #follow(change: () => Promise<void>, above: number | null): Promise<void> {
    const removed = newestFirst(this.#backend().chain, above ?? genesisNumber(this.#spec));
    await this.#nodes.follow(async () => {
      this.#inclusion.endAll();
      await change();
      return { spec: this.#spec, fork: this.fork };
    });
    this.#points.reach(this.#nodes.head, this.nowMs());
    const isAnew = above === null;
    this.#nodes.tell({ kind: "removed", above: above ?? genesisNumber(this.#spec), records: removed, isAnew });
  }

  async #restart({ spec, fork }: Beginning, content: Parameters<UndoStore["replace"]>[0]): Promise<void> {
    await this.#store.replace(content);
    this.#spec = spec;
    this.#forks.current = fork;
    this.#points.clear();
    this.#instanceId = this.#createId();
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

  load(text: string): ReturnType<DevelopmentGate["load"]> {
    return this.#exclusively(() =>
      loadState(text, {
        machineAccounts: () => new Set(Object.values(this.#nodes.current.backend.machineRules().systemContracts)),
        replace: async (beginning, { content, nowMs }) => {
          await this.#follow(() => this.#restart(beginning, content), null);
          this.#time.set(Math.max(nowMs, this.#headSeconds() * 1000));
        },
        change: (accounts) => this.#change(accounts),
        plan: (spec) => this.#forks.planLoad(spec),
        reach: (timeMs) => this.#time.reach(timeMs),
      }),
    );
  }
}
