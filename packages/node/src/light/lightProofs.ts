// What a light node is asked for, fetched from peers and proved against the state root of a certified header.
import type { HashFunction } from "@festina/crypto";
import type { Address, Hash32 } from "@festina/primitives";
import { bigintToBytes, hexToBytes, LruMap, ZERO_HASH } from "@festina/primitives";
import type { StateReader } from "@festina/rpc";
import { type AccountRecord, EMPTY_CODE_HASH, LAST_KEY, StateArchive, StateStore } from "@festina/state";
import { WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { createStateReader } from "../backend/chainReader.ts";
import type { CommittedChain, StoredBlock } from "../chain/committedChain.ts";
import { decodeParts, encodeHashes, encodeRange } from "../sync/payloads.ts";
import { type CheckedBlock, checkFinishedBlock } from "../sync/snapshot/finishedBlocks.ts";
import type { Judged, PeerCircle } from "../sync/snapshot/peerCircle.ts";
import {
  CODES_PER_REQUEST_MAX,
  decodeChunks,
  decodeFinishedBlocks,
  encodeAccountsRequest,
  encodeSlotsRequest,
} from "../sync/statePayloads.ts";
import { ProofStore } from "./proofStore.ts";

export interface LightProofsOptions {
  readonly circle: PeerCircle;
  readonly committed: CommittedChain;
  readonly keccak: HashFunction;
  readonly recover: Parameters<typeof checkFinishedBlock>[2];
  readonly isStopped: () => boolean;
}

const GENERATION_BYTES_MAX = 32 * 1024 * 1024;
const BODIES_MAX = 64;

const forged = (message: string): { readonly kind: "forged"; readonly message: string } => ({
  kind: "forged",
  message,
});

export class LightProofs {
  readonly #options: LightProofsOptions;
  readonly #store = new ProofStore(GENERATION_BYTES_MAX);
  readonly #archive: StateArchive;
  readonly #bodies = new LruMap<Hash32, CheckedBlock>(BODIES_MAX);
  /** Reads what was fetched before. */
  readonly state: StateReader;

  constructor(options: LightProofsOptions) {
    this.#options = options;
    this.#archive = new StateArchive(this.#store, options.keccak);
    // No state is committed here: each is read by its trie, which caches no account.
    const states = (): StateStore => new StateStore(this.#store, options.keccak, ZERO_HASH);
    this.state = createStateReader(options.committed, {
      openAt: (root) => states().openAt(root),
      prove: (root, address, slots) => states().prove(root, address, slots),
      accountRange: () => undefined,
    });
  }

  get held(): Readonly<Record<string, number>> {
    return { lightNodes: this.#store.size, lightBlocks: this.#bodies.size };
  }

  body(number: number): Promise<boolean> {
    return this.#known(number, async (hash) => this.#bodies.get(hash) !== undefined || this.#fetchBody(number, hash));
  }

  blockByNumber(number: number): StoredBlock | undefined {
    const hash = this.#options.committed.hashOf(number);
    return hash === undefined ? undefined : this.#bodies.get(hash);
  }

  async account(number: number, address: Address): Promise<boolean> {
    return (await this.#account(number, address)) !== null;
  }

  async code(number: number, address: Address): Promise<boolean> {
    const fetched = await this.#account(number, address);
    if (fetched === null) return false;
    const hash = fetched.record?.codeHash ?? EMPTY_CODE_HASH;
    if (hash === EMPTY_CODE_HASH || this.#archive.code(hash) !== undefined) return true;
    return this.#ask("getCodes", encodeHashes([hash]), (payload, batch) => {
      const codes = decodeParts(payload, CODES_PER_REQUEST_MAX);
      const [code] = codes.ok ? codes.value : [];
      if (code === undefined || !this.#archive.takeCode(hash, code, batch).ok) return forged("not the code asked for");
      return { kind: "taken", value: true };
    }).then((taken) => taken !== null);
  }

  async slots(number: number, address: Address, slots: readonly bigint[]): Promise<boolean> {
    const fetched = await this.#account(number, address);
    if (fetched === null) return false;
    const root = fetched.record?.storageRoot ?? EMPTY_ROOT;
    if (root === EMPTY_ROOT) return true;
    for (const slot of slots) if (!(await this.#slot(root, slot))) return false;
    return true;
  }

  async #slot(root: Hash32, slot: bigint): Promise<boolean> {
    const from = this.#options.keccak(bigintToBytes(slot, LAST_KEY.length));
    const taken = await this.#ask("getSlots", encodeSlotsRequest([{ root, from }]), (payload, batch) => {
      const chunks = decodeChunks(payload, 1);
      const [chunk] = chunks.ok ? chunks.value : [];
      if (chunk === undefined || !this.#archive.takeSlots(root, { from, to: LAST_KEY }, chunk, batch).ok)
        return forged("not the storage asked for");
      return { kind: "taken", value: true };
    });
    return taken !== null;
  }

  /** `record` is `null` for an account that, as is proved, does not exist. */
  async #account(number: number, address: Address): Promise<{ readonly record: AccountRecord | null } | null> {
    const { committed, keccak } = this.#options;
    const root = committed.hybridState(number)?.header.stateRoot;
    if (root === undefined) return null;
    const key = keccak(hexToBytes(address));
    const span = { from: key, to: key };
    return this.#ask("getAccounts", encodeAccountsRequest({ root, span }), (payload, batch) => {
      const chunks = decodeChunks(payload, 1);
      const [chunk] = chunks.ok ? chunks.value : [];
      if (chunk === undefined) return forged("no chunk");
      const taken = this.#archive.takeAccounts(root, span, chunk, batch);
      if (!taken.ok || taken.value.rest !== null) return forged("not the account asked for");
      return { kind: "taken", value: { record: taken.value.records[0] ?? null } };
    });
  }

  async #known(number: number, fetch: (hash: Hash32) => Promise<boolean>): Promise<boolean> {
    const hash = this.#options.committed.hashOf(number);
    return hash !== undefined && fetch(hash);
  }

  async #fetchBody(number: number, hash: Hash32): Promise<boolean> {
    const taken = await this.#ask("getFinishedBlocks", encodeRange({ from: number, count: 1 }), (payload) => {
      const blocks = decodeFinishedBlocks(payload, 1);
      const [finished] = blocks.ok ? blocks.value : [];
      if (finished === undefined) return forged("no block");
      const checked = checkFinishedBlock(finished, hash, this.#options.recover);
      return checked.ok ? { kind: "taken", value: checked.value } : forged(checked.error.message);
    });
    if (taken === null) return false;
    this.#bodies.set(hash, taken);
    return true;
  }

  /** From peers in turn until one answers with what is proved; who answers otherwise is dropped. */
  async #ask<T>(
    type: "getAccounts" | "getSlots" | "getCodes" | "getFinishedBlocks",
    payload: Uint8Array,
    judge: (payload: Uint8Array, batch: WriteBatch) => Judged<T>,
  ): Promise<T | null> {
    const { circle, isStopped } = this.#options;
    if (circle.peers.length === 0) return null;
    return circle.ask(
      type,
      payload,
      async (bytes) => {
        const batch = new WriteBatch();
        const judged = judge(bytes, batch);
        if (judged.kind === "taken") await this.#store.write(batch.operations);
        return judged;
      },
      isStopped,
    );
  }
}
