import { createMemoryStore } from "@festina/adapters";
import type { Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { EvidenceStore } from "../src/index.ts";

const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;

describe("the evidence store", () => {
  it("brings back what was saved and not forgotten", async () => {
    const store = new EvidenceStore(createMemoryStore());
    for (const byte of [1, 2, 3]) await store.save(hash(`0${byte}`), Uint8Array.of(byte));
    await store.save(hash("ff"), Uint8Array.of(4));
    await store.forget([hash("02")]);
    expect(await store.all(10)).toEqual([Uint8Array.of(1), Uint8Array.of(3), Uint8Array.of(4)]);
    expect(await store.all(2)).toHaveLength(2);
  });
});
