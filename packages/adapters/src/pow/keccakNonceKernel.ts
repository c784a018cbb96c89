import { bytesToBigint, type Hash32, hexToBytes } from "@festina/primitives";
import { keccakPowWasm } from "../generated/keccakPowKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";
import type { NonceKernel } from "../mining/nonceSearch.ts";

interface KeccakPowExports extends Omit<NonceKernel, "setSeal"> {
  setSeal(lane0: bigint, lane1: bigint, lane2: bigint, lane3: bigint): void;
}

/** The search for `keccakPowEngine`, in WebAssembly. */
export function createKeccakNonceKernel(): NonceKernel {
  const kernel = loadKernel(keccakPowWasm) as unknown as KeccakPowExports;
  return { ...kernel, setSeal: (sealHash) => kernel.setSeal(...sealLanes(sealHash)) };
}

/** Eight bytes each, little-endian, as the permutation reads them. */
function sealLanes(sealHash: Hash32): readonly [bigint, bigint, bigint, bigint] {
  const bytes = hexToBytes(sealHash);
  const lane = (at: number): bigint => bytesToBigint(bytes.slice(at, at + 8).reverse());
  return [lane(0), lane(8), lane(16), lane(24)];
}
