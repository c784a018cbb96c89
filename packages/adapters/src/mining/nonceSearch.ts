import { bytesToBigint, type Hash32, hexToBytes } from "@festina/primitives";
import type { MiningWork } from "@festina/snailchain";
import { keccakPowWasm } from "../generated/keccakPowKernel.ts";
import { loadKernel } from "../kernels/loadKernel.ts";

/** Searches nonces of one work after the other, in batches, on the thread that calls it. */
export interface NonceSearch {
  /** From now on this work, starting at its `startNonce`. */
  begin(work: MiningWork): void;
  /** Tries up to `count` nonces (at most 2^31 - 1) and stops behind the first that wins; `null` when none does. */
  run(count: number): bigint | null;
  /** Nonces tried since this search was created. */
  readonly hashes: number;
}

/** A kernel that tries nonces one after the other. */
export interface NonceKernel {
  setSeal(sealHash: Hash32): void;
  /** Highest winning halves, each as two words of 64 bits. */
  setTargets(blockTop: bigint, blockRest: bigint, fruitTop: bigint, fruitRest: bigint): void;
  /** How far from `start` the first winner among `count` nonces lies, or -1. */
  search(start: bigint, count: number): number;
}

interface KeccakPowExports extends Omit<NonceKernel, "setSeal"> {
  setSeal(lane0: bigint, lane1: bigint, lane2: bigint, lane3: bigint): void;
}

const WORD = 64n;

/** The search for `keccakPowEngine`, in WebAssembly. */
export function createKeccakSearch(): NonceSearch {
  const kernel = loadKernel(keccakPowWasm) as unknown as KeccakPowExports;
  return createKernelSearch({ ...kernel, setSeal: (sealHash) => kernel.setSeal(...sealLanes(sealHash)) });
}

export function createKernelSearch(kernel: NonceKernel): NonceSearch {
  let next = 0n;
  let hashes = 0;
  return {
    begin({ sealHash, blockTarget, fruitTarget, startNonce }) {
      kernel.setSeal(sealHash);
      kernel.setTargets(blockTarget >> WORD, blockTarget, fruitTarget >> WORD, fruitTarget);
      next = startNonce;
    },
    run(count) {
      const offset = kernel.search(next, count);
      const tried = offset < 0 ? count : offset + 1;
      const found = offset < 0 ? null : BigInt.asUintN(64, next + BigInt(offset));
      next = BigInt.asUintN(64, next + BigInt(tried));
      hashes += tried;
      return found;
    },
    get hashes() {
      return hashes;
    },
  };
}

/** Eight bytes each, little-endian, as the permutation reads them. */
function sealLanes(sealHash: Hash32): readonly [bigint, bigint, bigint, bigint] {
  const bytes = hexToBytes(sealHash);
  const lane = (at: number): bigint => bytesToBigint(bytes.slice(at, at + 8).reverse());
  return [lane(0), lane(8), lane(16), lane(24)];
}
