// Runs in a thread of its own: searches the newest work at the pace it was started with.
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "@festina/primitives";
import { createPowSearch } from "../pow/createPowSearch.ts";
import type { FromMiningWorker, MiningWorkerData, ToMiningWorker } from "./miningMessages.ts";
import { createSearchPace, RestBook, runBatch } from "./searchPace.ts";

const PROGRESS_MS = 1_000;

const port = parentPort;
assert(port !== null, "the mining worker runs in a worker thread");
const { engine, cpuShare } = workerData as MiningWorkerData;
const pace = createSearchPace(cpuShare);
const { search, addDataSet } = createPowSearch(engine);
const post = (message: FromMiningWorker): void => port.postMessage(message);

const rests = new RestBook();
let workId: number | null = null;
let isScheduled = false;
let reportedHashes = 0;
let reportedMs = performance.now();

port.on("message", (message: ToMiningWorker) => {
  if (message.kind === "stop") {
    workId = null;
    rests.forget();
    return;
  }
  if (message.kind === "dataSet") {
    addDataSet(message.powKey, message.bands);
    return;
  }
  workId = message.work.workId;
  search.begin(message.work);
  schedule(0);
});

function schedule(restMs: number): void {
  if (isScheduled) return;
  isScheduled = true;
  // Below a millisecond a timer would rest too long; an immediate still lets messages in.
  if (restMs < 1) setImmediate(cycle);
  else setTimeout(cycle, restMs);
}

function cycle(): void {
  isScheduled = false;
  if (workId === null) return;
  rests.end(performance.now());
  const { found, restMs } = runBatch(search, pace, () => performance.now());
  if (found !== null) post({ kind: "found", workId, nonce: found });
  const periodMs = performance.now() - reportedMs;
  if (periodMs >= PROGRESS_MS) {
    post({ kind: "progress", hashes: search.hashes - reportedHashes, periodMs });
    reportedHashes = search.hashes;
    reportedMs += periodMs;
  }
  schedule(rests.begin(restMs, performance.now()));
}
