import { createKeccakKernel, createMemoryStore } from "@festina/adapters";
import { keccakHash } from "@festina/crypto";
import { type Address, bytesToHex, createPrng, EMPTY_BYTES, type Hash32, hexToBytes } from "@festina/primitives";
import { StateStore, type WorldState } from "@festina/state";
import { WriteBatch } from "@festina/storage";
import { EMPTY_ACCOUNT } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, test } from "@jest/globals";
import { ForkedWorld } from "../src/fork/forkedWorld.ts";
import type { RemoteState } from "../src/fork/remoteState.ts";

/** What an account is, in full. */
interface Model {
  nonce: bigint;
  balanceWei: bigint;
  code: string;
  slots: Map<bigint, bigint>;
}
type World = Map<Address, Model>;

const ADDRESSES = Array.from({ length: 6 }, (_, i) => `0x${(i + 0xa0).toString(16).padStart(40, "0")}` as Address);
const OWN = ADDRESSES[5] as Address;
const SLOTS = [0n, 1n, 2n, 17n, 2n ** 255n];
const CODES = ["0x", "0x6001", "0x60026003"];

const cloneWorld = (world: World): World =>
  new Map([...world].map(([address, model]) => [address, { ...model, slots: new Map(model.slots) }]));

/** Another chain's state, all of it known. */
function asRemote(world: World): RemoteState {
  const codes = new Map<Hash32, Uint8Array>();
  const accounts = new Map(
    [...world].map(([address, { nonce, balanceWei, code }]) => {
      const bytes = code === "0x" ? EMPTY_BYTES : hexToBytes(code as `0x${string}`);
      const codeHash = code === "0x" ? EMPTY_ACCOUNT.codeHash : keccakHash(bytes);
      codes.set(codeHash, bytes);
      return [address, { nonce, balanceWei, codeHash, code: bytes }] as const;
    }),
  );
  return {
    account: (address: Address) => accounts.get(address) ?? null,
    mayHaveStorage: (address: Address) => accounts.has(address),
    slot: (address: Address, slot: bigint) => world.get(address)?.slots.get(slot) ?? 0n,
    code: (hash: Hash32) => codes.get(hash),
  } as unknown as RemoteState;
}

function beginnings(random: () => number): World {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const world: World = new Map();
  for (const address of ADDRESSES.slice(0, 4)) {
    const slots = new Map(
      SLOTS.filter(() => random() < 0.6).map((slot) => [slot, BigInt(1 + Math.floor(random() * 9))]),
    );
    world.set(address, { nonce: 1n, balanceWei: BigInt(Math.floor(random() * 99)), code: pick(CODES), slots });
  }
  return world;
}

function expectSame(view: WorldState, model: World): void {
  for (const address of ADDRESSES) {
    const wanted = model.get(address);
    const account = view.getAccount(address);
    expect([address, account?.nonce, account?.balanceWei]).toEqual([address, wanted?.nonce, wanted?.balanceWei]);
    expect([address, bytesToHex(view.getCode(address))]).toEqual([address, wanted?.code ?? "0x"]);
    for (const slot of SLOTS)
      expect([address, slot, view.getStorage(address, slot)]).toEqual([address, slot, wanted?.slots.get(slot) ?? 0n]);
  }
}

/** One random change of both. */
function change(view: WorldState, model: World, random: () => number): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const address = pick(ADDRESSES);
  const here = model.get(address);
  const kind = random();
  if (kind < 0.15 && here !== undefined) {
    view.deleteAccount(address);
    model.delete(address);
  } else if (kind < 0.35) {
    const balanceWei = BigInt(Math.floor(random() * 1_000));
    const nonce = (here?.nonce ?? 0n) + 1n;
    const codeHash = view.getAccount(address)?.codeHash ?? EMPTY_ACCOUNT.codeHash;
    view.putAccount(address, { nonce, balanceWei, codeHash });
    model.set(address, { code: here?.code ?? "0x", slots: here?.slots ?? new Map(), nonce, balanceWei });
  } else if (kind < 0.5) {
    const code = pick(CODES);
    view.putCode(address, hexToBytes(code as `0x${string}`));
    model.set(address, { nonce: 0n, balanceWei: 0n, slots: new Map(), ...here, code });
  } else if (here !== undefined) {
    const [slot, value] = [pick(SLOTS), BigInt(Math.floor(random() * 4))];
    view.putStorage(address, slot, value);
    if (value === 0n) here.slots.delete(slot);
    else here.slots.set(slot, value);
  }
}

describe("a forked world", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("is what a world with everything in it would be (seed %i)", async (seed) => {
    const prng = createPrng(seed);
    const random = (): number => prng.next() / 2 ** 32;
    const model = beginnings(random);
    const remote = asRemote(cloneWorld(model));
    const keccak = createKeccakKernel();
    const store = createMemoryStore();
    const states = new StateStore(
      store,
      keccak,
      EMPTY_ROOT,
      (...given) => new ForkedWorld(remote, new Set([OWN]), ...given),
    );
    const past: { readonly root: Hash32; readonly model: World }[] = [];
    let root = EMPTY_ROOT;
    for (let block = 0; block < 12; block++) {
      const view = states.open(root);
      for (let step = 0; step < 8; step++) {
        const isTakenBack = random() < 0.3;
        const before = cloneWorld(model);
        view.checkpoint();
        for (let each = 0; each < 3; each++) change(view, model, random);
        if (isTakenBack) {
          view.revert();
          model.clear();
          for (const [address, one] of before) model.set(address, one);
        } else view.commit();
      }
      expectSame(view, model);
      root = states.seal(root, view);
      const batch = new WriteBatch();
      await states.save(root, batch);
      await store.write(batch.operations);
      states.committed(root);
      past.push({ root, model: cloneWorld(model) });
    }
    for (const { root: at, model: then } of past) {
      const view = states.openAt(at);
      expect(view).toBeDefined();
      if (view !== undefined) expectSame(view, then);
    }
  });
});
