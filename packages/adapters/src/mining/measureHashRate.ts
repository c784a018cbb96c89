import { performance } from "node:perf_hooks";
import { ZERO_HASH } from "@festina/primitives";
import { createKeccakSearch } from "./nonceSearch.ts";

const NONCES_PER_LOOK = 4_096;

/** Hashes per second of one thread with a whole core; blocks the calling thread for `durationMs`. */
export function measureHashRate(durationMs: number): number {
  const search = createKeccakSearch();
  // Targets that no result meets, so that nothing interrupts the measurement.
  search.begin({ workId: 0, sealHash: ZERO_HASH, powKey: ZERO_HASH, blockTarget: 0n, fruitTarget: 0n, startNonce: 0n });
  // The first calls run before the code is optimised.
  for (let i = 0; i < 4; i++) search.run(NONCES_PER_LOOK);
  const warmUpHashes = search.hashes;
  const startedMs = performance.now();
  let spentMs = 0;
  while (spentMs < durationMs) {
    search.run(NONCES_PER_LOOK);
    spentMs = performance.now() - startedMs;
  }
  return ((search.hashes - warmUpHashes) * 1_000) / spentMs;
}
