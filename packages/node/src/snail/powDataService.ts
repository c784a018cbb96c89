import { type Clock, concatBytes, type Hash32, hexToBytes, pause } from "@festina/primitives";
import type { PowEngine, SnailChain } from "@festina/snailchain";
import type { PowDataSetMaker } from "../adaptersPort.ts";
import type { Log } from "../log.ts";

export interface PowDataServiceOptions {
  readonly engine: PowEngine;
  readonly maker: PowDataSetMaker;
  readonly chain: Pick<SnailChain, "head" | "powKeyAt" | "powSample">;
  readonly epochBlocks: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The engine has it now. */
  readonly onReady: (powKey: Hash32) => void;
}

/** Beyond these, what waits for others stays pending until it asks again. */
const WANTED_MAX = 4;
/** Hashes read from the store at a time, so that other work goes on between. */
const HASHES_PER_TURN = 256;
const RETRY_MS = 5_000;

/**
 * Sees to it that the data sets are there: for the next block, for the next epoch as soon as its sample is complete,
 * and for what waits to be judged. One at a time.
 */
export class PowDataService {
  readonly #options: PowDataServiceOptions;
  readonly #wanted = new Set<Hash32>();
  #isBusy = false;
  #isStopped = false;

  constructor(options: PowDataServiceOptions) {
    this.#options = options;
  }

  /** Whether something is being made. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** After start, and when the best chain has another tip. */
  onHead(): void {
    const { chain, epochBlocks } = this.#options;
    const next = chain.head().number + 1;
    for (const number of [next, next + epochBlocks]) {
      const powKey = chain.powKeyAt(number);
      if (powKey !== undefined) this.want(powKey);
    }
  }

  want(powKey: Hash32): void {
    if (this.#isStopped || this.#options.engine.dataSets?.isReady(powKey) !== false) return;
    if (this.#wanted.size >= WANTED_MAX || this.#wanted.has(powKey)) return;
    this.#wanted.add(powKey);
    if (!this.#isBusy) void this.#work();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wanted.clear();
    await this.#options.maker.close();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (const powKey of this.#wanted) {
      try {
        await this.#provide(powKey);
      } catch (error) {
        if (this.#isStopped) break;
        this.#options.log.error("powDataSetFailed", { powKey, message: String(error) });
        await pause(this.#options.clock, RETRY_MS);
      }
      this.#wanted.delete(powKey);
    }
    this.#isBusy = false;
    // Where making failed the next block still needs it.
    if (!this.#isStopped) this.onHead();
  }

  async #provide(powKey: Hash32): Promise<void> {
    const { maker, clock, log, onReady } = this.#options;
    const beganMs = clock.nowMs();
    const isKept = await maker.load(powKey);
    if (!isKept) {
      const sample = await this.readSample(powKey);
      if (sample.length === 0) return;
      log.info("powDataSetMaking", { powKey, hashes: sample.length / 32 });
      await maker.make(powKey, sample, (share) => log.debug("powDataSetProgress", { powKey, share }));
    }
    if (this.#isStopped) return;
    log.info("powDataSetReady", { powKey, isKept, ms: Math.round(clock.nowMs() - beganMs) });
    onReady(powKey);
  }

  /** Oldest first; empty when the chain does not have it any more. */
  async readSample(powKey: Hash32): Promise<Uint8Array> {
    const hashes: Uint8Array[] = [];
    for (const hash of this.#options.chain.powSample(powKey)) {
      hashes.push(hexToBytes(hash));
      if (hashes.length % HASHES_PER_TURN === 0) await pause(this.#options.clock, 0);
      if (this.#isStopped) return new Uint8Array();
    }
    return concatBytes(...hashes.reverse());
  }
}
