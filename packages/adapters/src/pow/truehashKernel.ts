import { type Hash32, hexToBytes } from "@festina/primitives";
import { truehashWasm } from "../generated/truehashKernel.ts";
import { truehashSimdWasm } from "../generated/truehashSimdKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import type { NonceKernel } from "../mining/nonceSearch.ts";
import type { TruehashBands } from "./truehashBands.ts";

interface TruehashExports extends Omit<NonceKernel, "setSeal"> {
  readonly memory: { readonly buffer: ArrayBuffer };
  createBands(count: number): number;
  sealPointer(): number;
  resultPointer(): number;
  compute(nonce: bigint): void;
}

/** TrueHash over one data set, in WebAssembly. */
export interface TruehashKernel {
  /** 32 bytes. */
  compute(sealHash: Hash32, nonce: bigint): Uint8Array;
  readonly search: NonceKernel;
}

/** Asked once: whether this machine runs 128-bit instructions in WebAssembly. */
const HAS_SIMD = WebAssembly.validate(Buffer.from(truehashSimdWasm, "base64"));

const RESULT_BYTES = 32;

/** `simd`: which of the two kernels; the results are the same. */
export function createTruehashKernel({ distances, masks }: TruehashBands, simd = HAS_SIMD): TruehashKernel {
  const kernel = loadKernel(simd ? truehashSimdWasm : truehashWasm) as unknown as TruehashExports;
  const distancesAt = kernel.createBands(distances.length);
  const masksAt = (distancesAt + distances.byteLength + 15) & ~15;
  // Memory has its final size now, so this view stays good.
  const memory = new Uint8Array(kernel.memory.buffer);
  memory.set(new Uint8Array(distances.buffer, distances.byteOffset, distances.byteLength), distancesAt);
  memory.set(masks, masksAt);
  const sealAt = kernel.sealPointer();
  const resultAt = kernel.resultPointer();
  const setSeal = (sealHash: Hash32): void => memory.set(hexToBytes(sealHash), sealAt);
  return {
    compute: (sealHash, nonce) => {
      setSeal(sealHash);
      kernel.compute(nonce);
      return memory.slice(resultAt, resultAt + RESULT_BYTES);
    },
    search: {
      setSeal,
      setTargets: (...targets) => kernel.setTargets(...targets),
      search: (start, count) => kernel.search(start, count),
    },
  };
}
