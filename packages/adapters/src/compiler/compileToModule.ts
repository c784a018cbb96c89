import { performance } from "node:perf_hooks";
import { type CompileAnswer, type CompilerInput, compileCode, enterFunctions, HOT_BOUNDS } from "@festina/tvm";

/** Compiles one code within the bounds for hot ones. What it throws means that the compiler is wrong about this code. */
export function compileToModule(code: Uint8Array, input: CompilerInput): CompileAnswer {
  const beganMs = performance.now();
  const compiled = compileCode(code, input, HOT_BOUNDS);
  const elapsedMs = (): number => performance.now() - beganMs;
  if (!compiled.ok) return { kind: "refused", reason: compiled.error.code, ms: elapsedMs() };
  const { module: bytes, functions } = compiled.value;
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  enterFunctions({ module, functions });
  return { kind: "compiled", module, functions, moduleBytes: bytes.length, ms: elapsedMs() };
}
