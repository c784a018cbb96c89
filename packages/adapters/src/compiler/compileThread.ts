import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import type { CompileAnswer, CompilePort, CompilerInput } from "@festina/tvm";
import type { CompileWorkerData, FromCompileWorker, ToCompileWorker } from "./compileMessages.ts";

export interface CompileThreadOptions {
  readonly input: CompilerInput;
  /** One code may take so long; then the thread is ended. Includes the thread's start. */
  readonly timeoutMs?: number;
  /** The thread ends when it had nothing to do for so long. */
  readonly idleMs?: number;
  /** Of JavaScript's heap; the last resort, since the bounds on code and modules hold it far below. */
  readonly heapMbMax?: number;
  /** The thread's module, for tests. */
  readonly worker?: URL;
}

export interface CompileThread extends CompilePort {
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const IDLE_MS = 10_000;
const HEAP_MB_MAX = 256;
/** A pause as long as the job before it: compiling takes half a core at most. */
const REST_PER_WORK = 1;
const REST_MS_MAX = 1_000;

interface Job {
  readonly id: number;
  readonly answer: (answer: CompileAnswer) => void;
  readonly beganMs: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Compiles in a worker thread, which lives while there is work, so that no contract keeps the caller's thread busy. A
 * thread that takes too long, or more memory than it is given, is ended, and its code refused.
 */
export function createCompileThread(options: CompileThreadOptions): CompileThread {
  const { input, timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS, heapMbMax = HEAP_MB_MAX } = options;
  const file = options.worker ?? new URL("./compileWorker.js", import.meta.url);
  let worker: Worker | null = null;
  let job: Job | null = null;
  let jobs = 0;
  let idle: NodeJS.Timeout | null = null;
  let isClosed = false;

  const end = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };

  const finish = (answer: CompileAnswer): void => {
    if (job === null) return;
    const { answer: tell, timer } = job;
    clearTimeout(timer);
    job = null;
    idle = setTimeout(() => void end(), idleMs).unref();
    if (isClosed) return;
    setTimeout(() => tell(answer), Math.min(REST_MS_MAX, REST_PER_WORK * answer.ms)).unref();
  };

  const refuse = (reason: "TOO_SLOW" | "COMPILER_FAILED"): void => {
    if (job === null) return;
    void end();
    finish({ kind: "refused", reason, ms: performance.now() - job.beganMs });
  };

  const begin = (): Worker => {
    const workerData: CompileWorkerData = { input };
    const begun = new Worker(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMbMax } });
    begun.unref();
    begun.on("message", ({ jobId, answer }: FromCompileWorker) => {
      if (jobId === job?.id) finish(answer);
    });
    const onGone = (): void => {
      if (begun === worker) refuse("COMPILER_FAILED");
    };
    begun.on("error", onGone);
    begun.on("exit", onGone);
    return begun;
  };

  return {
    compile(code, answer) {
      if (isClosed) return;
      if (idle !== null) clearTimeout(idle);
      worker ??= begin();
      const id = ++jobs;
      job = { id, answer, beganMs: performance.now(), timer: setTimeout(() => refuse("TOO_SLOW"), timeoutMs).unref() };
      const message: ToCompileWorker = { jobId: id, code };
      worker.postMessage(message);
    },
    async close() {
      isClosed = true;
      if (idle !== null) clearTimeout(idle);
      await end();
      finish({ kind: "refused", reason: "COMPILER_FAILED", ms: 0 });
      if (idle !== null) clearTimeout(idle);
    },
  };
}
