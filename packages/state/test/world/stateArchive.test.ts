import { keccak256 } from "@festina/crypto";
import { type Address, type Hash32, hexToBytes } from "@festina/primitives";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_CODE_HASH, FIRST_KEY, LAST_KEY, type RestOfSpan, StateArchive, StateStore } from "../../src/index.ts";
import { aMapStore } from "../mapStore.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;

/** Two blocks: accounts, a contract of many slots, some of which the second block empties. */
async function aState(store: KeyValueStore): Promise<{ first: Hash32; second: Hash32; code: Uint8Array }> {
  const states = new StateStore(store, keccak256, EMPTY_ROOT);
  const code = hexToBytes("0x60016002");
  const seal = async (parent: Hash32, change: (world: ReturnType<StateStore["open"]>) => void): Promise<Hash32> => {
    const world = states.open(parent);
    change(world);
    const root = states.seal(parent, world);
    const batch = new WriteBatch();
    await states.save(root, batch);
    await store.write(batch.operations);
    states.committed(root);
    return root;
  };
  const first = await seal(EMPTY_ROOT, (world) => {
    for (let index = 1; index <= 90; index++)
      world.putAccount(address(index), { nonce: 1n, balanceWei: BigInt(index), codeHash: EMPTY_CODE_HASH });
    world.putCode(address(7), code);
    for (let slot = 0n; slot < 50n; slot++) world.putStorage(address(7), slot, slot + 1n);
  });
  const second = await seal(first, (world) => {
    for (let slot = 0n; slot < 20n; slot++) world.putStorage(address(7), slot, 0n);
    world.putStorage(address(7), 100n, 9n);
    world.deleteAccount(address(8));
  });
  return { first, second, code };
}

async function fetchState(from: StateArchive, to: StateArchive, store: KeyValueStore, root: Hash32, max: number) {
  const batch = new WriteBatch();
  const storages = new Set<Hash32>();
  for (let at: RestOfSpan = FIRST_KEY; at !== null; ) {
    const span = { from: at, to: LAST_KEY };
    const chunk = from.accounts(root, span, max);
    if (chunk === undefined) throw new Error("not served");
    const taken = to.takeAccounts(root, span, chunk, batch);
    if (!taken.ok) throw new Error(taken.error.message);
    for (const { storageRoot, codeHash } of taken.value.records) {
      if (storageRoot !== EMPTY_ROOT) storages.add(storageRoot);
      const code = from.code(codeHash);
      if (code !== undefined) to.takeCode(codeHash, code, batch);
    }
    at = taken.value.rest;
  }
  for (const storage of storages) {
    for (let at: RestOfSpan = FIRST_KEY; at !== null; ) {
      const span = { from: at, to: LAST_KEY };
      const chunk = from.slots(storage, span, max);
      if (chunk === undefined) throw new Error("not served");
      const taken = to.takeSlots(storage, span, chunk, batch);
      if (!taken.ok) throw new Error(taken.error.message);
      at = taken.value;
    }
  }
  await store.write(batch.operations);
}

describe("StateArchive", () => {
  it.each([3, 1_000])("brings a state, an older one too, into another store in chunks of %i", async (max) => {
    const here = aMapStore();
    const { first, second, code } = await aState(here);
    for (const root of [first, second]) {
      const there = aMapStore();
      // What another state left in the flat tables must go.
      await aState(there);
      const archive = new StateArchive(there, keccak256);
      await fetchState(new StateArchive(here, keccak256), archive, there, root, max);
      const sumWei = await archive.layFlat(root, () => undefined);
      expect(sumWei).toBe(root === first ? 4_095n : 4_087n);
      const flat = new StateStore(there, keccak256, root);
      const world = flat.open(root);
      expect(world.getAccount(address(8))?.balanceWei).toBe(root === first ? 8n : undefined);
      expect(world.getAccount(address(90))?.balanceWei).toBe(90n);
      expect(world.getCode(address(7))).toEqual(code);
      expect(world.getStorage(address(7), 3n)).toBe(root === first ? 4n : 0n);
      expect(world.getStorage(address(7), 30n)).toBe(31n);
      expect(world.getStorage(address(7), 100n)).toBe(root === first ? 0n : 9n);
      // And it can be built upon.
      world.putStorage(address(7), 30n, 0n);
      expect(flat.seal(root, world)).not.toBe(root);
    }
  });

  it("refuses false names, entries and ends, and answers nothing for a state that it lacks", async () => {
    const here = aMapStore();
    const { second } = await aState(here);
    const archive = new StateArchive(here, keccak256);
    const span = { from: FIRST_KEY, to: LAST_KEY };
    const chunk = archive.accounts(second, span, 10);
    if (chunk === undefined) throw new Error("not served");
    const there = new StateArchive(aMapStore(), keccak256);
    const isTaken = (changed: Partial<typeof chunk>) =>
      there.takeAccounts(second, span, { ...chunk, ...changed }, new WriteBatch()).ok;
    expect(isTaken({})).toBe(true);
    expect(isTaken({ isLast: true })).toBe(false);
    expect(isTaken({ entries: chunk.entries.slice(1) })).toBe(false);
    expect(isTaken({ entries: [] })).toBe(false);
    expect(isTaken({ proof: [] })).toBe(false);
    expect(isTaken({ entries: chunk.entries.map((entry) => ({ ...entry, name: new Uint8Array(20) })) })).toBe(false);
    expect(isTaken({ entries: chunk.entries.map((entry) => ({ ...entry, name: entry.name.slice(1) })) })).toBe(false);
    expect(there.takeCode(EMPTY_CODE_HASH, Uint8Array.of(1), new WriteBatch()).ok).toBe(false);
    expect(there.accounts(second, span, 10)).toBeUndefined();
  });
});
