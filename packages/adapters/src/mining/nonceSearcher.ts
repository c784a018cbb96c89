import { Worker } from "node:worker_threads";
import type { PowEngineName } from "@festina/chainspec";
import { type Hash32, OperationError } from "@festina/primitives";
import type { MiningWork } from "@festina/snailchain";
import type { TruehashBands } from "../pow/truehashBands.ts";
import type { FromMiningWorker, MiningWorkerData, ToMiningWorker } from "./miningMessages.ts";
import { createSearchPace } from "./searchPace.ts";

export interface NonceSearcherOptions {
  readonly engine: PowEngineName;
  /** For engines with data sets: the one that a work names, which is ready. */
  readonly bandsOf?: (powKey: Hash32) => TruehashBands;
  /** 1..64 */
  readonly threads: number;
  /** The share of a core that each thread may take, above 0 and up to 1. */
  readonly cpuShare: number;
  readonly onFound: (workId: number, nonce: bigint) => void;
  /** A thread died; the others go on. */
  readonly onFailed: (error: OperationError) => void;
}

export interface NonceSearcher {
  /** Replaces what is searched for; takes effect within a batch (20 ms). */
  start(work: MiningWork): void;
  stop(): void;
  /** Hashes per second over the last second or so, all threads; 0 while stopped. */
  hashRate(): number;
  close(): Promise<void>;
}

const THREADS_MAX = 64;
const NONCES = 1n << 64n;

/** Worker threads that search nonces. @throws RangeError for options out of range */
export function createNonceSearcher(options: NonceSearcherOptions): NonceSearcher {
  const { threads, cpuShare } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    throw new RangeError(`1 to ${THREADS_MAX} threads, not ${threads}`);
  }
  createSearchPace(cpuShare);
  const workerData: MiningWorkerData = { engine: options.engine, cpuShare };
  const rates = new Array<number>(threads).fill(0);
  let isClosing = false;
  let isRunning = false;
  let sentKey: Hash32 | null = null;

  const workers = rates.map((_, index) => {
    const worker = new Worker(new URL("./miningWorker.js", import.meta.url), { workerData });
    worker.unref();
    worker.on("message", (message: FromMiningWorker) => {
      if (message.kind === "progress") rates[index] = (message.hashes * 1_000) / message.periodMs;
      else if (isRunning && !isClosing) options.onFound(message.workId, message.nonce);
    });
    worker.on("error", (cause) => {
      rates[index] = 0;
      if (!isClosing)
        options.onFailed(new OperationError("MINING_THREAD_FAILED", `mining thread ${index} died`, cause));
    });
    return worker;
  });
  const tell = (index: number, message: ToMiningWorker): void => workers[index]?.postMessage(message);

  return {
    start(work) {
      isRunning = true;
      if (options.bandsOf !== undefined && work.powKey !== sentKey) {
        sentKey = work.powKey;
        const bands = options.bandsOf(work.powKey);
        workers.forEach((_, index) => {
          tell(index, { kind: "dataSet", powKey: work.powKey, bands });
        });
      }
      const share = NONCES / BigInt(threads);
      workers.forEach((_, index) => {
        const startNonce = BigInt.asUintN(64, work.startNonce + share * BigInt(index));
        tell(index, { kind: "start", work: { ...work, startNonce } });
      });
    },
    stop() {
      isRunning = false;
      rates.fill(0);
      workers.forEach((_, index) => {
        tell(index, { kind: "stop" });
      });
    },
    hashRate: () => rates.reduce((sum, rate) => sum + rate, 0),
    async close() {
      isClosing = true;
      isRunning = false;
      rates.fill(0);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
