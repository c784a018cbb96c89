// Runs in a thread of its own: bytecode in, modules of WebAssembly out.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "@festina/primitives";
import type { CompileWorkerData, FromCompileWorker, ToCompileWorker } from "./compileMessages.ts";
import { compileToModule } from "./compileToModule.ts";

const port = parentPort;
assert(port !== null, "the compiling worker runs in a worker thread");
// There, priorities are those of threads: whatever the node does goes first.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const { input } = workerData as CompileWorkerData;

port.on("message", ({ jobId, code }: ToCompileWorker) => {
  const message: FromCompileWorker = { jobId, answer: compileToModule(code, input) };
  port.postMessage(message);
});
