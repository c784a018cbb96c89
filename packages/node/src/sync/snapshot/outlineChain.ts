// The fast chain followed without executing it: outlines under their certificates, one reply after another, onto disk.
import type { ChainSpec } from "@festina/chainspec";
import {
  type Ancestry,
  type FastChainEnvironment,
  followFastBlock,
  type HybridState,
  hybridTimeMs,
  restartedState,
} from "@festina/fastchain";
import { assert, type Clock, fail, type Hash32, ok, pause, type Result } from "@festina/primitives";
import { type KeyValueStore, MetaStore, WriteBatch } from "@festina/storage";
import type { CommittedChain } from "../../chain/committedChain.ts";
import type { OutlinesReply } from "../statePayloads.ts";

export interface OutlineChainOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly store: KeyValueStore;
  readonly environment: Pick<FastChainEnvironment, "spec" | "suite" | "epochs">;
  readonly signing: Parameters<typeof followFastBlock>[4];
  readonly clock: Clock;
}

export type OutlineCode =
  | "OUTLINE_INVALID"
  /** Another block than the one that the heaviest snail chain anchors. */
  | "OUTLINE_OFF_ANCHOR";

/** Blocks followed at a stretch, some milliseconds. */
const BLOCKS_PER_TURN = 64;

export class OutlineChain {
  readonly #options: OutlineChainOptions;
  readonly #meta: MetaStore;
  #head: HybridState;
  /** Highest block that the snail chain has confirmed. */
  #anchored: number;

  constructor(options: OutlineChainOptions) {
    this.#options = options;
    this.#meta = new MetaStore(options.store);
    const { committed } = options;
    this.#anchored = committed.head.header.number;
    this.#head = this.#stateAt(this.#meta.outlineHead() ?? this.#anchored);
  }

  get head(): HybridState {
    return this.#head;
  }

  #stateAt(number: number): HybridState {
    const state = this.#options.committed.hybridState(number);
    assert(state !== undefined, "a followed block is stored");
    return state;
  }

  /** All of a reply or nothing of it. `anchors` are fast blocks by number, as the snail chain has them. */
  async import(
    { outlines, certificate }: OutlinesReply,
    anchors: ReadonlyMap<number, Hash32>,
  ): Promise<Result<number, OutlineCode>> {
    const { committed, environment, signing, spec, store, clock } = this.#options;
    const last = outlines.at(-1);
    if (last === undefined || certificate.blockHash !== last.hash || committed.verifyCommitted(certificate) !== "valid")
      return fail("OUTLINE_INVALID", "the certificate does not finalise the last block");
    const fresh = new Map<number, HybridState>();
    const ancestry: Ancestry = {
      hashOf: (number) => fresh.get(number)?.hash ?? committed.hashOf(number),
      timeMsOf: (number) => {
        const state = fresh.get(number);
        return state === undefined ? committed.timeMsOf(number) : hybridTimeMs(state);
      },
    };
    const batch = new WriteBatch();
    let head = this.#head;
    let anchored = this.#anchored;
    for (const [index, outline] of outlines.entries()) {
      const followed = followFastBlock(head, outline, ancestry, environment, signing);
      if (!followed.ok) return fail("OUTLINE_INVALID", `block ${outline.header.number}: ${followed.error.code}`);
      const { hybrid, certifies } = followed.value;
      const { number } = hybrid.header;
      const wanted = anchors.get(number);
      if (wanted !== undefined && wanted !== hybrid.hash) {
        await this.#backToAnchor();
        return fail("OUTLINE_OFF_ANCHOR", `block ${number} is not the anchored one`);
      }
      if (wanted !== undefined) anchored = number;
      fresh.set(number, hybrid);
      committed.saveOutline(batch, outline, hybrid);
      if (certifies !== null && outline.requests.certificate !== null)
        committed.saveCertificate(batch, certifies, outline.requests.certificate);
      head = restartedState(hybrid, spec);
      if (index % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await pause(clock, 0);
    }
    committed.saveCertificate(batch, head.header.number, certificate);
    this.#meta.saveOutlineHead(batch, head.header.number);
    await store.write(batch.operations);
    this.#head = head;
    this.#anchored = anchored;
    return ok(outlines.length);
  }

  /** Whether all that is here is what the snail chain anchors; back to what it confirms where it is not. */
  async confirm(anchors: ReadonlyMap<number, Hash32>): Promise<boolean> {
    const { committed } = this.#options;
    const { number: head } = this.#head.header;
    const numbers = [...anchors.keys()].filter((number) => number > this.#anchored && number <= head);
    for (const number of numbers.sort((a, b) => a - b)) {
      if (committed.hashOf(number) !== anchors.get(number)) {
        await this.#backToAnchor();
        return false;
      }
      this.#anchored = number;
    }
    return true;
  }

  /** What is above the last confirmed block may have come from the same hands. */
  async #backToAnchor(): Promise<void> {
    const batch = new WriteBatch();
    this.#meta.saveOutlineHead(batch, this.#anchored);
    await this.#options.store.write(batch.operations);
    this.#head = this.#stateAt(this.#anchored);
  }
}
