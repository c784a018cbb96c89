// Old states are left behind, so that a node's disk grows with its state and not with its history.
import { type Clock, pause } from "@festina/primitives";
import { type NodeTable, StateCopy } from "@festina/state";
import { type KeyValueStore, MetaStore } from "@festina/storage";
import type { Log } from "../log.ts";
import type { CommittedChain } from "./committedChain.ts";

export interface StatePrunerOptions {
  readonly nodes: NodeTable;
  readonly committed: CommittedChain;
  readonly store: KeyValueStore;
  /** Runs a task while nothing else touches the chain. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
  /** States of at least so many newest blocks stay; `null`: all of them. */
  readonly keep: number | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFatal: (error: unknown) => void;
}

/** A day of blocks a second, which is many days of an idle chain; what questions about the past are mostly about. */
export const STATES_KEPT = 90_000;
/** Between looks at how far the chain is. */
const IDLE_MS = 1_000;
/** Between slices of work: blocks come first. */
const REST_MS = 10;
/** Some 2 ms of reading each. */
const SLICE_NODES = 256;
/** Longer than any question about an old state is let run. */
const READERS_MS = 20_000;

export class StatePruner {
  readonly #options: StatePrunerOptions;
  readonly #meta: MetaStore;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: StatePrunerOptions) {
    this.#options = options;
    this.#meta = new MetaStore(options.store);
  }

  /** Lowest block whose state is to be had; a node that began by snapshot lacks those before that block as well. */
  get statesFrom(): number {
    return this.#meta.statesFrom();
  }

  start(): void {
    const { keep, nodes, onFatal } = this.#options;
    // What was begun by another configuration is finished as far as nothing more gets lost by it.
    if (keep === null && !nodes.isClearing) return;
    this.#running = this.#run().catch(onFatal);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { keep, nodes, committed, exclusively } = this.#options;
    while (!this.#isStopped) {
      if (nodes.isClearing) await this.#clear();
      if (keep === null) return;
      const { number } = committed.head.header;
      if (nodes.since === undefined && !nodes.isClearing)
        await exclusively(() => nodes.beginGeneration(committed.head.header.number));
      else if (nodes.since !== undefined && number >= nodes.since + keep) await this.#leave(nodes.since);
      await this.#pause(IDLE_MS);
    }
  }

  /** Copies what is in the oldest state that is to stay, and then leaves all before it. */
  async #leave(number: number): Promise<void> {
    const { nodes, committed, store, clock, log } = this.#options;
    const root = committed.hybridState(number)?.header.stateRoot;
    if (root === undefined) return;
    const beganMs = clock.nowMs();
    const copy = new StateCopy(nodes, root);
    for (let batch = copy.next(SLICE_NODES); batch !== null; batch = copy.next(SLICE_NODES)) {
      await store.write(batch.operations);
      await pause(clock, REST_MS);
      if (this.#isStopped) return;
    }
    await nodes.leaveElder();
    const { seen, copied } = copy;
    log.info("statesLeft", { below: number, nodes: seen, copied, ms: Math.round(clock.nowMs() - beganMs) });
    await this.#pause(READERS_MS);
    nodes.endElder();
  }

  async #clear(): Promise<void> {
    const { nodes, clock, log } = this.#options;
    while (!this.#isStopped) {
      if (await nodes.clearElder(SLICE_NODES)) {
        log.info("statesCleared", {});
        return;
      }
      await pause(clock, REST_MS);
    }
  }

  /** A stop is not kept waiting. */
  async #pause(ms: number): Promise<void> {
    const { clock } = this.#options;
    for (let waitedMs = 0; waitedMs < ms && !this.#isStopped; waitedMs += IDLE_MS / 4) await pause(clock, IDLE_MS / 4);
  }
}
