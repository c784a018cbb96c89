import { describeKeyValueStore } from "@festina/storage/testing";
import { describe, expect, it } from "@jest/globals";
import { createMemoryStore } from "../../src/memory/memoryStore.ts";

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
