import type { HashFunction } from "@festina/crypto";
import {
  type Address,
  assert,
  bigintToBytes,
  bytesToBigint,
  type Hash32,
  hexToBytes,
  RecentMap,
  toHash32,
} from "@festina/primitives";
import type { KeyValueStore, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { MerkleTrie } from "../trie/merkleTrie.ts";
import type { NodeTable } from "../trie/nodeTable.ts";
import { TrieCache } from "../trie/trieCache.ts";
import { proveKey } from "../trie/trieProof.ts";
import { readTrieRange } from "../trie/trieRange.ts";
import { type AccountRecord, decodeAccountRecord } from "./accountRecord.ts";
import { type SealedDiff, sealDiff } from "./sealDiff.ts";
import { SlotCache } from "./slotCache.ts";
import type { StateBase } from "./stateBase.ts";
import { StateTables, slotBytes } from "./stateTables.ts";
import { bytesToWord, clearWord, wordToBytes } from "./word.ts";
import { WorldState } from "./worldState.ts";

/** Uncommitted blocks held at once; consensus prunes far earlier. */
const LAYERS_MAX = 256;
const ACCOUNT_CACHE_MAX = 100_000;
const SLOT_CACHE_MAX = 100_000;

interface Layer {
  readonly parentRoot: Hash32;
  readonly diff: SealedDiff;
}

/** Makes what a block is executed on; `seed` as `WorldState` takes it. */
export type CreateWorld = (base: StateBase, hash: HashFunction, seed: number) => WorldState;
const createWorldState: CreateWorld = (base, hash, seed) => new WorldState(base, hash, seed);

export interface StateProof {
  readonly account: AccountRecord | null;
  readonly accountProof: readonly Uint8Array[];
  readonly storage: readonly { readonly slot: bigint; readonly value: bigint; readonly proof: readonly Uint8Array[] }[];
}

export interface AccountRangeEntry {
  readonly hashedKey: Hash32;
  readonly address: Address | null;
  readonly record: AccountRecord;
}

/**
 * The committed state on disk and, over it, one layer of changes per uncommitted block, named by its state root. A
 * child can be built on any of them; committing a root makes its layer part of the disk state and drops its siblings.
 */
export class StateStore {
  readonly #tables: StateTables;
  readonly #hash: HashFunction;
  readonly #createWorld: CreateWorld;
  readonly #tries: TrieCache;
  readonly #layers = new Map<Hash32, Layer>();
  /** `null` for those that the committed state does not have: whoever makes contracts asks for them first. */
  readonly #accountCache = new RecentMap<Address, AccountRecord | null>(ACCOUNT_CACHE_MAX);
  readonly #slotCache: SlotCache;
  #committedRoot: Hash32;
  /** The newest root whose batch may be reaching the disk: from `save` until `committed`. */
  #savingRoot: Hash32 | null = null;

  constructor(
    store: KeyValueStore,
    hash: HashFunction,
    committedRoot: Hash32,
    createWorld: CreateWorld = createWorldState,
  ) {
    this.#createWorld = createWorld;
    this.#tables = new StateTables(store);
    this.#hash = hash;
    this.#tries = new TrieCache(this.#readNode, hash);
    this.#committedRoot = committedRoot;
    this.#slotCache = new SlotCache(SLOT_CACHE_MAX, seedOf(committedRoot));
  }

  get committedRoot(): Hash32 {
    return this.#committedRoot;
  }

  has(root: Hash32): boolean {
    return root === this.#committedRoot || this.#layers.has(root);
  }

  /** Where its trie nodes lie. */
  get nodes(): NodeTable {
    return this.#tables.nodes;
  }

  #isKept(root: Hash32): boolean {
    return root === EMPTY_ROOT || this.has(root) || this.#tables.nodes.holdsState(root);
  }

  /** The state after the block with this root, to execute a child on. @throws InvariantError for an unknown root */
  open(root: Hash32): WorldState {
    return this.#createWorld(this.#baseAt(root), this.#hash, seedOf(root));
  }

  /** Any kept state by its trie, slower than `open`; `undefined` when it is not kept. For queries of the past. */
  openAt(root: Hash32): WorldState | undefined {
    if (this.has(root)) return this.open(root);
    if (!this.#isKept(root)) return undefined;
    return this.#createWorld(this.#trieBase(root), this.#hash, seedOf(root));
  }

  /** Computes the root after `world`'s changes on `parentRoot` and keeps them as a layer. */
  seal(parentRoot: Hash32, world: WorldState): Hash32 {
    const diff = sealDiff(world.diff(), parentRoot, this.#baseAt(parentRoot), this.#tries, this.#hash);
    if (diff.root === parentRoot || this.has(diff.root)) return diff.root;
    assert(this.#layers.size < LAYERS_MAX, "too many uncommitted states");
    this.#layers.set(diff.root, { parentRoot, diff });
    return diff.root;
  }

  /** The root that `world`'s changes would lead to from a kept state; nothing of them is kept. */
  rootAfter(root: Hash32, world: WorldState): Hash32 {
    const base = this.has(root) ? this.#baseAt(root) : this.#trieBase(root);
    return sealDiff(world.diff(), root, base, new TrieCache(this.#readNode, this.#hash), this.#hash).root;
  }

  /**
   * Adds the changes of a child of the committed state to its block's batch. Several generations may be saved, oldest first and
   * each written before the next is saved, and then be committed in the same order.
   */
  async save(root: Hash32, batch: WriteBatch): Promise<void> {
    const newestRoot = this.#savingRoot ?? this.#committedRoot;
    if (root === newestRoot) return;
    const { diff } = this.#childLayer(root, newestRoot);
    this.#savingRoot = root;
    await this.#tables.save(batch, diff);
  }

  /** To be called once the batch is on the disk: `root` is now the committed state, other children of the old are dropped. */
  committed(root: Hash32): void {
    if (root === this.#committedRoot) return;
    const { diff } = this.#childLayer(root, this.#committedRoot);
    for (const [address, record] of diff.accounts) this.#accountCache.set(address, record);
    for (const address of diff.cleared) this.#slotCache.forget(address);
    this.#slotCache.keepAll(diff.slots, diff.storage);
    this.#layers.delete(root);
    this.#committedRoot = root;
    for (const { before, after } of diff.steps) if (before !== after) this.#tries.forget(before);
    if (this.#savingRoot === root) {
      this.#savingRoot = null;
      this.#tables.settled();
    }
    for (const other of [...this.#layers.keys()]) if (!this.#descends(other)) this.#drop(other);
  }

  /** Forgets every layer that is not on the way from the committed state to one of `roots`. */
  retain(roots: ReadonlySet<Hash32>): void {
    const kept = new Set<Hash32>();
    for (const root of roots) {
      for (
        let at: Hash32 | undefined = root;
        at !== undefined && this.#layers.has(at);
        at = this.#layers.get(at)?.parentRoot
      ) {
        kept.add(at);
      }
    }
    for (const root of [...this.#layers.keys()]) if (!kept.has(root)) this.#drop(root);
  }

  /** A layer that nothing will be built on. */
  #drop(root: Hash32): void {
    for (const { before, after } of this.#layers.get(root)?.diff.steps ?? []) {
      if (before !== after) this.#tries.forget(after);
    }
    this.#layers.delete(root);
  }

  /** `undefined` when the state is not kept. */
  prove(root: Hash32, address: Address, slots: readonly bigint[]): StateProof | undefined {
    if (!this.#isKept(root)) return undefined;
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    const key = this.#hash(hexToBytes(address));
    const bytes = trie.get(key);
    const account = bytes === undefined ? null : decodeAccountRecord(bytes);
    const storageTrie = new MerkleTrie(account?.storageRoot ?? EMPTY_ROOT, this.#readNode, this.#hash);
    const storage = slots.map((slot) => {
      const slotKey = this.#hash(bigintToBytes(slot, 32));
      return { slot, value: bytesToBigint(slotBytes(storageTrie.get(slotKey))), proof: proveKey(storageTrie, slotKey) };
    });
    return { account, accountProof: proveKey(trie, key), storage };
  }

  /** Accounts in the order of their hashed addresses. `undefined` when the state is not kept. */
  accountRange(
    root: Hash32,
    start: Hash32,
    max: number,
  ): { readonly accounts: readonly AccountRangeEntry[]; readonly next: Hash32 | null } | undefined {
    if (!this.#isKept(root)) return undefined;
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    const { entries, next } = readTrieRange(trie, hexToBytes(start), max);
    const accounts = entries.map(({ key, value }) => {
      const record = decodeAccountRecord(value);
      assert(record !== null, "an account leaf is damaged");
      return { hashedKey: toHash32(key), address: this.#preimage(key), record };
    });
    return { accounts, next: next === null ? null : toHash32(next) };
  }

  #preimage(key: Uint8Array): Address | null {
    const stored = this.#tables.preimage(key);
    if (stored !== null) return stored;
    const wanted = toHash32(key);
    for (const { diff } of this.#layers.values()) {
      for (const [address, hashed] of diff.hashedAddresses) if (toHash32(hashed) === wanted) return address;
    }
    return null;
  }

  #childLayer(root: Hash32, parentRoot: Hash32): Layer {
    const layer = this.#layers.get(root);
    assert(
      layer !== undefined && layer.parentRoot === parentRoot,
      "only a child of the committed state can be committed",
    );
    return layer;
  }

  #descends(root: Hash32): boolean {
    let at = root;
    for (let steps = 0; steps <= LAYERS_MAX; steps++) {
      if (at === this.#committedRoot) return true;
      const layer = this.#layers.get(at);
      if (layer === undefined) return false;
      at = layer.parentRoot;
    }
    return false;
  }

  /** From the newest layer down to the disk. Goes on answering for `root` when the disk moves to another branch. */
  #baseAt(root: Hash32): StateBase {
    const diffs: SealedDiff[] = [];
    let at = root;
    while (at !== this.#committedRoot) {
      const layer = this.#layers.get(at);
      assert(layer !== undefined, `state ${root} is not known`);
      diffs.push(layer.diff);
      at = layer.parentRoot;
    }
    const disk = this.#diskBase(at, new Set([at, ...diffs.map((diff) => diff.root)]));
    return {
      account: (address) => {
        for (const diff of diffs) {
          const record = diff.accounts.get(address);
          if (record !== undefined) return record;
        }
        return disk.account(address);
      },
      readSlot: (address, record, words, slot, to) => {
        for (const { slots, cleared } of diffs) {
          const write = slots.newest(address, words, slot);
          if (write >= 0) return slots.copyValue(write, words, to);
          if (cleared.has(address)) return clearWord(words, to);
        }
        disk.readSlot(address, record, words, slot, to);
      },
      code: (hash) => this.#code(hash),
    };
  }

  /**
   * The committed state at `root`: by the flat tables while they hold it, by the trie, which keeps every state, once
   * they hold another. States in `line` lead up to the reader's own, whose layers hide what they changed.
   */
  #diskBase(root: Hash32, line: ReadonlySet<Hash32>): Pick<StateBase, "account" | "readSlot"> {
    const trie = this.#trieBase(root);
    const isFlat = (): boolean =>
      line.has(this.#committedRoot) && (this.#savingRoot === null || line.has(this.#savingRoot));
    return {
      account: (address) => (isFlat() ? this.#committedAccount(address) : trie.account(address)),
      readSlot: (address, _record, words, slot, to) => {
        if (isFlat()) return this.#readCommittedSlot(address, words, slot, to);
        // The record may be of a newer layer, whose slots are not this one's.
        const record = trie.account(address);
        if (record === null) clearWord(words, to);
        else trie.readSlot(address, record, words, slot, to);
      },
    };
  }

  #trieBase(root: Hash32): StateBase {
    const trie = new MerkleTrie(root, this.#readNode, this.#hash);
    return {
      account: (address) => {
        const bytes = trie.get(this.#hash(hexToBytes(address)));
        return bytes === undefined ? null : decodeAccountRecord(bytes);
      },
      readSlot: (_address, record, words, slot, to) => {
        const storageTrie = new MerkleTrie(record.storageRoot, this.#readNode, this.#hash);
        bytesToWord(slotBytes(storageTrie.get(this.#hash(wordToBytes(words, slot)))), words, to);
      },
      code: (hash) => this.#code(hash),
    };
  }

  #committedAccount(address: Address): AccountRecord | null {
    const cached = this.#accountCache.get(address);
    if (cached !== undefined) return cached;
    const record = this.#tables.account(address);
    this.#accountCache.set(address, record);
    return record;
  }

  #readCommittedSlot(address: Address, words: Uint32Array, slot: number, to: number): void {
    if (this.#slotCache.read(address, words, slot, to)) return;
    // Neighbours of a slot that was read are found in its page as fast as in the cache, without being written to it first.
    if (this.#tables.readSlot(address, words, slot, to)) this.#slotCache.keep(address, words, slot, to);
  }

  #code(hash: Hash32): Uint8Array | undefined {
    for (const { diff } of this.#layers.values()) {
      const code = diff.codes.get(hash);
      if (code !== undefined) return code;
    }
    return this.#tables.code(hash);
  }

  readonly #readNode = (hash: Hash32): Uint8Array | undefined => {
    for (const { diff } of this.#layers.values()) {
      const node = diff.nodes.get(hash);
      if (node !== undefined) return node;
    }
    return this.#tables.trieNode(hash);
  };
}

/** Different for every state, and known to nobody who wrote a transaction for it. */
function seedOf(root: Hash32): number {
  return Number.parseInt(root.slice(2, 10), 16);
}
