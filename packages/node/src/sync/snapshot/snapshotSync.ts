// A node's beginning by snapshot: snail headers by work, the fast chain by its outlines, one block's state in chunks. What it
// believes at each step is bound to what it believed before; who sends it matters for nothing but speed.
import { VALIDATOR_REGISTRY } from "@festina/contracts";
import type { HashFunction } from "@festina/crypto";
import { type HybridState, readCandidates, toBlockContext } from "@festina/fastchain";
import { assert, type Hash32, hexToBytes, pause } from "@festina/primitives";
import type { StateArchive, StateStore } from "@festina/state";
import { MetaStore, WriteBatch } from "@festina/storage";
import { SYSTEM_CALLER } from "@festina/tvm";
import { encodeRange } from "../payloads.ts";
import { decodeFinishedBlocks } from "../statePayloads.ts";
import { checkFinishedBlock } from "./finishedBlocks.ts";
import { type FollowerOptions, fetchOutlines } from "./followerOptions.ts";
import { OutlineChain } from "./outlineChain.ts";
import { PeerCircle } from "./peerCircle.ts";
import { beginLaying, lastFreeze, layState } from "./settleState.ts";
import { SkeletonFetcher } from "./skeletonFetcher.ts";
import { StateFetcher } from "./stateFetcher.ts";
import { initialTasks, type StateTask } from "./statePlan.ts";
import { SyncProgress } from "./syncProgress.ts";
import { loadTasks, saveTasks } from "./taskRecord.ts";

export interface SnapshotSyncOptions extends FollowerOptions {
  readonly states: StateStore;
  readonly archive: StateArchive;
  readonly keccak: HashFunction;
}

/** Below this many blocks executing them is as quick. */
const BLOCKS_MIN = 64;
/** After the first peer, for others that may be further. */
const SETTLE_MS = 500;
const SPANS_OF_STATE = 16;

export class SnapshotSync {
  readonly #options: SnapshotSyncOptions;
  readonly #meta: MetaStore;
  readonly circle: PeerCircle;
  readonly progress: SyncProgress;
  #isStopped = false;

  constructor(options: SnapshotSyncOptions) {
    this.#options = options;
    this.#meta = new MetaStore(options.store);
    this.circle = new PeerCircle(options);
    this.progress = new SyncProgress(options.log, options.clock, () => this.circle.highest);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when the node has a state to go on from, `settled`, or when it is better off replaying. */
  async run(): Promise<"settled" | "unneeded"> {
    const isStopped = (): boolean => this.#isStopped;
    while (!isStopped()) {
      if (this.#meta.laying() !== undefined) {
        await this.#lay();
        return "settled";
      }
      if (this.#meta.statePivot() === undefined && !(await this.#choosePivot())) return "unneeded";
      if (await this.#fetchState()) await this.#prepare();
      else await this.#dropPivot();
    }
    return "unneeded";
  }

  readonly #stopped = (): boolean => this.#isStopped;

  /** Follows the chain as far as peers have it; its end is the block whose state is fetched. */
  async #choosePivot(): Promise<boolean> {
    const { circle, progress } = this;
    progress.enter("headers");
    await circle.awaitPeers(this.#stopped);
    await pause(this.#options.clock, SETTLE_MS);
    const { committed, store, spec, environment, clock } = this.#options;
    const signing = { chainId: spec.chainId, genesisHash: committed.genesisHash };
    const outlines = new OutlineChain({ spec, committed, store, environment, signing, clock });
    if (circle.highest < committed.head.header.number + BLOCKS_MIN && this.#meta.outlineHead() === undefined)
      return false;
    const fetcher = new SkeletonFetcher({
      ...{ ...this.#options, circle, isStopped: this.#stopped },
      onHeaders: (count) => progress.report(count, count),
    });
    const anchors = await fetcher.run();
    progress.enter("blocks", outlines.head.header.number);
    while (!this.#isStopped && outlines.head.header.number < circle.highest) {
      const taken = await fetchOutlines(circle, outlines, anchors, this.#stopped);
      if (taken === null) break;
      progress.report(outlines.head.header.number, circle.highest);
    }
    const { number } = outlines.head.header;
    if (number < BLOCKS_MIN) return false;
    const batch = new WriteBatch();
    saveTasks(batch, initialTasks(), []);
    this.#meta.saveStatePivot(batch, number);
    await store.write(batch.operations);
    return true;
  }

  get #pivot(): HybridState {
    const number = this.#meta.statePivot();
    const state = number === undefined ? undefined : this.#options.committed.recordedState(number);
    assert(state !== undefined, "the block whose state is fetched is known");
    return state;
  }

  async #fetchState(): Promise<boolean> {
    const { header } = this.#pivot;
    const tasks = await loadTasks(this.#options.store);
    const kept = tasks.filter((task) => task.kind !== "accounts" || task.index < SPANS_OF_STATE);
    this.#options.log.info("stateFetching", { number: header.number, root: header.stateRoot, tasks: kept.length });
    return this.#fetch(header.stateRoot, kept);
  }

  async #fetch(root: Hash32, tasks: readonly StateTask[]): Promise<boolean> {
    const { network, archive, store, clock } = this.#options;
    const { circle, progress } = this;
    if (tasks.length === 0) return true;
    await circle.awaitPeers(this.#stopped);
    const fetcher = new StateFetcher({
      ...{ network: network(), archive, store, clock, root, tasks, peers: circle.peers },
      blame: (peer, why) => circle.blame(peer, why, "state"),
    });
    circle.listen((peer, isHere) => fetcher.onPeer(peer, isHere));
    progress.enter("state");
    progress.follow(() => ({ done: fetcher.accounts, share: fetcher.share }));
    try {
      return (await fetcher.run()) === "done";
    } finally {
      progress.follow(null);
      circle.listen(null);
    }
  }

  /** Nobody gives this state any more: what follows the chain finds a newer one. Storages and codes are kept. */
  async #dropPivot(): Promise<void> {
    const { store, log } = this.#options;
    log.warn("statePivotMoved", { number: this.#pivot.header.number });
    const batch = new WriteBatch();
    const accounts = (await loadTasks(store)).filter(({ kind }) => kind === "accounts");
    saveTasks(batch, [], accounts);
    this.#meta.saveStatePivot(batch, null);
    await store.write(batch.operations);
  }

  /** The registry's entries at the last freeze, and the block itself: then nothing more is needed from others. */
  async #prepare(): Promise<void> {
    const { committed } = this.#options;
    const pivot = this.#pivot;
    const freeze = lastFreeze(pivot, (number) => committed.recordedState(number));
    const candidates = freeze === null ? [] : await this.#candidatesAfter(freeze);
    if (candidates === null) return this.#dropPivot();
    await this.#fetchBody(pivot);
    await beginLaying(this.#options, { ...pivot, candidates });
  }

  async #candidatesAfter(number: number): Promise<HybridState["candidates"] | null> {
    const { committed, keccak, states, spec, environment } = this.#options;
    const frozen = committed.recordedState(number);
    assert(frozen !== undefined, "a followed block is stored");
    const { header } = frozen;
    const asked = [VALIDATOR_REGISTRY, SYSTEM_CALLER, header.coinbase].map((address) => keccak(hexToBytes(address)));
    const tasks = asked.map(
      (key, index): StateTask => ({ kind: "accounts", index: SPANS_OF_STATE + index, from: key, to: key }),
    );
    if (!(await this.#fetch(header.stateRoot, tasks))) return null;
    const view = states.openAt(header.stateRoot);
    assert(view !== undefined, "the registry's branch of the state was fetched");
    const ancestry = {
      hashOf: (at: number) => committed.hashOf(at),
      timeMsOf: (at: number) => committed.timeMsOf(at),
    };
    return readCandidates(view, toBlockContext(header, spec, ancestry), environment.engine, environment.suite);
  }

  async #fetchBody({ header, hash }: HybridState): Promise<void> {
    const { committed, environment, store } = this.#options;
    const payload = encodeRange({ from: header.number, count: 1 });
    const checked = await this.circle.ask(
      "getFinishedBlocks",
      payload,
      async (bytes) => {
        const blocks = decodeFinishedBlocks(bytes, 1);
        const [finished] = blocks.ok ? blocks.value : [];
        if (finished === undefined) return { kind: "forged", message: "no block" };
        const block = checkFinishedBlock(finished, hash, environment.recover);
        return block.ok ? { kind: "taken", value: block.value } : { kind: "forged", message: block.error.message };
      },
      this.#stopped,
    );
    if (checked === null) return;
    const batch = new WriteBatch();
    committed.saveBody(batch, checked.block, checked.executed);
    await store.write(batch.operations);
  }

  async #lay(): Promise<void> {
    const { log } = this.#options;
    this.progress.enter("tables");
    const { header, hash } = await layState(this.#options, (accounts) => this.progress.report(accounts, null));
    this.progress.leave();
    log.info("stateSettled", { number: header.number, hash, stateRoot: header.stateRoot });
  }
}
