import { bytesToBigint, hexToBytes } from "@festina/primitives";
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

interface KeccakPowExports {
  setSeal(lane0: bigint, lane1: bigint, lane2: bigint, lane3: bigint): void;
  setTargets(blockTop: bigint, blockRest: bigint, fruitTop: bigint, fruitRest: bigint): void;
  search(start: bigint, count: number): number;
}

const WORD = 64n;

/** The search for `keccakPowEngine`, in WebAssembly. */
export function createKeccakSearch(): NonceSearch {
  const kernel = loadKernel(keccakPowWasm) as unknown as KeccakPowExports;
  let next = 0n;
  let hashes = 0;
  return {
    begin({ sealHash, blockTarget, fruitTarget, startNonce }) {
      const [lane0, lane1, lane2, lane3] = sealLanes(sealHash);
      kernel.setSeal(lane0, lane1, lane2, lane3);
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
function sealLanes(sealHash: string): readonly [bigint, bigint, bigint, bigint] {
  const bytes = hexToBytes(sealHash);
  const lane = (at: number): bigint => bytesToBigint(bytes.slice(at, at + 8).reverse());
  return [lane(0), lane(8), lane(16), lane(24)];
}
