// WebAssembly compiles a function when it is first entered, in the thread that enters it, for all threads: whoever enters
// every function of a module elsewhere spares the thread that runs contracts from that.
import { FIELD } from "../interpreter/kernel.ts";
import { COMPILED_ENTRY } from "./compileCode.ts";
import { KERNEL_FUNCTION_NAMES, KERNEL_FUNCTIONS } from "./kernelLinks.ts";
import type { CompiledModule } from "./moduleLinks.ts";
import { TYPE } from "./wasm/operation.ts";

const FRAME = 0;
const FUNCTIONS = 1_024;
const PAGE_BYTES = 65_536;
/** Less than any code needs: every function ends where it begins. */
const NO_GAS = -1n;

/** A kernel of which nothing is used, because nobody gets so far. */
function createStandIn(memory: WebAssembly.Memory): Record<string, unknown> {
  const answerOf = (name: (typeof KERNEL_FUNCTION_NAMES)[number]): (() => unknown) => {
    const isLong = KERNEL_FUNCTIONS[name].gives.some((type) => type === TYPE.i64);
    return isLong ? () => NO_GAS : () => 0;
  };
  return { memory, ...Object.fromEntries(KERNEL_FUNCTION_NAMES.map((name) => [name, answerOf(name)])) };
}

export function enterFunctions({ module, functions }: CompiledModule): void {
  const pages = Math.ceil((FUNCTIONS + functions.byteLength) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages });
  const instance = new WebAssembly.Instance(module, { kernel: createStandIn(memory) });
  const enter = instance.exports[COMPILED_ENTRY] as (frame: number) => number;
  new Uint32Array(memory.buffer, FUNCTIONS, functions.length).set(functions);
  const frame = new DataView(memory.buffer, FRAME);
  frame.setUint32(FIELD.functions, FUNCTIONS, true);
  for (const [pc, entry] of functions.entries()) {
    if (entry === 0) continue;
    frame.setUint32(FIELD.pc, pc, true);
    frame.setBigInt64(FIELD.gas, NO_GAS, true);
    enter(FRAME);
  }
}
