// Threads run the built worker file, so this drives the built package; `npm test` builds first.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { continuePowSample, deriveTruehashTable } from "@festina/snailchain";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { createPow } from "../../src/pow/createPow.ts";
import { createTruehashBands } from "../../src/pow/truehashBands.ts";
import type { createTruehashEngine } from "../../src/pow/truehashEngine.ts";
import { createTruehashKernel } from "../../src/pow/truehashKernel.ts";

const built = new URL("../../dist/index.js", import.meta.url);
const isBuilt = existsSync(built);
if (!isBuilt) console.warn("packages/adapters is not built: the threads that make data sets were not tested");

const key = (index: number): Hash32 => `0x${index.toString(16).padStart(64, "0")}` as Hash32;
const SAMPLE = new Uint8Array(3 * 32).fill(0x33);

interface Built {
  readonly createTruehashEngine: typeof createTruehashEngine;
  readonly createPow: typeof createPow;
}

(isBuilt ? describe : describe.skip)("data sets of TrueHash", () => {
  let module: Built;
  let folder = "";
  beforeAll(async () => {
    module = (await import(built.href)) as Built;
    folder = mkdtempSync(join(tmpdir(), "festina-pow-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are made in a thread, kept, read back, and made again when the file is damaged", async () => {
    const first = module.createTruehashEngine({ folder });
    expect(await first.dataSets.load(key(1))).toBe(false);
    const shares: number[] = [];
    await first.dataSets.make(key(1), SAMPLE, (share) => shares.push(share));
    expect(first.dataSets.isReady(key(1))).toBe(true);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const byHand = createTruehashKernel(createTruehashBands(deriveTruehashTable(continuePowSample(SAMPLE))));
    const result = byHand.compute(ZERO_HASH, 5n);
    expect(first.compute(ZERO_HASH, 5n, key(1))).toEqual(result);

    const second = module.createTruehashEngine({ folder });
    expect(() => second.compute(ZERO_HASH, 5n, key(1))).toThrow("is not ready");
    expect(await second.dataSets.load(key(1))).toBe(true);
    expect(second.compute(ZERO_HASH, 5n, key(1))).toEqual(result);

    const file = join(folder, readdirSync(folder)[0] ?? "");
    const bytes = readFileSync(file);
    for (const damaged of [bytes.subarray(0, 1_000), Buffer.alloc(0), flip(bytes, 0), flip(bytes, 40_000)]) {
      writeFileSync(file, damaged);
      const third = module.createTruehashEngine({ folder });
      expect(await third.dataSets.load(key(1))).toBe(false);
    }
    const fourth = module.createTruehashEngine({ folder });
    await fourth.dataSets.make(key(1), SAMPLE);
    expect(fourth.compute(ZERO_HASH, 5n, key(1))).toEqual(result);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  }, 30_000);

  it("keep a few, in memory and on disk: the oldest go", async () => {
    const engine = module.createTruehashEngine({ folder });
    for (let index = 1; index <= 6; index++) {
      await engine.dataSets.make(key(index), SAMPLE);
      for (const name of readdirSync(folder))
        if (name.startsWith(key(index).slice(2))) utimesSync(join(folder, name), index, index);
    }
    expect([1, 2, 3, 4, 5, 6].map((index) => engine.dataSets.isReady(key(index)))).toEqual([
      ...[false, false],
      ...[true, true, true, true],
    ]);
    expect(readdirSync(folder).length).toBe(4);
    expect(readdirSync(folder)).toContain(`${key(6).slice(2)}.truehash`);
  }, 30_000);

  it("are used even where they cannot be kept", async () => {
    const reasons: string[] = [];
    const file = join(folder, "no-folder");
    writeFileSync(file, "");
    const engine = module.createTruehashEngine({ folder: file, onNotKept: (reason) => reasons.push(reason) });
    await engine.dataSets.make(key(1), SAMPLE);
    expect(engine.dataSets.isReady(key(1))).toBe(true);
    expect(reasons.length).toBe(1);
  }, 30_000);

  it("that are being made at the end are given up", async () => {
    const engine = module.createTruehashEngine({ folder: null });
    const making = engine.dataSets.make(key(9), SAMPLE);
    const outcome = making.then(
      () => "made",
      (error: { code?: string }) => error.code,
    );
    await engine.dataSets.close();
    expect(await outcome).toBe("POW_DATA_SET_FAILED");
    expect(engine.dataSets.isReady(key(9))).toBe(false);
  }, 30_000);

  it("reach the searching threads with the first work that needs them", async () => {
    const pow = module.createPow("truehash", { folder: null });
    await pow.dataSets?.make(key(1), SAMPLE);
    await pow.dataSets?.make(key(2), new Uint8Array(32));
    for (const powKey of [key(1), key(2)]) {
      let tell: (found: bigint) => void = () => undefined;
      const found = new Promise<bigint>((resolve) => {
        tell = resolve;
      });
      const searcher = pow.createSearcher({
        threads: 1,
        cpuShare: 1,
        onFound: (_workId, nonce) => tell(nonce),
        onFailed: (error) => {
          throw error;
        },
      });
      const fruitTarget = 1n << 122n;
      searcher.start({ workId: 1, sealHash: ZERO_HASH, powKey, blockTarget: 0n, fruitTarget, startNonce: 0n });
      const result = pow.engine.compute(ZERO_HASH, await found, powKey);
      await searcher.close();
      expect(BigInt(`0x${Buffer.from(result.subarray(16)).toString("hex")}`)).toBeLessThanOrEqual(fruitTarget);
    }
  }, 30_000);
});

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] as number) ^ 1;
  return flipped;
}
