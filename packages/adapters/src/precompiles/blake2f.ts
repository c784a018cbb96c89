// The compression function of BLAKE2b with any number of rounds (EIP-152), in WebAssembly.
import { blake2Wasm } from "../generated/blake2Kernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import type { Computation, Compute } from "./computation.ts";

interface Blake2Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  statePointer(): number;
  stateBytes(): number;
  begin(isLast: number): void;
  mix(firstSchedule: number, count: number): void;
  end(): void;
}

const INPUT_BYTES = 213;
const ROUNDS_BYTES = 4;
const OUTPUT_BYTES = 64;
/** Some half of a millisecond; a multiple of the schedules, so that each piece begins with the first. */
const PIECE_ROUNDS = 20_000;

/** The kernel is loaded with the first call. */
export function createBlake2f(): Compute {
  let kernel: Blake2Exports | null = null;
  return (input) => {
    const isLast = input[INPUT_BYTES - 1];
    if (input.length !== INPUT_BYTES || (isLast !== 0 && isLast !== 1)) return null;
    kernel ??= loadKernel(blake2Wasm) as unknown as Blake2Exports;
    const state = new Uint8Array(kernel.memory.buffer, kernel.statePointer(), kernel.stateBytes());
    return compress(kernel, state, input, isLast);
  };
}

function* compress(kernel: Blake2Exports, state: Uint8Array, input: Uint8Array, isLast: number): Computation {
  let rounds = new DataView(input.buffer, input.byteOffset).getUint32(0);
  state.set(input.subarray(ROUNDS_BYTES, INPUT_BYTES - 1));
  kernel.begin(isLast);
  for (; rounds > PIECE_ROUNDS; rounds -= PIECE_ROUNDS) {
    kernel.mix(0, PIECE_ROUNDS);
    // Others may use the kernel meanwhile.
    const kept = state.slice();
    yield;
    state.set(kept);
  }
  kernel.mix(0, rounds);
  kernel.end();
  return state.slice(0, OUTPUT_BYTES);
}
