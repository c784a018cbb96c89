import type { Hash32 } from "@festina/primitives";
import type { MiningWork } from "@festina/snailchain";

/** Searches nonces of one work after the other, in batches, on the thread that calls it. */
export interface NonceSearch {
  /** From now on this work, starting at its `startNonce`. */
  begin(work: MiningWork): void;
  /** Tries up to `count` nonces (at most 2^31 - 1) and stops behind the first that wins; `null` when none does. */
  run(count: number): bigint | null;
  /** Nonces tried since this search was created. */
  readonly hashes: number;
  /** So many take about a tenth of a millisecond, or are one. */
  readonly noncesPerLook: number;
}

/** Tries nonces one after the other; often a WebAssembly kernel. */
export interface NonceKernel {
  setSeal(sealHash: Hash32): void;
  /** Highest winning halves, each as two words of 64 bits. */
  setTargets(blockTop: bigint, blockRest: bigint, fruitTop: bigint, fruitRest: bigint): void;
  /** How far from `start` the first winner among `count` nonces lies, or -1. */
  search(start: bigint, count: number): number;
}

const WORD = 64n;

/** A search with the kernel that a work's `powKey` asks for. */
export function createNonceSearch(kernelFor: (powKey: Hash32) => NonceKernel, noncesPerLook: number): NonceSearch {
  let kernel: NonceKernel | null = null;
  let next = 0n;
  let hashes = 0;
  return {
    noncesPerLook,
    begin({ sealHash, powKey, blockTarget, fruitTarget, startNonce }) {
      kernel = kernelFor(powKey);
      kernel.setSeal(sealHash);
      kernel.setTargets(blockTarget >> WORD, blockTarget, fruitTarget >> WORD, fruitTarget);
      next = startNonce;
    },
    run(count) {
      const offset = kernel?.search(next, count) ?? -1;
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
