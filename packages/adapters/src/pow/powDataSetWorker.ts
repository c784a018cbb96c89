// Runs in a thread of its own, once: a data set from its file or from its sample.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "@festina/primitives";
import { continuePowSample, deriveTruehashTable, type TruehashTable } from "@festina/snailchain";
import { readDataSet, writeDataSet } from "./powDataSetFile.ts";
import type { FromPowDataSetWorker, PowDataSetWorkerData } from "./powDataSetMessages.ts";
import { createTruehashBands } from "./truehashBands.ts";

const port = parentPort;
assert(port !== null, "the making worker runs in a worker thread");
// There, priorities are those of threads: whatever the node does goes first.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const { file, sample } = workerData as PowDataSetWorkerData;

const post = (message: FromPowDataSetWorker): void => port.postMessage(message);

const kept = file === null ? null : readDataSet(file);
if (kept !== null) finish(kept, null);
else if (sample === null) post({ kind: "missing" });
else {
  post({ kind: "progress", share: 0.1 });
  const seeds = continuePowSample(sample);
  post({ kind: "progress", share: 0.4 });
  const table = deriveTruehashTable(seeds);
  post({ kind: "progress", share: 0.6 });
  finish(table, file === null ? null : writeDataSet(file, table));
}

function finish(table: TruehashTable, notKept: string | null): void {
  post({ kind: "done", bands: createTruehashBands(table), notKept });
}
