// Every precompiled contract against the reference's, at both rule sets.
import { createHash } from "node:crypto";
import { bigintToBytes, concatBytes, EMPTY_BYTES, hexToBytes } from "@festina/primitives";
import { OSAKA, type Pace, PRAGUE, type PrecompileResult, type RuleSet } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { AT } from "../../src/precompiles/addresses.ts";
import { createLazyPrecompiles, loadPrecompiles } from "../../src/precompiles/precompiles.ts";
import { INPUTS } from "./precompileInputs.ts";
import { loadReferencePrecompiles } from "./referencePrecompiles.ts";
import { BLS, BN } from "./samplePoints.ts";

const AMPLE_GAS = 2n ** 40n;
const reference = await loadReferencePrecompiles();
const ours = await loadPrecompiles();

const plain = (result: PrecompileResult): unknown =>
  result === null ? null : { gasUsed: result.gasUsed, output: Buffer.from(result.output).toString("hex") };

const word = (value: bigint): Uint8Array => bigintToBytes(value, 32);
const repeated = (count: number, ...parts: readonly (Uint8Array | undefined)[]): Uint8Array =>
  concatBytes(...Array.from({ length: count }, () => parts as readonly Uint8Array[]).flat());

/** Others have a turn wherever they could. */
const restless: Pace = { sliceGas: 1n, rest: () => Promise.resolve() };
const paced = createLazyPrecompiles(restless);

describe.each([OSAKA, PRAGUE] as readonly RuleSet[])("at $name", ({ name: rules, precompiles }) => {
  it.each(INPUTS.filter(([name]) => precompiles.includes(AT[name])))(
    "%s answers as the reference does",
    async (name, numRuns, inputs) => {
      // The rules differ in MODEXP only.
      const runs = rules === "osaka" || name === "modexp" ? numRuns : Math.ceil(numRuns / 8);
      let [accepted, refused] = [0, 0];
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          const expected = await reference(AT[name], input, AMPLE_GAS, rules);
          const answer = ours.run(AT[name], input, AMPLE_GAS, rules);
          expect(answer).not.toBeInstanceOf(Promise);
          expect(plain(await answer)).toEqual(plain(expected));
          expect(plain(await paced.run(AT[name], input, AMPLE_GAS, rules))).toEqual(plain(expected));
          if (expected === null) refused += 1;
          else {
            accepted += 1;
            const { gasUsed } = expected;
            expect(plain(await ours.run(AT[name], input, gasUsed, rules))).toEqual(plain(expected));
            if (gasUsed > 0n) expect(await ours.run(AT[name], input, gasUsed - 1n, rules)).toBeNull();
          }
        }),
        { numRuns: runs, seed: 4_711 },
      );
      // A few inputs may all be of one kind.
      if (runs < numRuns) return;
      expect(accepted).toBeGreaterThan(0);
      // Whatever these are given is an input.
      if (!["ecrecover", "sha256", "ripemd160", "identity", "p256Verify", "bn254Mul"].includes(name))
        expect(refused).toBeGreaterThan(0);
    },
  );

  it.each(INPUTS.map(([name]) => name).filter((name) => precompiles.includes(AT[name])))(
    "%s of nothing",
    async (name) => {
      const expected = plain(await reference(AT[name], EMPTY_BYTES, AMPLE_GAS, rules));
      expect(plain(await ours.run(AT[name], EMPTY_BYTES, AMPLE_GAS, rules))).toEqual(expected);
    },
  );
});

describe("precompiled contracts", () => {
  it("refuse points outside of the groups, also those of a small order or almost of the group", () => {
    const bnPair = (g2: Uint8Array) => concatBytes(BN.good1[0] as Uint8Array, g2);
    const blsPair = (g1: Uint8Array, g2: Uint8Array) => concatBytes(g1, g2);
    const run = (name: keyof typeof AT, input: Uint8Array) => ours.run(AT[name], input, AMPLE_GAS, "osaka");
    for (const point of BN.stray2) expect(run("bn254Pairing", bnPair(point))).toBeNull();
    for (const point of BN.good2) expect(run("bn254Pairing", bnPair(point))).not.toBeNull();
    for (const point of BLS.stray1) expect(run("bls12Pairing", blsPair(point, BLS.good2[0] as Uint8Array))).toBeNull();
    for (const point of BLS.stray2) expect(run("bls12Pairing", blsPair(BLS.good1[0] as Uint8Array, point))).toBeNull();
  });

  it("are refused where there are none", () => {
    expect(() => ours.run(AT.p256Verify, EMPTY_BYTES, AMPLE_GAS, "prague")).toThrow(RangeError);
  });

  it("load the curves with the first that needs them, and answer at once ever after", async () => {
    const lazy = createLazyPrecompiles();
    for (const name of ["ecrecover", "sha256", "ripemd160", "identity", "modexp", "blake2f"] as const)
      expect(lazy.run(AT[name], new Uint8Array(213), AMPLE_GAS, "osaka")).not.toBeInstanceOf(Promise);
    const first = lazy.run(AT.bn254Add, EMPTY_BYTES, AMPLE_GAS, "osaka");
    expect(first).toHaveProperty("then");
    expect(lazy.run(AT.bn254Add, EMPTY_BYTES, AMPLE_GAS, "osaka")).toHaveProperty("then");
    const result = plain(await first);
    expect(plain(lazy.run(AT.bn254Add, EMPTY_BYTES, AMPLE_GAS, "osaka") as PrecompileResult)).toEqual(result);
  });

  it.each<[keyof typeof AT, Uint8Array, number]>([
    ["sha256", new Uint8Array(1 << 20), 16],
    ["ripemd160", new Uint8Array(1 << 20), 16],
    ["blake2f", concatBytes(Uint8Array.of(0, 15, 0x42, 0x40), new Uint8Array(209)), 49],
    // 1,024 bytes of exponent for 176 of the others: what 2^24 gas pay for.
    ["modexp", concatBytes(...[176n, 1_024n, 176n].map(word), new Uint8Array(1_376).fill(0xf3)), 25],
    ["bn254Pairing", repeated(20, BN.good1[0], BN.good2[0]), 20],
    ["bls12G1Msm", repeated(40, BLS.good1[0], word(5n)), 40],
    ["bls12G2Msm", repeated(20, BLS.good2[0], word(5n)), 20],
    ["bls12Pairing", repeated(20, BLS.good1[0], BLS.good2[0]), 20],
  ])("let others have a turn while %s is at work", async (name, input, restsMin) => {
    let rests = 0;
    const counting: Pace = {
      sliceGas: 1n,
      rest: () => {
        rests += 1;
        return null;
      },
    };
    expect(await createLazyPrecompiles(counting).run(AT[name], input, AMPLE_GAS, "osaka")).not.toBeNull();
    expect(rests).toBeGreaterThanOrEqual(restsMin);
  });

  it("may all be under way at the same time", async () => {
    const jobs = INPUTS.flatMap(([name, , inputs]) =>
      fc.sample(inputs, { numRuns: 3, seed: 5 }).map((input) => ({ name, input })),
    );
    const together = await Promise.all(jobs.map(({ name, input }) => paced.run(AT[name], input, AMPLE_GAS, "osaka")));
    for (const [index, { name, input }] of jobs.entries())
      expect(plain(together[index] as PrecompileResult)).toEqual(
        plain(await ours.run(AT[name], input, AMPLE_GAS, "osaka")),
      );
  });

  it("give back what they borrowed when a rest fails", async () => {
    const failing = createLazyPrecompiles({ sliceGas: 1n, rest: () => Promise.reject(new Error("no rest")) });
    const pairs = new Uint8Array(384 * 3);
    await expect(failing.run(AT.bls12Pairing, pairs, AMPLE_GAS, "osaka")).rejects.toThrow("no rest");
    expect(plain(await ours.run(AT.bls12Pairing, pairs, AMPLE_GAS, "osaka"))).toMatchObject({ gasUsed: 135_500n });
  });

  it("compress as BLAKE2b does, twelve rounds for a block", async () => {
    // Twelve rounds over the unkeyed start value and "abc", of three bytes, which is the last block.
    const start =
      "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";
    const input = hexToBytes(`0x0000000c${start}${"616263".padEnd(256, "0")}${"03".padEnd(32, "0")}01`);
    const result = await ours.run(AT.blake2f, input, 12n, "osaka");
    expect(plain(result)).toEqual({ gasUsed: 12n, output: createHash("blake2b512").update("abc").digest("hex") });
  });
});
