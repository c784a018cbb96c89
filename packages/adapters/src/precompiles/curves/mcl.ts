// One curve in the library mcl: an instance of its WebAssembly module, which knows one curve at a time. It is set up
// by what setting it up left in memory when it was built: that takes less than a millisecond, and the other 10 to 40.
import { mclMemoryPages, mclSetUps, mclWasm } from "../../generated/mclKernel.ts";

export type CurveName = keyof typeof mclSetUps;

/** Bytes in the module's memory, the same for all curves; points have three coordinates. */
export const FP_BYTES = 48;
export const FP2_BYTES = 2 * FP_BYTES;
export const FR_BYTES = 32;
export const G1_BYTES = 3 * FP_BYTES;
export const G2_BYTES = 3 * FP2_BYTES;
export const GT_BYTES = 12 * FP_BYTES;

/** Places are addresses in memory; the result's comes first. Questions are answered by 0 for no. */
export interface MclExports {
  readonly __wasm_call_ctors: () => void;
  readonly malloc: (bytes: number) => number;
  readonly free: (at: number) => void;
  readonly mclBn_verifyOrderG1: (checks: number) => void;
  readonly mclBn_verifyOrderG2: (checks: number) => void;
  readonly mclBn_setMapToMode: (mode: number) => number;
  readonly mclBnFp_setInt32: (x: number, value: number) => void;
  readonly mclBnFp_setBigEndianMod: (x: number, bytes: number, length: number) => number;
  readonly mclBnFp_serialize: (bytes: number, room: number, x: number) => number;
  readonly mclBnFp_sqr: (y: number, x: number) => void;
  readonly mclBnFp_mul: (z: number, x: number, y: number) => void;
  readonly mclBnFp_add: (z: number, x: number, y: number) => void;
  readonly mclBnFp_neg: (y: number, x: number) => void;
  /** 0 where there is a root. */
  readonly mclBnFp_squareRoot: (y: number, x: number) => number;
  readonly mclBnFp_mapToG1: (point: number, x: number) => number;
  readonly mclBnFp2_mul: (z: number, x: number, y: number) => void;
  readonly mclBnFp2_mapToG2: (point: number, x: number) => number;
  readonly mclBnFr_setBigEndianMod: (x: number, bytes: number, length: number) => number;
  readonly mclBnFr_div: (z: number, x: number, y: number) => void;
  readonly mclBnFr_isEqual: (x: number, y: number) => number;
  readonly mclBnG1_clear: (point: number) => void;
  readonly mclBnG1_getBasePoint: (point: number) => void;
  readonly mclBnG1_isZero: (point: number) => number;
  readonly mclBnG1_isValid: (point: number) => number;
  readonly mclBnG1_isValidOrder: (point: number) => number;
  readonly mclBnG1_normalize: (to: number, from: number) => void;
  readonly mclBnG1_add: (z: number, x: number, y: number) => void;
  readonly mclBnG1_sub: (z: number, x: number, y: number) => void;
  readonly mclBnG1_mul: (z: number, x: number, scalar: number) => void;
  readonly mclBnG1_mulVec: (z: number, points: number, scalars: number, count: number) => void;
  readonly mclBnG2_clear: (point: number) => void;
  readonly mclBnG2_isEqual: (x: number, y: number) => number;
  readonly mclBnG2_isZero: (point: number) => number;
  readonly mclBnG2_isValid: (point: number) => number;
  readonly mclBnG2_isValidOrder: (point: number) => number;
  readonly mclBnG2_normalize: (to: number, from: number) => void;
  readonly mclBnG2_dbl: (to: number, from: number) => void;
  readonly mclBnG2_add: (z: number, x: number, y: number) => void;
  readonly mclBnG2_mulVec: (z: number, points: number, scalars: number, count: number) => void;
  readonly mclBnGT_setInt32: (z: number, value: number) => void;
  readonly mclBnGT_isOne: (x: number) => number;
  readonly mclBnGT_mul: (z: number, x: number, y: number) => void;
  readonly mclBn_millerLoopVec: (z: number, g1Points: number, g2Points: number, count: number) => void;
  readonly mclBn_finalExp: (y: number, x: number) => void;
}

export interface Mcl {
  readonly calls: MclExports;
  /** Memory grows, and is another array then. */
  bytes(): Uint8Array;
}

let compiled: WebAssembly.Module | null = null;

export function createMcl(curve: CurveName): Mcl {
  compiled ??= new WebAssembly.Module(Buffer.from(mclWasm, "base64"));
  const memory = new WebAssembly.Memory({ initial: mclMemoryPages });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const calls = exports as unknown as MclExports;
  calls.__wasm_call_ctors();
  let bytes = new Uint8Array(memory.buffer);
  for (const [at, state] of mclSetUps[curve]) bytes.set(Buffer.from(state, "base64"), at);
  // Whoever reads a point says whether its order matters.
  calls.mclBn_verifyOrderG1(0);
  calls.mclBn_verifyOrderG2(0);
  return {
    calls,
    bytes() {
      if (bytes.length === 0) bytes = new Uint8Array(memory.buffer);
      return bytes;
    },
  };
}
