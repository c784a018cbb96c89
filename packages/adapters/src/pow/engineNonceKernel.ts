import { bytesToBigint, type Hash32, ZERO_HASH } from "@festina/primitives";
import type { PowEngine } from "@festina/snailchain";
import type { NonceKernel } from "../mining/nonceSearch.ts";

const HALF_BYTES = 16;
const WORD = 64n;

/** Tries nonces with the engine itself, for functions so costly that nothing else counts. */
export function createEngineNonceKernel(engine: PowEngine): NonceKernel {
  let seal = ZERO_HASH;
  let blockTarget = 0n;
  let fruitTarget = 0n;
  const target = (top: bigint, rest: bigint): bigint => (top << WORD) | BigInt.asUintN(64, rest);
  const wins = (nonce: bigint): boolean => {
    const result = engine.compute(seal, nonce, ZERO_HASH);
    return (
      bytesToBigint(result.subarray(0, HALF_BYTES)) <= blockTarget ||
      bytesToBigint(result.subarray(HALF_BYTES)) <= fruitTarget
    );
  };
  return {
    setSeal: (sealHash: Hash32) => {
      seal = sealHash;
    },
    setTargets: (blockTop, blockRest, fruitTop, fruitRest) => {
      blockTarget = target(blockTop, blockRest);
      fruitTarget = target(fruitTop, fruitRest);
    },
    search: (start, count) => {
      for (let i = 0; i < count; i++) if (wins(BigInt.asUintN(64, start + BigInt(i)))) return i;
      return -1;
    },
  };
}
