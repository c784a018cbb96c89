// Proof of work without work, for networks that nobody attacks at this point: whoever draws a find makes the nonce say what it wins.
import type { PowEngine, PowWins } from "@festina/snailchain";

const HALF_BYTES = 16;
const BLOCK_BIT = 1;
const FRUIT_BIT = 2;

function resultFor(wins: number): Uint8Array {
  const result = new Uint8Array(2 * HALF_BYTES).fill(0xff);
  if (wins & BLOCK_BIT) result.fill(0, 0, HALF_BYTES);
  if (wins & FRUIT_BIT) result.fill(0, HALF_BYTES);
  return result;
}

const RESULTS: readonly Uint8Array[] = [0, BLOCK_BIT, FRUIT_BIT, BLOCK_BIT | FRUIT_BIT].map(resultFor);
const WINS_MASK = BigInt(RESULTS.length - 1);
const LOSING = resultFor(0);

export const drawnPow: PowEngine = {
  name: "drawn",
  compute: (_sealHash, nonce) => RESULTS[Number(nonce & WINS_MASK)] ?? LOSING,
};

/** The `count`-th nonce that wins this. */
export function drawnNonce(count: number, wins: PowWins): bigint {
  return (BigInt(count) << 2n) | BigInt((wins.block ? BLOCK_BIT : 0) | (wins.fruit ? FRUIT_BIT : 0));
}
