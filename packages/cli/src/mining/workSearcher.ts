import { createPow, type NonceSearcher, type Pow } from "@festina/adapters";
import { POW_ENGINES, type PowEngineName } from "@festina/chainspec";
import { type Hash32, OperationError } from "@festina/primitives";
import type { FedWork } from "./workFeed.ts";

export interface WorkSearcherOptions {
  readonly threads: number;
  readonly cpuShare: number;
  /** A nonce that wins something, and the work that it is of. */
  readonly onFound: (work: FedWork, nonce: bigint) => void;
  readonly onFailed: (error: Error) => void;
  /** What a data set is made from; empty when the node does not know it. */
  readonly fetchSample: (powKey: Hash32) => Promise<Uint8Array>;
}

/** Replaced works whose finds still count: what is on its way from a thread when new work comes. */
const WORKS_KEPT = 16;

function isEngineName(name: string): name is PowEngineName {
  return (POW_ENGINES as readonly string[]).includes(name);
}

/** Searches the newest work with the engine it names, and makes the data set that it needs first. */
export class WorkSearcher {
  readonly #options: WorkSearcherOptions;
  readonly #works = new Map<number, FedWork>();
  readonly #startNonce = BigInt(Math.floor(Math.random() * 2 ** 32)) << 32n;
  #serial = 0;
  #engine: { readonly name: string; readonly pow: Pow; readonly searcher: NonceSearcher } | null = null;
  #making: Hash32 | null = null;
  #isSearching = false;

  constructor(options: WorkSearcherOptions) {
    this.#options = options;
  }

  get state(): "searching" | "making the data set" | "waiting for work" {
    if (this.#isSearching) return "searching";
    return this.#making === null ? "waiting for work" : "making the data set";
  }

  /** @throws OperationError POW_ENGINE_UNKNOWN */
  start(work: FedWork): void {
    const { pow, searcher } = this.#useEngine(work.powEngine);
    const workId = ++this.#serial;
    this.#works.set(workId, work);
    this.#works.delete(workId - WORKS_KEPT);
    if (pow.engine.dataSets?.isReady(work.powKey) === false) {
      searcher.stop();
      this.#isSearching = false;
      this.#provide(pow, work).catch(this.#options.onFailed);
      return;
    }
    this.#isSearching = true;
    const { sealHash, powKey, blockTarget, fruitTarget } = work;
    const targets = { blockTarget: BigInt(blockTarget), fruitTarget: BigInt(fruitTarget) };
    searcher.start({ workId, sealHash, powKey, ...targets, startNonce: this.#startNonce });
  }

  stop(): void {
    this.#serial++;
    this.#isSearching = false;
    this.#engine?.searcher.stop();
  }

  hashRate(): number {
    return this.#engine?.searcher.hashRate() ?? 0;
  }

  async close(): Promise<void> {
    await this.#engine?.searcher.close();
    await this.#engine?.pow.dataSets?.close();
  }

  #useEngine(name: string): { readonly pow: Pow; readonly searcher: NonceSearcher } {
    if (this.#engine?.name === name) return this.#engine;
    if (!isEngineName(name) || this.#engine !== null)
      throw new OperationError("POW_ENGINE_UNKNOWN", `this program does not search with ${name.slice(0, 32)} now`);
    const { threads, cpuShare, onFound, onFailed } = this.#options;
    const pow = createPow(name, { folder: null });
    const searcher = pow.createSearcher({
      threads,
      cpuShare,
      onFound: (workId, nonce) => {
        const work = this.#works.get(workId);
        if (work !== undefined) onFound(work, nonce);
      },
      onFailed,
    });
    this.#engine = { name, pow, searcher };
    return this.#engine;
  }

  /** One at a time; the newest work at its end is the one that is begun. */
  async #provide(pow: Pow, work: FedWork): Promise<void> {
    if (this.#making !== null) return;
    this.#making = work.powKey;
    try {
      const sample = await this.#options.fetchSample(work.powKey);
      if (sample.length > 0) await pow.dataSets?.make(work.powKey, sample, () => undefined);
    } finally {
      this.#making = null;
    }
    const newest = this.#works.get(this.#serial);
    if (newest !== undefined && pow.engine.dataSets?.isReady(newest.powKey) === true) this.start(newest);
  }
}
