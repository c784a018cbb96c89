// What passes between the node's thread and the compiler's: plain data and modules, which are shared, not copied.
import type { CompileAnswer, CompilerInput } from "@festina/tvm";

export interface CompileWorkerData {
  readonly input: CompilerInput;
}

export interface ToCompileWorker {
  readonly jobId: number;
  readonly code: Uint8Array;
}

export interface FromCompileWorker {
  readonly jobId: number;
  readonly answer: CompileAnswer;
}
