// States are left behind while blocks go on, beside an archive that keeps all of them.
import { keccak256 } from "@festina/crypto";
import { type Address, createPrng, type Hash32, type Prng } from "@festina/primitives";
import { type KeyValueStore, MetaStore, TABLE, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_CODE_HASH, StateCopy, StateStore, type WorldState } from "../src/index.ts";
import { nodesOfState } from "../src/trie/copyState.ts";
import { aMapStore } from "./mapStore.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const ACCOUNTS = 24;
const SLOTS = 12;
const BLOCKS = 90;
const KEEP = 8;

/** Few accounts, slots and values, so that equal nodes go and come back, and stand in several storages at once. */
function change(world: WorldState, random: Prng): void {
  for (let count = 1 + random.below(6); count > 0; count--) {
    const who = address(1 + random.below(ACCOUNTS));
    const kind = random.below(10);
    if (kind === 0) world.deleteAccount(who);
    else if (kind < 5 || world.getAccount(who) === null)
      world.putAccount(who, { nonce: 1n, balanceWei: BigInt(random.below(3)), codeHash: EMPTY_CODE_HASH });
    else
      for (let slot = random.below(SLOTS); slot > 0; slot--)
        world.putStorage(who, BigInt(slot), BigInt(random.below(3)));
  }
}

class Chain {
  readonly store: KeyValueStore;
  states: StateStore;
  readonly roots: Hash32[] = [EMPTY_ROOT];

  constructor(store: KeyValueStore) {
    this.store = store;
    this.states = new StateStore(store, keccak256, EMPTY_ROOT);
  }

  get height(): number {
    return this.roots.length - 1;
  }

  get head(): Hash32 {
    return this.roots[this.height] as Hash32;
  }

  /** A block, and a sibling that is sealed before it and never becomes final. */
  async grow(seed: number): Promise<void> {
    const sibling = this.states.open(this.head);
    change(sibling, createPrng(seed + 1_000_000));
    this.states.seal(this.head, sibling);
    const world = this.states.open(this.head);
    change(world, createPrng(seed));
    const root = this.states.seal(this.head, world);
    const batch = new WriteBatch();
    await this.states.save(root, batch);
    await this.store.write(batch.operations);
    this.states.committed(root);
    this.roots.push(root);
  }

  /** The process ends between two batches and is started again. */
  restart(): void {
    this.states = new StateStore(this.store, keccak256, this.head);
  }

  async nodes(): Promise<number> {
    const of = (table: number) => this.store.entries({ from: Uint8Array.of(table), to: Uint8Array.of(table + 1) });
    return (await of(TABLE.trieNode)).length + (await of(TABLE.trieNodeOdd)).length;
  }
}

/** What a state holds, read from the root down; throws where a node is missing. */
const contentOf = ({ states }: Chain, root: Hash32): readonly string[] =>
  [...nodesOfState(root, (hash) => states.nodes.get(hash))].map(([hash]) => Buffer.from(hash).toString("hex"));

function expectSame(pruned: Chain, archive: Chain, from: number): void {
  const meta = new MetaStore(pruned.store);
  for (let height = 0; height <= archive.height; height++) {
    const root = archive.roots[height] as Hash32;
    const world = pruned.states.openAt(root);
    // An old state that is to be had all the same is whole: a later one is equal to it.
    if (world === undefined) {
      expect(height).toBeLessThan(from);
      expect(pruned.states.prove(root, address(1), [1n])).toBeUndefined();
      expect(pruned.states.accountRange(root, EMPTY_ROOT, 1)).toBeUndefined();
      continue;
    }
    expect(contentOf(pruned, root)).toEqual(contentOf(archive, root));
    const kept = archive.states.openAt(root) as WorldState;
    for (let index = 1; index <= ACCOUNTS; index++) {
      expect(world.getAccount(address(index))).toEqual(kept.getAccount(address(index)));
      expect(world.getStorage(address(index), 3n)).toBe(kept.getStorage(address(index), 3n));
    }
  }
  expect(meta.statesFrom()).toBeLessThanOrEqual(from);
}

describe("states that are left behind", () => {
  it.each([1, 2, 3])("leave every kept one whole, whenever the process was killed (seed %i)", async (seed) => {
    const random = createPrng(seed);
    const pruned = new Chain(aMapStore());
    const archive = new Chain(aMapStore());
    let copy: StateCopy | null = null;
    let generations = 0;
    let from = 0;
    let isReading = false;
    for (let block = 1; block <= BLOCKS; block++) {
      await Promise.all([pruned.grow(seed * 1_000 + block), archive.grow(seed * 1_000 + block)]);
      expect(pruned.head).toBe(archive.head);
      // Some slices of work between two blocks, any of which may be the last before a kill.
      for (let slices = random.below(5); slices > 0; slices--) {
        if (random.below(8) === 0) {
          pruned.restart();
          copy = null;
          isReading = false;
        }
        const { nodes } = pruned.states;
        const { since } = nodes;
        if (isReading) {
          nodes.endElder();
          isReading = false;
        } else if (nodes.isClearing) await nodes.clearElder(1 + random.below(40));
        else if (since === undefined) {
          await nodes.beginGeneration(pruned.height);
          generations += 1;
        } else if (pruned.height >= since + KEEP) {
          copy ??= new StateCopy(nodes, pruned.roots[since] as Hash32);
          const batch = copy.next(1 + random.below(30));
          if (batch !== null) await pruned.store.write(batch.operations);
          else {
            await nodes.leaveElder();
            from = since;
            copy = null;
            isReading = true;
          }
        }
      }
      if (block % 10 === 0) expectSame(pruned, archive, from);
    }
    expect(generations).toBeGreaterThan(3);
    expect(from).toBeGreaterThan(2 * KEEP);
    expect(pruned.height - from).toBeGreaterThanOrEqual(KEEP);
    expectSame(pruned, archive, from);
    expect(await pruned.nodes()).toBeLessThan((await archive.nodes()) * 0.8);
  });

  it("still answer who was reading them, until nobody is let any more", async () => {
    const chain = new Chain(aMapStore());
    for (let block = 1; block <= 6; block++) await chain.grow(block);
    const [, first = EMPTY_ROOT] = chain.roots;
    const reader = chain.states.openAt(first) as WorldState;
    const { nodes } = chain.states;
    await nodes.beginGeneration(chain.height);
    await chain.grow(7);
    const copy = new StateCopy(nodes, chain.roots[6] as Hash32);
    for (let batch = copy.next(9); batch !== null; batch = copy.next(9)) await chain.store.write(batch.operations);
    expect(copy.copied).toBeGreaterThan(0);
    await nodes.leaveElder();
    expect(chain.states.openAt(first)).toBeUndefined();
    const read = () => Array.from({ length: ACCOUNTS }, (_, index) => reader.getAccount(address(index + 1)));
    expect(read().some((account) => account !== null)).toBe(true);
    nodes.endElder();
    expect(() => contentOf(chain, first)).toThrow("is missing");
    while (!(await nodes.clearElder(5)));
    expect(nodes.isClearing).toBe(false);
    expect(contentOf(chain, chain.head).length).toBeGreaterThan(1);
  });

  it("are none in a state that is empty", async () => {
    const chain = new Chain(aMapStore());
    await chain.states.nodes.beginGeneration(0);
    expect(new StateCopy(chain.states.nodes, EMPTY_ROOT).next(10)).toBeNull();
  });
});
