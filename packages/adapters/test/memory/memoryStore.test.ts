import { createPrng } from "@festina/primitives";
import { describeKeyValueStore } from "@festina/storage/testing";
import { describe, expect, it, jest } from "@jest/globals";
import { createMemoryStore } from "../../src/memory/memoryStore.ts";
import { ValuePages } from "../../src/memory/valuePages.ts";

describeKeyValueStore("memory store", async () => createMemoryStore());

describe("memory store", () => {
  it("keeps its order while keys come and go", async () => {
    const store = createMemoryStore();
    const everything = { from: Uint8Array.of(), to: Uint8Array.of(0xff) };
    const list = async () => (await store.entries(everything)).map(([key]) => [...key]);
    const put = (byte: number) => ({ type: "put" as const, key: Uint8Array.of(byte), value: Uint8Array.of(1) });
    await store.write([put(5), put(3), put(0x80)]);
    expect(await list()).toEqual([[3], [5], [0x80]]);
    await store.write([put(4), { type: "del", key: Uint8Array.of(5) }]);
    expect(await list()).toEqual([[3], [4], [0x80]]);
    await store.write([put(4)]);
    expect(await list()).toEqual([[3], [4], [0x80]]);
    expect(await store.entries({ from: Uint8Array.of(9), to: Uint8Array.of(2) })).toEqual([]);
  });

  it("answers ranges over several first bytes, both ways and cut short, as one that sorts everything", async () => {
    const store = createMemoryStore();
    let seed = 7;
    const byte = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return (seed >> 16) & 0xff;
    };
    const held = new Map<string, Uint8Array>();
    const keys = Array.from({ length: 300 }, () => Uint8Array.from({ length: byte() % 4 }, () => byte() % 5));
    const hex = (key: Uint8Array): string => Buffer.from(key).toString("hex");
    for (const key of keys) {
      const isGone = byte() % 3 === 0;
      await store.write([isGone ? { type: "del", key } : { type: "put", key, value: key }]);
      if (isGone) held.delete(hex(key));
      else held.set(hex(key), key);
      const [from, to] = [keys[byte()], keys[byte()]] as [Uint8Array, Uint8Array];
      const within = [...held.values()].filter((one) => Buffer.compare(one, from) >= 0 && Buffer.compare(one, to) < 0);
      const sorted = within.sort((x, y) => Buffer.compare(x, y)).map(hex);
      const max = byte() % 6;
      const found = async (more: object) =>
        (await store.entries({ from, to, ...more })).map(([name, value]) => {
          expect(hex(value)).toBe(hex(name));
          return hex(name);
        });
      expect(await found({})).toEqual(sorted);
      expect(await found({ max })).toEqual(sorted.slice(0, max));
      expect(await found({ max, reverse: true })).toEqual([...sorted].reverse().slice(0, max));
    }
    expect(held.size).toBeGreaterThan(20);
  });

  it("finds values of every length, however often they are replaced and removed", async () => {
    const store = createMemoryStore();
    const random = createPrng(11);
    const held = new Map<number, Uint8Array>();
    const lengths = [0, 1, 8, 32, 500, 1_020, 1_021, 4_092, 65_532, 65_533, 200_000];
    const expectHeld = (index: number): void => {
      const value = store.get(Uint8Array.of(9, index));
      const expected = held.get(index);
      expect([index, value?.length]).toEqual([index, expected?.length]);
      if (value !== undefined) expect(Buffer.compare(value, expected as Uint8Array)).toBe(0);
    };
    for (let step = 0; step < 3_000; step++) {
      const index = random.below(60);
      const key = Uint8Array.of(9, index);
      if (random.below(3) === 0) {
        await store.write([{ type: "del", key }]);
        held.delete(index);
      } else {
        // Mostly short ones, as in a chain.
        const length = random.below(8) === 0 ? lengths[random.below(lengths.length)] : random.below(300);
        const value = new Uint8Array(length as number).fill(step).fill(index, 0, 2);
        await store.write([{ type: "put", key, value }]);
        held.set(index, value);
      }
      expectHeld(random.below(60));
    }
    for (let index = 0; index < 60; index++) expectHeld(index);
  });

  it("moves what is left once most of its pages is what was replaced", async () => {
    const add = jest.spyOn(ValuePages.prototype, "add");
    try {
      const store = createMemoryStore();
      const put = (length: number) => ({
        ...{ type: "put" as const, key: Uint8Array.of(9, length & 1), value: new Uint8Array(length) },
      });
      for (let length = 0; length < 2_000; length++) await store.write([put(length)]);
      // Two megabytes have been replaced; two values are left, so that each move is of one or two.
      const moved = add.mock.calls.length - 2_000;
      expect(moved).toBeGreaterThan(20);
      expect(moved).toBeLessThan(100);
      expect([0, 1].map((index) => store.get(Uint8Array.of(9, index))?.length)).toEqual([1_998, 1_999]);
    } finally {
      add.mockRestore();
    }
  });

  it("does not hand out its own arrays", async () => {
    const store = createMemoryStore();
    await store.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(7) }]);
    (store.get(Uint8Array.of(1)) as Uint8Array)[0] = 9;
    expect([...(store.get(Uint8Array.of(1)) as Uint8Array)]).toEqual([7]);
  });

  it("refuses work after it was closed", async () => {
    const store = createMemoryStore();
    await store.close();
    expect(() => store.get(Uint8Array.of(1))).toThrow(expect.objectContaining({ code: "STORE_CLOSED" }));
    await expect(store.write([])).rejects.toMatchObject({ code: "STORE_CLOSED" });
  });
});
