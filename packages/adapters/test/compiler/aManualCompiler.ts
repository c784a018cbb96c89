import type { CompileAnswer, CompilePort } from "@festina/tvm";
import { compileToModule, kernelInput } from "../../src/index.ts";

export interface ManualCompiler extends CompilePort {
  readonly waiting: number;
  /** Answers what was asked for first. */
  finish(answer?: CompileAnswer): void;
}

/** Compiles in the thread of the test, when the test says so. */
export function aManualCompiler(): ManualCompiler {
  const input = kernelInput();
  const jobs: { readonly code: Uint8Array; readonly answer: (answer: CompileAnswer) => void }[] = [];
  return {
    get waiting() {
      return jobs.length;
    },
    compile: (code, answer) => void jobs.push({ code, answer }),
    finish(answer) {
      const job = jobs.shift();
      if (job === undefined) throw new Error("nothing waits for the compiler");
      job.answer(answer ?? compileToModule(job.code, input));
    },
  };
}

/** Modules that are not what the compiler makes: `body` stands for all of the code. */
export function aPlantedModule(codeBytes: number, ...body: readonly number[]): CompileAnswer {
  const bytes = Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // (func (param i32) (result i32)), exported as "run".
    ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[7, 7, 1, 3, 0x72, 0x75, 0x6e, 0, 0],
    ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 0x0b],
  );
  const module = new WebAssembly.Module(bytes);
  return { kind: "compiled", module, functions: new Uint32Array(codeBytes + 1), moduleBytes: bytes.length, ms: 1 };
}

/** `unreachable` */
export const BREAKS = [0x00];
/** `i32.const 0`: says that the code has stopped, and did nothing. */
export const STOPS_AT_ONCE = [0x41, 0x00];
