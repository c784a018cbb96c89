import { performance } from "node:perf_hooks";
import type { PowEngineName } from "@festina/chainspec";
import { ZERO_HASH } from "@festina/primitives";
import { createSampleSearch } from "../pow/createPowSearch.ts";

const WARM_UP_LOOKS = 32;

/** Hashes per second of one thread with a whole core; blocks the calling thread for `durationMs`. */
export function measureHashRate(durationMs: number, engine: PowEngineName): number {
  const search = createSampleSearch(engine);
  // Targets that no result meets, so that nothing interrupts the measurement.
  search.begin({ workId: 0, sealHash: ZERO_HASH, powKey: ZERO_HASH, blockTarget: 0n, fruitTarget: 0n, startNonce: 0n });
  // The first calls run before the code is optimised.
  for (let i = 0; i < WARM_UP_LOOKS; i++) search.run(search.noncesPerLook);
  const warmUpHashes = search.hashes;
  const startedMs = performance.now();
  let spentMs = 0;
  while (spentMs < durationMs) {
    search.run(search.noncesPerLook);
    spentMs = performance.now() - startedMs;
  }
  return ((search.hashes - warmUpHashes) * 1_000) / spentMs;
}
