import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { createKeccak, createKeccakKernel } from "../src/keccakKernel.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("keccak kernel", () => {
  const hash = createKeccakKernel();

  it("gives the digest everyone knows for no bytes", () => {
    expect(text(hash(new Uint8Array(0)))).toBe("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  });

  it("agrees with an independent implementation at every length around the block size", () => {
    const prng = createPrng(1);
    for (let length = 0; length <= 3 * 136 + 2; length++) {
      const message = prng.bytes(length);
      expect(text(hash(message))).toBe(text(keccak_256(message)));
    }
  });

  it("takes messages longer than its input area", () => {
    const area = 481 * 136;
    const message = createPrng(2).bytes(3 * area + 1);
    for (const length of [area - 1, area, area + 1, 2 * area, 2 * area + 136, 3 * area + 1]) {
      expect(text(hash(message.subarray(0, length)))).toBe(text(keccak_256(message.subarray(0, length))));
    }
  });

  it("answers fresh arrays, so that a later hash does not change an earlier one", () => {
    const first = hash(Uint8Array.of(1));
    const before = text(first);
    hash(Uint8Array.of(2));
    expect(text(first)).toBe(before);
  });

  it("leaves its argument alone and reads views with an offset", () => {
    const whole = createPrng(3).bytes(100);
    const view = whole.subarray(10, 60);
    const before = text(whole);
    expect(text(hash(view))).toBe(text(keccak_256(whole.slice(10, 60))));
    expect(text(whole)).toBe(before);
  });

  it("hashes many messages in one call, with and without overflow of its areas", () => {
    const kernel = createKeccak();
    const prng = createPrng(4);
    expect(kernel.hashMany([])).toEqual([]);
    const messages = Array.from({ length: 5000 }, (_, i) => prng.bytes(i % 1000 === 999 ? 70_000 : prng.below(200)));
    const digests = kernel.hashMany(messages);
    expect(digests.map(text)).toEqual(messages.map((message) => text(kernel.hash(message))));
    expect(text(digests[999] as Uint8Array)).toBe(text(keccak_256(messages[999] as Uint8Array)));
    expect(text(digests[4998] as Uint8Array)).toBe(text(keccak_256(messages[4998] as Uint8Array)));
  });
});
