import { describe, expect, it } from "@jest/globals";
import type { KeyValueStore } from "../src/keyValueStore.ts";

const key = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);

/** What every store must do; each adapter's test is a call of this. */
export function describeKeyValueStore(name: string, open: () => Promise<KeyValueStore>): void {
  describe(`${name} as a KeyValueStore`, () => {
    it("reads what was written, in the same turn after the write", async () => {
      const store = await open();
      expect(store.get(key(1))).toBeUndefined();
      await store.write([{ type: "put", key: key(1), value: key(9, 9) }], { sync: true });
      expect([...(store.get(key(1)) ?? [])]).toEqual([9, 9]);
      await store.write([{ type: "put", key: key(1), value: key() }]);
      expect(store.get(key(1))).toHaveLength(0);
      await store.write([{ type: "del", key: key(1) }]);
      expect(store.get(key(1))).toBeUndefined();
      await store.close();
    });

    it("lets later changes of a batch win", async () => {
      const store = await open();
      await store.write([
        { type: "put", key: key(2), value: key(1) },
        { type: "del", key: key(2) },
        { type: "put", key: key(3), value: key(1) },
        { type: "put", key: key(3), value: key(2) },
      ]);
      expect(store.get(key(2))).toBeUndefined();
      expect([...(store.get(key(3)) ?? [])]).toEqual([2]);
      await store.close();
    });

    it("lists ranges in byte order, bounded and from either end", async () => {
      const store = await open();
      const keys = [key(1, 2), key(1), key(2), key(0xff), key(1, 1, 1), key(3)];
      await store.write(keys.map((k) => ({ type: "put" as const, key: k, value: k })));
      const list = async (range: Parameters<KeyValueStore["entries"]>[0]) =>
        (await store.entries(range)).map(([k, v]) => `${[...k]}=${[...v]}`);
      const from = key(1);
      const to = key(3);
      expect(await list({ from, to })).toEqual(["1=1", "1,1,1=1,1,1", "1,2=1,2", "2=2"]);
      expect(await list({ from, to, max: 2 })).toEqual(["1=1", "1,1,1=1,1,1"]);
      expect(await list({ from, to, max: 1, reverse: true })).toEqual(["2=2"]);
      expect(await list({ from: key(4), to: key(5) })).toEqual([]);
      await store.close();
    });

    it("does not share memory with its callers", async () => {
      const store = await open();
      const value = key(7);
      await store.write([{ type: "put", key: key(1), value }]);
      value[0] = 8;
      const read = store.get(key(1)) as Uint8Array;
      expect([...read]).toEqual([7]);
      await store.close();
    });
  });
}
