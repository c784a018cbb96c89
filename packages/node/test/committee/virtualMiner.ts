import type { Clock, Timer } from "@festina/primitives";
import { keccakPowEngine, type MiningWork } from "@festina/snailchain";
import type { NonceSearch } from "../../src/snail/minerService.ts";

const ROUND_MS = 100;

/** Tries so many nonces per second of a clock that a test drives. */
export function createVirtualSearch(
  clock: Clock,
  hashesPerSecond: number,
  onFound: (workId: number, nonce: bigint) => void,
): NonceSearch {
  let work: MiningWork | null = null;
  let nonce = 0n;
  let timer: Timer | null = null;
  const half = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  const search = (): void => {
    timer = clock.setTimer(ROUND_MS, search);
    for (let tried = 0; tried < (hashesPerSecond * ROUND_MS) / 1000 && work !== null; tried++) {
      const { workId, sealHash, blockTarget, fruitTarget } = work;
      const result = keccakPowEngine.compute(sealHash, nonce);
      nonce += 1n;
      const wins = half(result.subarray(0, 16)) <= blockTarget || half(result.subarray(16)) <= fruitTarget;
      if (wins) onFound(workId, nonce - 1n);
    }
  };
  return {
    start: (next) => {
      work = next;
      nonce = next.startNonce;
      timer ??= clock.setTimer(ROUND_MS, search);
    },
    stop: () => {
      work = null;
    },
    hashRate: () => hashesPerSecond,
    close: async () => timer?.cancel(),
  };
}
