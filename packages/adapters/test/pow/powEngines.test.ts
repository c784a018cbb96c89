import { createHash } from "node:crypto";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { continuePowSample, deriveTruehashTable, keccakPowEngine, type PowEngine } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import { argon2idPowEngine } from "../../src/pow/argon2idEngine.ts";
import { createPowSearch } from "../../src/pow/createPowSearch.ts";
import { createTruehashBands, type TruehashBands } from "../../src/pow/truehashBands.ts";
import { createTruehashEngine } from "../../src/pow/truehashEngine.ts";
import { createTruehashKernel } from "../../src/pow/truehashKernel.ts";
import { describePowEngine } from "./powCompliance.ts";

const KEYS: readonly [Hash32, Hash32] = [`0x${"01".repeat(32)}` as Hash32, `0x${"02".repeat(32)}` as Hash32];

const bandsByKey = new Map(
  KEYS.map((powKey, index): [Hash32, TruehashBands] => [
    powKey,
    createTruehashBands(deriveTruehashTable(continuePowSample(new Uint8Array(32).fill(index + 1)))),
  ]),
);

/** The engine's own data sets come from a thread; here both are put in its place. */
function truehashWith(simd: boolean): PowEngine {
  const kernels = new Map(Array.from(bandsByKey, ([powKey, bands]) => [powKey, createTruehashKernel(bands, simd)]));
  const refusing = createTruehashEngine({ folder: null });
  return {
    ...refusing,
    dataSets: { isReady: (powKey) => kernels.has(powKey) },
    compute: (sealHash, nonce, powKey) =>
      kernels.get(powKey)?.compute(sealHash, nonce) ?? refusing.compute(sealHash, nonce, powKey),
  };
}

function truehashSearch() {
  const { search, addDataSet } = createPowSearch("truehash");
  for (const [powKey, bands] of bandsByKey) addDataSet(powKey, bands);
  return search;
}

describePowEngine("keccak", () => ({
  engine: keccakPowEngine,
  powKeys: KEYS,
  search: createPowSearch("keccak").search,
  nonces: 400,
}));

describePowEngine("argon2id", () => ({
  engine: argon2idPowEngine,
  powKeys: KEYS,
  search: createPowSearch("argon2id").search,
  nonces: 4,
}));

describePowEngine("truehash", () => ({
  engine: truehashWith(true),
  powKeys: KEYS,
  search: truehashSearch(),
  nonces: 200,
}));

describe("TrueHash kernels", () => {
  it("agree with and without 128-bit instructions", () => {
    const [one, other] = [truehashWith(true), truehashWith(false)];
    for (let nonce = 0n; nonce < 200n; nonce++)
      for (const powKey of KEYS)
        expect(one.compute(ZERO_HASH, nonce, powKey)).toEqual(other.compute(ZERO_HASH, nonce, powKey));
  });

  it("the one without needs none: it has no vector in it", async () => {
    const { truehashWasm } = await import("../../src/generated/truehashKernel.ts");
    const { truehashSimdWasm } = await import("../../src/generated/truehashSimdKernel.ts");
    expect(countVectorStores(truehashWasm)).toBe(0);
    expect(countVectorStores(truehashSimdWasm)).toBeGreaterThan(0);
  });

  it("take any table, however far its columns lie from their rows", () => {
    const table = new Uint16Array(16 * 2_048 * 4).fill(0xfff);
    for (let row = 0; row < 16 * 2_048; row++) {
      table[row * 4] = (row * 701) % 2_048;
      if (row % 3 === 0) table[row * 4 + 1] = 2_047 - (row % 2_048);
    }
    const bands = createTruehashBands(table);
    const scalar = createTruehashKernel(bands, false);
    const simd = createTruehashKernel(bands, true);
    for (let nonce = 0n; nonce < 3n; nonce++) {
      const result = simd.compute(ZERO_HASH, nonce);
      expect(result).toEqual(scalar.compute(ZERO_HASH, nonce));
      expect(result).toEqual(hashByDefinition(table, nonce));
    }
  });
});

/** The opcode of v128.store with its usual alignment hint. */
function countVectorStores(wasmBase64: string): number {
  const bytes = Buffer.from(wasmBase64, "base64");
  let count = 0;
  for (
    let at = bytes.indexOf(Buffer.of(0xfd, 0x0b, 0x04));
    at >= 0;
    at = bytes.indexOf(Buffer.of(0xfd, 0x0b, 0x04), at + 1)
  )
    count++;
  return count;
}

/** As the definition reads, bit by bit, with the seal of zeros. */
function hashByDefinition(table: Uint16Array, nonce: bigint): Uint8Array {
  const seed = Buffer.alloc(64);
  seed.writeUInt32BE(Number(nonce & 0xffff_ffffn), 0);
  seed.writeUInt32BE(Number(nonce >> 32n), 4);
  const digest = createHash("sha3-512").update(seed).digest().reverse();
  let bits = Array.from({ length: 2_048 }, (_, k) => ((digest[(k >> 3) % 64] ?? 0) >> (k & 7)) & 1);
  const number = (from: number, count: number): number =>
    bits.slice(from, from + count).reduce((sum, bit, at) => sum + bit * 2 ** at, 0);
  for (let round = 0; round < 64; round++) {
    const shift = number(0, 7);
    const matrix = number(2_044, 4);
    const product = bits.map((_, row) => {
      const at = (matrix * 2_048 + row) * 4;
      const columns = new Set(table.subarray(at, at + 4));
      columns.delete(0xfff);
      return [...columns].reduce((sum, column) => sum ^ (bits[column] ?? 0), 0);
    });
    bits = product.map((_, k) => product[(k + shift) % 2_048] ?? 0);
  }
  const state = Buffer.alloc(256);
  bits.forEach((bit, k) => {
    state[k >> 3] = (state[k >> 3] ?? 0) | (bit << (k & 7));
  });
  return new Uint8Array(createHash("sha3-256").update(state.swap32()).digest());
}
