import { keccak256 } from "@festina/crypto";
import { type Address, createPrng, type Hash32 } from "@festina/primitives";
import { type KeyValueStore, TABLE, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_CODE_HASH, StateStore, type WorldState } from "../../src/index.ts";
import { aMapStore } from "../mapStore.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const ACCOUNTS = [1, 2, 3].map(address);
const PAGES = { from: Uint8Array.of(TABLE.storagePage), to: Uint8Array.of(TABLE.storagePage + 1) };

/** Neighbours, slots far apart, two whose pages are remembered in the place of others, and the last of all. */
const SLOTS = [
  0n,
  1n,
  2n,
  15n,
  16n,
  17n,
  31n,
  65_536n,
  65_552n,
  1n << 40n,
  (1n << 40n) + 1n,
  0xabn << 200n,
  (1n << 256n) - 1n,
];

/** What an account holds, by slot. */
type Model = ReadonlyMap<Address, ReadonlyMap<bigint, bigint>>;
const random = createPrng(97);

function someBlock(world: WorldState, before: Model, number: number): Model {
  const after = new Map([...before].map(([who, slots]) => [who, new Map(slots)]));
  for (let step = 0; step < 10; step++) {
    const who = address(1 + random.below(3));
    if (random.below(12) === 0) {
      world.deleteAccount(who);
      after.delete(who);
      continue;
    }
    world.putAccount(who, { nonce: BigInt(number), balanceWei: BigInt(step), codeHash: EMPTY_CODE_HASH });
    const slot = SLOTS[random.below(SLOTS.length)] as bigint;
    const value = random.below(3) === 0 ? 0n : BigInt(1 + random.below(5)) << BigInt(random.below(250));
    world.putStorage(who, slot, value);
    const slots = after.get(who) ?? new Map<bigint, bigint>();
    after.set(who, slots.set(slot, value));
  }
  // So that no root comes twice.
  world.putAccount(address(9), { nonce: BigInt(number), balanceWei: 1n, codeHash: EMPTY_CODE_HASH });
  return after;
}

function expectState(world: WorldState | undefined, model: Model): void {
  for (const who of ACCOUNTS)
    for (const slot of SLOTS) expect(world?.getStorage(who, slot)).toBe(model.get(who)?.get(slot) ?? 0n);
}

/** `look` is called while the batch is made but not yet written, when some slots are asked for. */
async function write(states: StateStore, store: KeyValueStore, root: Hash32, look?: () => void): Promise<void> {
  const batch = new WriteBatch();
  await states.save(root, batch);
  look?.();
  await store.write(batch.operations);
}

describe("storage in pages", () => {
  it("holds what a plain map holds, over random blocks with siblings, several of a batch and restarts", async () => {
    const store = aMapStore();
    let states = new StateStore(store, keccak256, EMPTY_ROOT);
    let [root, model]: [Hash32, Model] = [EMPTY_ROOT, new Map()];
    for (let number = 1; number <= 120; ) {
      const line: { root: Hash32; model: Model }[] = [];
      for (let length = 1 + random.below(3); length > 0; length--, number += 2) {
        const parent = line.at(-1)?.root ?? root;
        const sibling = states.open(parent);
        someBlock(sibling, line.at(-1)?.model ?? model, number + 1_000);
        states.seal(parent, sibling);
        const world = states.open(parent);
        const after = someBlock(world, line.at(-1)?.model ?? model, number);
        line.push({ root: states.seal(parent, world), model: after });
      }
      // Opened before the disk moves, read while it does.
      const atParent = states.open(root);
      const atTip = states.open((line.at(-1) as { root: Hash32 }).root);
      for (const block of line) {
        const tip = line.at(-1) as { root: Hash32; model: Model };
        await write(states, store, block.root, () => expectState(states.open(tip.root), tip.model));
        expectState(atParent, model);
        expectState(atTip, tip.model);
      }
      for (const block of line) states.committed(block.root);
      ({ root, model } = line.at(-1) as { root: Hash32; model: Model });
      if (random.below(3) === 0) states = new StateStore(store, keccak256, root);
      expectState(states.open(root), model);
      expectState(new StateStore(store, keccak256, root).open(root), model);
      expectState(states.openAt(root), model);
    }
  });

  it("leaves no page behind without a slot that holds something", async () => {
    const store = aMapStore();
    const states = new StateStore(store, keccak256, EMPTY_ROOT);
    const one = address(1);
    const seal = async (parent: Hash32, change: (world: WorldState) => void): Promise<Hash32> => {
      const world = states.open(parent);
      change(world);
      const root = states.seal(parent, world);
      await write(states, store, root);
      states.committed(root);
      return root;
    };
    const first = await seal(EMPTY_ROOT, (world) => {
      world.putAccount(one, { nonce: 1n, balanceWei: 0n, codeHash: EMPTY_CODE_HASH });
      for (let slot = 0n; slot < 40n; slot++) world.putStorage(one, slot, slot + 1n);
    });
    expect(await store.entries(PAGES)).toHaveLength(3);
    const second = await seal(first, (world) => {
      for (let slot = 0n; slot < 16n; slot++) world.putStorage(one, slot, 0n);
    });
    expect(await store.entries(PAGES)).toHaveLength(2);
    await seal(second, (world) => {
      world.deleteAccount(one);
      world.putAccount(one, { nonce: 1n, balanceWei: 0n, codeHash: EMPTY_CODE_HASH });
      world.putStorage(one, 39n, 5n);
    });
    expect((await store.entries(PAGES)).map(([, page]) => [...page])).toEqual([[0, 128, 5]]);
  });

  it("keeps a write, though its page was read anew while it was on its way to the disk", async () => {
    const store = aMapStore();
    const one = address(1);
    let states = new StateStore(store, keccak256, EMPTY_ROOT);
    let root: Hash32 = EMPTY_ROOT;
    const put = async (
      slots: readonly (readonly [bigint, bigint])[],
      look?: (states: StateStore, at: Hash32) => void,
    ) => {
      const world = states.open(root);
      world.putAccount(one, { nonce: 1n, balanceWei: slots.length === 1 ? 1n : 0n, codeHash: EMPTY_CODE_HASH });
      for (const [slot, value] of slots) world.putStorage(one, slot, value);
      root = states.seal(root, world);
      await write(states, store, root, () => look?.(states, root));
      states.committed(root);
    };
    await put([0n, 1n, 2n, 65_536n].map((slot) => [slot, slot + 1n]));
    states = new StateStore(store, keccak256, root);
    // The second page takes the place of the first among those that are remembered.
    const changed = [0n, 65_536n].map((slot) => [slot, 7n] as const);
    await put(changed, (at, tip) => expect(at.open(tip).getStorage(one, 1n)).toBe(2n));
    await put([[2n, 9n]]);
    const world = new StateStore(store, keccak256, root).open(root);
    expect([0n, 1n, 2n, 65_536n].map((slot) => world.getStorage(one, slot))).toEqual([7n, 2n, 9n, 7n]);
  });

  it.each([[[]], [[0]], [[0, 1]], [[0, 0, 1]], [[0, 3, 200, 1]], [[255, 255, 1, 1]]])(
    "says that a page of the bytes %j is damaged, to who reads it and who writes to it",
    async (bytes) => {
      const store = aMapStore();
      const states = new StateStore(store, keccak256, EMPTY_ROOT);
      const one = address(1);
      const world = states.open(EMPTY_ROOT);
      world.putAccount(one, { nonce: 1n, balanceWei: 0n, codeHash: EMPTY_CODE_HASH });
      world.putStorage(one, 3n, 5n);
      const root = states.seal(EMPTY_ROOT, world);
      await write(states, store, root);
      const [page] = await store.entries(PAGES);
      const key = page?.[0] as Uint8Array;
      await store.write([{ type: "put", key, value: Uint8Array.from(bytes) }]);
      const restarted = new StateStore(store, keccak256, root);
      expect(() => restarted.open(root).getStorage(one, 3n)).toThrow("a storage page is damaged");
      const next = restarted.open(root);
      next.putStorage(one, 4n, 5n);
      await expect(restarted.save(restarted.seal(root, next), new WriteBatch())).rejects.toThrow(
        "a storage page is damaged",
      );
    },
  );
});
