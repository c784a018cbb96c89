import { keccak256 } from "@festina/crypto";
import { type Address, createPrng, type Hash32, hexToBytes } from "@festina/primitives";
import { type KeyValueStore, TABLE, tableKey, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_CODE_HASH, moveStorageToPages, StateStore } from "../../src/index.ts";
import { decodePage } from "../../src/world/storagePage.ts";
import { aMapStore } from "../mapStore.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const ACCOUNTS = [1, 2, 3].map(address);
const SLOTS = Array.from({ length: 60 }, (_, index) => (index < 40 ? BigInt(index) : BigInt(index * index) << 90n));
const table = (byte: number) => ({ from: Uint8Array.of(byte), to: Uint8Array.of(byte + 1) });

/** A state whose storage lies as it did in format 3: a key for every slot. */
async function anOldFolder(): Promise<{
  readonly store: KeyValueStore;
  readonly root: Hash32;
  readonly count: number;
}> {
  const store = aMapStore();
  const states = new StateStore(store, keccak256, EMPTY_ROOT);
  const world = states.open(EMPTY_ROOT);
  const random = createPrng(3);
  for (const who of ACCOUNTS) {
    world.putAccount(who, { nonce: 1n, balanceWei: 0n, codeHash: EMPTY_CODE_HASH });
    for (const slot of SLOTS) if (random.below(3) > 0) world.putStorage(who, slot, slot * slot + 1n);
  }
  const root = states.seal(EMPTY_ROOT, world);
  const batch = new WriteBatch();
  await states.save(root, batch);
  await store.write(batch.operations);
  const old = new WriteBatch();
  let count = 0;
  for (const [key, page] of await store.entries(table(TABLE.storagePage))) {
    old.del(key);
    decodePage(page).forEach((value, place) => {
      if (value === undefined) return;
      const slot = key.slice(1);
      slot[51] = (slot[51] as number) | place;
      old.put(tableKey(TABLE.storage, slot), value);
      count += 1;
    });
  }
  await store.write(old.operations);
  return { store, root, count };
}

const slotsOf = ({ store, root }: { readonly store: KeyValueStore; readonly root: Hash32 }): readonly bigint[] => {
  const world = new StateStore(store, keccak256, root).open(root);
  return ACCOUNTS.flatMap((who) => SLOTS.map((slot) => world.getStorage(who, slot)));
};
const EXPECTED = (() => {
  const random = createPrng(3);
  return ACCOUNTS.flatMap(() => SLOTS.map((slot) => (random.below(3) > 0 ? slot * slot + 1n : 0n)));
})();

describe("moving storage into pages", () => {
  it.each([1, 7, 10_000])("brings every slot over, %i in a batch, and then has nothing to do", async (batchSlots) => {
    const folder = await anOldFolder();
    const heard: number[] = [];
    const moved = await moveStorageToPages(folder.store, { batchSlots, onProgress: (slots) => heard.push(slots) });
    expect(moved).toBe(folder.count);
    expect(heard).toHaveLength(Math.ceil(folder.count / batchSlots));
    expect(await folder.store.entries(table(TABLE.storage))).toEqual([]);
    expect(slotsOf(folder)).toEqual(EXPECTED);
    expect(await moveStorageToPages(folder.store)).toBe(0);
  });

  it("goes on where it was ended, after whichever batch", async () => {
    const { count } = await anOldFolder();
    for (let batches = 0; batches * 7 < count; batches++) {
      const folder = await anOldFolder();
      let left = batches;
      const dying: KeyValueStore = {
        ...folder.store,
        write: (batch) => {
          if (left-- === 0) throw new Error("killed");
          return folder.store.write(batch);
        },
      };
      await expect(moveStorageToPages(dying, { batchSlots: 7 })).rejects.toThrow("killed");
      expect(await moveStorageToPages(folder.store, { batchSlots: 11 })).toBe(count - 7 * batches);
      expect(slotsOf(folder)).toEqual(EXPECTED);
    }
  });

  it.each([
    ["without a value", hexToBytes(`0x${"00".repeat(52)}`), []],
    ["with a leading zero", hexToBytes(`0x${"00".repeat(52)}`), [0, 1]],
    ["of 33 bytes", hexToBytes(`0x${"00".repeat(52)}`), new Array(33).fill(1)],
    ["under a short key", hexToBytes("0x0102"), [1]],
  ])("stops at an entry %s and leaves everything where it is", async (_, name, value) => {
    const { store, count } = await anOldFolder();
    await store.write([{ type: "put", key: tableKey(TABLE.storage, name), value: Uint8Array.from(value) }]);
    await expect(moveStorageToPages(store)).rejects.toThrow("an entry of the storage table is damaged");
    expect(await store.entries(table(TABLE.storage))).toHaveLength(count + 1);
    expect(await store.entries(table(TABLE.storagePage))).toEqual([]);
  });
});
