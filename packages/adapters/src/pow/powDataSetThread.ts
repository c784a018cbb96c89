import { Worker } from "node:worker_threads";
import { OperationError } from "@festina/primitives";
import type { FromPowDataSetWorker, PowDataSetWorkerData } from "./powDataSetMessages.ts";
import type { TruehashBands } from "./truehashBands.ts";

export interface MadeDataSet {
  readonly bands: TruehashBands;
  /** Why it could not be kept. */
  readonly notKept: string | null;
}

export interface PowDataSetThread {
  /** `null` when it is not kept and there is no sample. @throws OperationError when the thread dies or takes too long */
  readonly result: Promise<MadeDataSet | null>;
  end(): Promise<void>;
}

/** A hundred times what it takes. */
const TIMEOUT_MS = 60_000;

/** Makes one data set, or reads it from its file, in a worker thread that ends with it. */
export function startPowDataSetThread(
  workerData: PowDataSetWorkerData,
  onProgress: (share: number) => void,
): PowDataSetThread {
  const worker = new Worker(new URL("./powDataSetWorker.js", import.meta.url), { workerData });
  const fail = (cause: unknown): OperationError =>
    new OperationError("POW_DATA_SET_FAILED", "the thread that makes the data set ended", cause);
  const result = new Promise<MadeDataSet | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(fail(new Error(`nothing after ${TIMEOUT_MS} ms`)));
      void worker.terminate();
    }, TIMEOUT_MS).unref();
    worker.on("message", (message: FromPowDataSetWorker) => {
      if (message.kind === "progress") onProgress(message.share);
      else resolve(message.kind === "missing" ? null : message);
    });
    worker.on("error", (cause) => reject(fail(cause)));
    worker.on("exit", (code) => {
      clearTimeout(timer);
      reject(fail(new Error(`exit code ${code}`)));
    });
  });
  return { result, end: async () => void (await worker.terminate()) };
}
