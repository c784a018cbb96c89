import { keccak256 } from "@festina/crypto";
import { type Address, createPrng, type Hash32 } from "@festina/primitives";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it, jest } from "@jest/globals";
import { EMPTY_CODE_HASH, StateStore, verifyProof } from "../src/index.ts";
import { TrieCache } from "../src/trie/trieCache.ts";
import { aMapStore } from "./mapStore.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const account = (balanceWei: bigint, nonce = 0n) => ({ nonce, balanceWei, codeHash: EMPTY_CODE_HASH });

async function commit(state: StateStore, store: KeyValueStore, root: Hash32): Promise<void> {
  const batch = new WriteBatch();
  await state.save(root, batch);
  await store.write(batch.operations);
  state.committed(root);
}

describe("StateStore", () => {
  it("reads the same from flat tables, tries and after reopening, over random blocks", async () => {
    const random = createPrng(5);
    const store = aMapStore();
    let state = new StateStore(store, keccak256, EMPTY_ROOT);
    let root: Hash32 = EMPTY_ROOT;
    const model = new Map<Address, { balance: bigint; slots: Map<bigint, bigint> }>();
    const history: { root: Hash32; balance: bigint }[] = [];
    for (let block = 0; block < 25; block++) {
      const world = state.open(root);
      for (let step = 0; step < 12; step++) {
        const who = address(1 + random.below(9));
        const known = model.get(who) ?? { balance: 0n, slots: new Map<bigint, bigint>() };
        if (random.below(9) === 0) {
          world.deleteAccount(who);
          model.delete(who);
          continue;
        }
        known.balance = BigInt(1 + random.below(1_000_000));
        world.putAccount(who, account(known.balance, BigInt(block)));
        const slot = BigInt(random.below(6));
        const value = BigInt(random.below(3)) * 77n;
        world.putStorage(who, slot, value);
        known.slots.set(slot, value);
        model.set(who, known);
      }
      const parent = root;
      root = state.seal(parent, world);
      await commit(state, store, root);
      if (block % 5 === 4) state = new StateStore(store, keccak256, root);
      const past = state.openAt(root);
      history.push({ root, balance: model.get(address(1))?.balance ?? 0n });
      for (let index = 1; index < 10; index++) {
        const who = address(index);
        const expected = model.get(who);
        for (const view of [state.open(root), past]) {
          expect(view?.getAccount(who)?.balanceWei ?? 0n).toBe(expected?.balance ?? 0n);
          for (let slot = 0n; slot < 6n; slot++)
            expect(view?.getStorage(who, slot)).toBe(expected?.slots.get(slot) ?? 0n);
        }
      }
    }
    for (const { root: old, balance } of history) {
      expect(state.openAt(old)?.getAccount(address(1))?.balanceWei ?? 0n).toBe(balance);
      const proof = state.prove(old, address(1), [0n, 1n]);
      const shown = verifyProof(
        old,
        keccak256(Buffer.from(address(1).slice(2), "hex")),
        proof?.accountProof ?? [],
        keccak256,
      );
      expect(shown.ok && shown.value !== null).toBe(balance > 0n);
    }
  });

  it("asks its store once for an account that is not there, until a block makes it", async () => {
    const store = aMapStore();
    let reads = 0;
    const counting = {
      ...store,
      get: (key: Uint8Array) => {
        reads += 1;
        return store.get(key);
      },
    };
    const state = new StateStore(counting, keccak256, EMPTY_ROOT);
    reads = 0;
    const balances = (root: Hash32) => [1, 2].map((who) => state.open(root).getAccount(address(who))?.balanceWei);
    expect([balances(EMPTY_ROOT), balances(EMPTY_ROOT), reads]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      2,
    ]);
    const world = state.open(EMPTY_ROOT);
    world.putAccount(address(1), account(7n));
    const root = state.seal(EMPTY_ROOT, world);
    await commit(state, store, root);
    const gone = state.open(root);
    expect(balances(root)).toEqual([7n, undefined]);
    gone.deleteAccount(address(1));
    gone.putAccount(address(2), account(9n));
    const next = state.seal(root, gone);
    await commit(state, store, next);
    expect(balances(next)).toEqual([undefined, 9n]);
  });

  it("saves several generations before the first is committed, and reads the old state meanwhile", async () => {
    const store = aMapStore();
    const state = new StateStore(store, keccak256, EMPTY_ROOT);
    const roots: Hash32[] = [EMPTY_ROOT];
    for (const balance of [1n, 2n, 3n]) {
      const parent = roots.at(-1) as Hash32;
      const world = state.open(parent);
      world.putAccount(address(1), account(balance));
      world.putStorage(address(1), 5n, balance);
      roots.push(state.seal(parent, world));
    }
    const [, ...generations] = roots;
    for (const root of generations) {
      const batch = new WriteBatch();
      await state.save(root, batch);
      await store.write(batch.operations);
    }
    const read = (root: Hash32): readonly unknown[] => {
      const view = state.open(root);
      return [view.getAccount(address(1))?.balanceWei, view.getStorage(address(1), 5n)];
    };
    expect(roots.map(read)).toEqual([[undefined, 0n], ...[1n, 2n, 3n].map((value) => [value, value])]);
    for (const [index, root] of generations.entries()) {
      state.committed(root);
      expect(generations.slice(index).map(read)).toEqual([1n, 2n, 3n].slice(index).map((value) => [value, value]));
    }
    expect(read(generations[2] as Hash32)).toEqual([3n, 3n]);
  });

  it("holds siblings apart until one is committed, then drops the other", async () => {
    const store = aMapStore();
    const state = new StateStore(store, keccak256, EMPTY_ROOT);
    const make = (parent: Hash32, balance: bigint): Hash32 => {
      const world = state.open(parent);
      world.putAccount(address(1), account(balance));
      return state.seal(parent, world);
    };
    const left = make(EMPTY_ROOT, 1n);
    const right = make(EMPTY_ROOT, 2n);
    const grandchild = make(left, 3n);
    expect([left, right, grandchild].map((root) => state.open(root).getAccount(address(1))?.balanceWei)).toEqual([
      1n,
      2n,
      3n,
    ]);
    await commit(state, store, left);
    expect([state.has(right), state.has(grandchild)]).toEqual([false, true]);
    await commit(state, store, grandchild);
    expect(new StateStore(store, keccak256, grandchild).open(grandchild).getAccount(address(1))?.balanceWei).toBe(3n);
  });

  it("undoes exactly what came after a checkpoint, nested", () => {
    const world = new StateStore(aMapStore(), keccak256, EMPTY_ROOT).open(EMPTY_ROOT);
    const look = () => [
      world.getAccount(address(1))?.balanceWei,
      world.getStorage(address(1), 1n),
      world.getCode(address(1)).length,
    ];
    world.putAccount(address(1), account(1n));
    world.putStorage(address(1), 1n, 10n);
    const before = look();
    world.checkpoint();
    world.putAccount(address(1), account(2n));
    world.checkpoint();
    world.putCode(address(1), Uint8Array.of(1, 2));
    world.deleteAccount(address(1));
    expect([look(), world.hasStorage(address(1))]).toEqual([[undefined, 0n, 0], false]);
    world.putStorage(address(1), 1n, 11n);
    world.revert();
    expect(look()).toEqual([2n, 10n, 0]);
    world.checkpoint();
    world.putStorage(address(1), 1n, 12n);
    world.commit();
    expect(look()).toEqual([2n, 12n, 0]);
    world.revert();
    expect(look()).toEqual(before);
    expect(() => world.revert()).toThrow("without a checkpoint");
    expect(() => world.putAccount(address(1), account(-1n))).toThrow("negative");
  });

  it("pages through all accounts with their addresses", async () => {
    const store = aMapStore();
    const state = new StateStore(store, keccak256, EMPTY_ROOT);
    const world = state.open(EMPTY_ROOT);
    for (let index = 1; index <= 23; index++) world.putAccount(address(index), account(BigInt(index)));
    const root = state.seal(EMPTY_ROOT, world);
    await commit(state, store, root);
    let total = 0n;
    let start: Hash32 | null = `0x${"00".repeat(32)}` as Hash32;
    const seen = new Set<string>();
    while (start !== null) {
      const page: ReturnType<StateStore["accountRange"]> = state.accountRange(root, start, 5);
      for (const entry of page?.accounts ?? []) {
        total += entry.record.balanceWei;
        seen.add(entry.address ?? "");
      }
      start = page?.next ?? null;
    }
    expect([total, seen.size, seen.has("")]).toEqual([276n, 23, false]);
    expect(state.accountRange(`0x${"11".repeat(32)}` as Hash32, root, 5)).toBeUndefined();
  });

  it("forgets the trees that nothing will be built on", async () => {
    const forget = jest.spyOn(TrieCache.prototype, "forget");
    try {
      const store = aMapStore();
      const state = new StateStore(store, keccak256, EMPTY_ROOT);
      const build = (parent: Hash32, balanceWei: bigint): Hash32 => {
        const world = state.open(parent);
        world.putAccount(address(1), account(balanceWei));
        world.putStorage(address(1), 1n, balanceWei);
        return state.seal(parent, world);
      };
      const storageOf = (root: Hash32): Hash32 => state.prove(root, address(1), [])?.account?.storageRoot as Hash32;
      const first = build(EMPTY_ROOT, 1n);
      await commit(state, store, first);
      const [chosen, sibling, other] = [build(first, 2n), build(first, 3n), build(first, 4n)];
      const storages = [first, sibling, other].map(storageOf);
      const forgotten = (): ReadonlySet<string> => new Set(forget.mock.calls.map(([root]) => root));
      forget.mockClear();
      state.retain(new Set([chosen, sibling]));
      expect(forgotten()).toEqual(new Set([other, storages[2]]));
      forget.mockClear();
      await commit(state, store, chosen);
      expect(forgotten()).toEqual(new Set([first, storages[0], sibling, storages[1]]));
    } finally {
      forget.mockRestore();
    }
  });
});
