// What every proof-of-work engine and its search must do, whatever the function.
import { bytesToBigint, createPrng, type Hash32, toHash32, ZERO_HASH } from "@festina/primitives";
import { computePowWins, computeTarget, type PowEngine } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import type { NonceSearch } from "../../src/mining/nonceSearch.ts";

export interface PowCandidate {
  readonly engine: PowEngine;
  /** Two keys whose data sets are ready and differ; any two for engines without data sets. */
  readonly powKeys: readonly [Hash32, Hash32];
  readonly search: NonceSearch;
  /** Nonces that a test may try: fewer for costly functions. */
  readonly nonces: number;
}

const NONCE_MAX = (1n << 64n) - 1n;

export function describePowEngine(name: string, create: () => PowCandidate | Promise<PowCandidate>): void {
  describe(`proof of work: ${name}`, () => {
    const prng = createPrng(7);
    const seal = (): Hash32 => toHash32(prng.bytes(32));
    const halves = (result: Uint8Array) =>
      [bytesToBigint(result.subarray(0, 16)), bytesToBigint(result.subarray(16))] as const;

    it("is a function of seal, nonce and data set: 32 bytes, always the same", async () => {
      const { engine, powKeys } = await create();
      expect(engine.name).toBe(name);
      const sealHash = seal();
      const nonces = [0n, 1n, 1n << 31n, 1n << 32n, 1n << 63n, NONCE_MAX];
      const results = nonces.map((nonce) => engine.compute(sealHash, nonce, powKeys[0]));
      for (const result of results) expect(result.length).toBe(32);
      expect(new Set(results.map(String)).size).toBe(nonces.length);
      // Other calls between neither change what was answered nor what is answered.
      const before = results.map(String);
      engine.compute(seal(), 5n, powKeys[0]);
      engine.compute(sealHash, 5n, powKeys[1]);
      expect(results.map(String)).toEqual(before);
      expect(nonces.map((nonce) => String(engine.compute(sealHash, nonce, powKeys[0])))).toEqual(before);
    });

    it("depends on every byte of the seal", async () => {
      const { engine, powKeys } = await create();
      const results = new Set<string>();
      for (let at = 0; at < 32; at++) {
        const bytes = new Uint8Array(32);
        bytes[at] = 1;
        results.add(String(engine.compute(toHash32(bytes), 9n, powKeys[0])));
      }
      expect(results.size).toBe(32);
    });

    it("depends on the data set, if there are any, and refuses one that is not ready", async () => {
      const { engine, powKeys } = await create();
      const [one, other] = powKeys.map((powKey) => String(engine.compute(ZERO_HASH, 3n, powKey)));
      expect(one === other).toBe(engine.dataSets === undefined);
      if (engine.dataSets === undefined) return;
      expect(powKeys.map((powKey) => engine.dataSets?.isReady(powKey))).toEqual([true, true]);
      const unknown = seal();
      expect(engine.dataSets.isReady(unknown)).toBe(false);
      expect(() => engine.compute(ZERO_HASH, 3n, unknown)).toThrow("is not ready");
    });

    it("gives one nonce two chances: high half for the block, low half for the fruit, both borders included", async () => {
      const { engine, powKeys } = await create();
      const [powKey] = powKeys;
      for (let i = 0; i < 3; i++) {
        const sealHash = seal();
        const nonce = BigInt(prng.next());
        const [high, low] = halves(engine.compute(sealHash, nonce, powKey));
        // The highest difficulties whose targets the halves still meet.
        const difficulty = ((1n << 128n) - 1n) / (high + 1n) || 1n;
        const fruitDifficulty = ((1n << 128n) - 1n) / (low + 1n) || 1n;
        const wins = (at: { difficulty: bigint; fruitDifficulty: bigint }) =>
          computePowWins(engine, sealHash, nonce, at, powKey);
        expect(wins({ difficulty, fruitDifficulty })).toEqual({ block: true, fruit: true });
        expect(wins({ difficulty: 2n * difficulty + 2n, fruitDifficulty })).toEqual({ block: false, fruit: true });
        expect(wins({ difficulty, fruitDifficulty: 2n * fruitDifficulty + 2n })).toEqual({ block: true, fruit: false });
        expect(wins({ difficulty: 0n, fruitDifficulty: -1n })).toEqual({ block: false, fruit: false });
      }
    });

    it("is searched exactly: the winners, in order, past the last nonce, under the work's own data set", async () => {
      const { engine, powKeys, search, nonces } = await create();
      for (const powKey of [...powKeys, powKeys[0]]) {
        const sealHash = seal();
        const targets = { blockTarget: computeTarget(7n), fruitTarget: computeTarget(5n) };
        const startNonce = NONCE_MAX - BigInt(nonces >> 1);
        search.begin({ workId: 1, sealHash, powKey, ...targets, startNonce });
        const found: bigint[] = [];
        for (let tried = search.hashes; search.hashes - tried < nonces; ) {
          const nonce = search.run(nonces - (search.hashes - tried));
          if (nonce !== null) found.push(nonce);
        }
        const all = Array.from({ length: nonces }, (_, i) => BigInt.asUintN(64, startNonce + BigInt(i)));
        const expected = all.filter((nonce) => {
          const [high, low] = halves(engine.compute(sealHash, nonce, powKey));
          return high <= targets.blockTarget || low <= targets.fruitTarget;
        });
        expect(found).toEqual(expected);
      }
    });

    it("is searched with the borders of checking", async () => {
      const { engine, powKeys, search } = await create();
      const sealHash = seal();
      const [high, low] = halves(engine.compute(sealHash, 77n, powKeys[0]));
      const wins = (blockTarget: bigint, fruitTarget: bigint): boolean => {
        search.begin({ workId: 1, sealHash, powKey: powKeys[0], blockTarget, fruitTarget, startNonce: 77n });
        return search.run(1) === 77n;
      };
      expect([wins(high, 0n), wins(high - 1n, 0n), wins(0n, low), wins(0n, low - 1n)]).toEqual([
        true,
        false,
        true,
        false,
      ]);
      // The upper words are equal, the lower ones decide.
      expect(wins((high >> 64n) << 64n, 0n)).toBe((high & ((1n << 64n) - 1n)) === 0n);
      expect(search.noncesPerLook).toBeGreaterThan(0);
    });
  });
}
