// Threads run the built worker file, so this drives the built package; `npm test` builds first.
import { existsSync } from "node:fs";
import { ZERO_HASH } from "@festina/primitives";
import { computePowWins, computeTarget, keccakPowEngine } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import type { createNonceSearcher } from "../../src/mining/nonceSearcher.ts";

const built = new URL("../../dist/mining/nonceSearcher.js", import.meta.url);
const isBuilt = existsSync(built);

describe("nonce searcher", () => {
  it("finds winning nonces in threads, reports under the work's id, and closes", async () => {
    if (!isBuilt) {
      console.warn("packages/adapters is not built: the mining threads were not tested");
      return;
    }
    const module = (await import(built.href)) as { createNonceSearcher: typeof createNonceSearcher };
    const difficulties = { difficulty: 1_000_000n, fruitDifficulty: 2_000n };
    const finds: [number, bigint][] = [];
    let enough = (): void => {};
    const done = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const searcher = module.createNonceSearcher({
      engine: "keccak",
      threads: 2,
      cpuShare: 0.5,
      onFound: (workId, nonce) => {
        finds.push([workId, nonce]);
        if (finds.length === 4) enough();
      },
      onFailed: (error) => {
        throw error;
      },
    });
    searcher.start({
      workId: 5,
      sealHash: ZERO_HASH,
      powKey: ZERO_HASH,
      blockTarget: computeTarget(difficulties.difficulty),
      fruitTarget: computeTarget(difficulties.fruitDifficulty),
      startNonce: 3n,
    });
    await done;
    searcher.stop();
    await searcher.close();
    for (const [workId, nonce] of finds) {
      expect(workId).toBe(5);
      const wins = computePowWins(keccakPowEngine, ZERO_HASH, nonce, difficulties, ZERO_HASH);
      expect(wins.block || wins.fruit).toBe(true);
    }
    expect(new Set(finds.map(([, nonce]) => nonce)).size).toBe(finds.length);
    expect(searcher.hashRate()).toBe(0);
  });

  it("refuses options out of range", async () => {
    if (!isBuilt) return;
    const module = (await import(built.href)) as { createNonceSearcher: typeof createNonceSearcher };
    const options = { engine: "keccak" as const, threads: 1, cpuShare: 0.5, onFound: () => {}, onFailed: () => {} };
    expect(() => module.createNonceSearcher({ ...options, threads: 0 })).toThrow(RangeError);
    expect(() => module.createNonceSearcher({ ...options, cpuShare: 2 })).toThrow(RangeError);
  });
});
