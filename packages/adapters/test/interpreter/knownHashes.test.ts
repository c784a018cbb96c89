// Hashes of 64 bytes are kept: a known one must be the right one, whatever shares its place.
import { keccak256 } from "@festina/crypto";
import { describe, expect, it } from "@jest/globals";
import { createCompilerEngine, createInterpreterEngine } from "../../src/index.ts";
import { wordOf } from "./anEngineRun.ts";

/** CALLDATACOPY of all input, KECCAK256 of it, RETURN. */
const HASH_INPUT = Uint8Array.of(0x36, 0x5f, 0x5f, 0x37, 0x36, 0x5f, 0x20, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3);

/** 64 bytes of which the limb at `index` is `value`. */
function withLimb(index: number, value: bigint): Uint8Array {
  const input = new Uint8Array(64);
  new DataView(input.buffer).setBigUint64(8 * index, value, true);
  return input;
}

const expected = (input: Uint8Array): bigint => BigInt(`0x${Buffer.from(keccak256(input)).toString("hex")}`);

describe.each([
  ["interpreter", createInterpreterEngine()],
  ["compiler", createCompilerEngine()],
])("the %s hashes 64 bytes", (_, engine) => {
  const check = async (input: Uint8Array) => expect(await wordOf(engine, HASH_INPUT, input)).toBe(expected(input));

  it("that are all zero, as places which were never used are", async () => {
    await check(new Uint8Array(64));
    await check(new Uint8Array(64));
  });

  it("that take turns at one place", async () => {
    // Limbs are turned by so many bits before they are joined (knownHashes.ts).
    const turns = [0n, 11n, 23n, 31n];
    const inputs = turns.map((turn, index) => withLimb(index, 1n << ((64n - turn) % 64n)));
    for (const input of [...inputs, ...inputs]) await check(input);
  });

  it("that differ in one bit", async () => {
    for (let bit = 0n; bit < 512n; bit += 37n) await check(withLimb(Number(bit >> 6n), 1n << (bit & 63n)));
  });

  it("and lengths beside that", async () => {
    for (const length of [0, 1, 7, 8, 32, 63, 65, 71, 72, 127, 128, 135, 136, 137, 271, 272, 273])
      await check(Uint8Array.from({ length }, (_, index) => index * 7 + length));
  });
});
