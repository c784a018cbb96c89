import { keccak256 } from "@festina/crypto";
import { type Address, bytesToHex, type Hash32 } from "@festina/primitives";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_CODE_HASH, StateStore, type WorldState } from "../src/index.ts";

const ONE = `0x${"01".repeat(20)}` as Address;
const TWO = `0x${"02".repeat(20)}` as Address;
const account = (balanceWei: bigint) => ({ nonce: 0n, balanceWei, codeHash: EMPTY_CODE_HASH });

function aChain() {
  const entries = new Map<string, Uint8Array>();
  const store: KeyValueStore = {
    get: (key) => entries.get(bytesToHex(key)),
    entries: async () => [],
    write: async (batch) => {
      for (const operation of batch) {
        if (operation.type === "put") entries.set(bytesToHex(operation.key), operation.value);
        else entries.delete(bytesToHex(operation.key));
      }
    },
    close: async () => undefined,
  };
  const state = new StateStore(store, keccak256, EMPTY_ROOT);
  const build = (parent: Hash32, change: (world: WorldState) => void): Hash32 => {
    const world = state.open(parent);
    change(world);
    return state.seal(parent, world);
  };
  const write = async (root: Hash32): Promise<void> => {
    const batch = new WriteBatch();
    await state.save(root, batch);
    await store.write(batch.operations);
  };
  const commit = async (root: Hash32): Promise<void> => {
    await write(root);
    state.committed(root);
  };
  return { state, store, build, write, commit };
}

/** Balance of ONE and its slot 1. */
const look = (world: WorldState) => [world.getAccount(ONE)?.balanceWei, world.getStorage(ONE, 1n)];
const change = (balanceWei: bigint, value: bigint) => (world: WorldState) => {
  world.putAccount(ONE, account(balanceWei));
  world.putStorage(ONE, 1n, value);
};

describe("a world that is open while another block is committed", () => {
  it("still reads the state it was opened at, during the write and after it", async () => {
    const { state, build, write, commit } = aChain();
    const parent = build(EMPTY_ROOT, change(100n, 5n));
    await commit(parent);
    const atParent = state.open(parent);
    const sibling = build(parent, (world) => world.putAccount(TWO, account(1n)));
    const atSibling = state.open(sibling);
    const winner = build(parent, change(7n, 9n));

    await write(winner);
    expect([look(atParent), look(atSibling)]).toEqual([
      [100n, 5n],
      [100n, 5n],
    ]);
    state.committed(winner);
    expect([look(atParent), look(atSibling)]).toEqual([
      [100n, 5n],
      [100n, 5n],
    ]);
    expect(atSibling.getAccount(TWO)?.balanceWei).toBe(1n);
    expect(look(state.open(winner))).toEqual([7n, 9n]);
  });

  it("reads a descendant's view through every commit on the way, and past it", async () => {
    const { state, build, commit } = aChain();
    const first = build(EMPTY_ROOT, change(1n, 1n));
    const second = build(first, (world) => world.putStorage(ONE, 1n, 2n));
    const third = build(second, change(3n, 3n));
    const atSecond = state.open(second);
    for (const root of [first, second, third]) {
      await commit(root);
      expect(look(atSecond)).toEqual([1n, 2n]);
    }
    expect(look(state.open(third))).toEqual([3n, 3n]);
  });

  it("seals a child of a state that another write is about to replace", async () => {
    const { state, build, write, commit } = aChain();
    const parent = build(EMPTY_ROOT, change(100n, 5n));
    await commit(parent);
    const expected = build(parent, (world) => world.putStorage(ONE, 2n, 8n));
    const world = state.open(parent);
    world.putStorage(ONE, 2n, 8n);
    await write(build(parent, change(7n, 9n)));
    expect(state.seal(parent, world)).toBe(expected);
  });

  it("leaves the last committed state when a batch never reaches the disk", async () => {
    const { state, store, build, commit } = aChain();
    const parent = build(EMPTY_ROOT, change(100n, 5n));
    await commit(parent);
    const lost = build(parent, change(7n, 9n));
    await state.save(lost, new WriteBatch());
    const reopened = new StateStore(store, keccak256, parent);
    expect([look(reopened.open(parent)), reopened.openAt(lost)]).toEqual([[100n, 5n], undefined]);
  });
});
