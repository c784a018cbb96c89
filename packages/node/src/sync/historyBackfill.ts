// Fetches, from the newest down, the blocks that a node which began by snapshot never executed.
import type { Network, NodeId } from "@festina/network";
import { type Clock, pause, type Result } from "@festina/primitives";
import { type KeyValueStore, MetaStore, WriteBatch } from "@festina/storage";
import type { RecoveredTransaction, Transaction } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { Log } from "../log.ts";
import { encodeRange } from "./payloads.ts";
import { type CheckedBlock, checkFinishedBlock } from "./snapshot/finishedBlocks.ts";
import { decodeFinishedBlocks } from "./statePayloads.ts";

export interface HistoryBackfillOptions {
  readonly network: () => Network;
  readonly committed: CommittedChain;
  readonly store: KeyValueStore;
  readonly recover: (transaction: Transaction) => Result<RecoveredTransaction>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFatal: (error: unknown) => void;
}

const BLOCKS_PER_REQUEST = 64;
const REQUEST_TIMEOUT_MS = 8_000;
/** Between two requests: what is new goes before what is old. */
const REST_MS = 30;
const RETRY_MS = 1_000;

type Outcome = "stored" | "nothing" | "forged";

export class HistoryBackfill {
  readonly #options: HistoryBackfillOptions;
  readonly #meta: MetaStore;
  #heldFrom: number;
  #count = BLOCKS_PER_REQUEST;
  #turn = 0;
  #isStopped = false;

  constructor(options: HistoryBackfillOptions) {
    this.#options = options;
    this.#meta = new MetaStore(options.store);
    this.#heldFrom = this.#meta.heldFrom() ?? 1;
  }

  /** Lowest block above genesis from which on all are here. */
  get heldFrom(): number {
    return this.#heldFrom;
  }

  start(): void {
    if (this.#heldFrom > 1) this.#work().catch(this.#options.onFatal);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#isStopped && this.#heldFrom > 1) {
      const outcome = await this.#fetchSome();
      await pause(clock, outcome === "stored" ? REST_MS : RETRY_MS);
    }
    if (this.#heldFrom === 1) log.info("historyWhole", {});
  }

  async #fetchSome(): Promise<Outcome> {
    const network = this.#options.network();
    const peers = network.peers();
    const peer = peers[this.#turn++ % Math.max(1, peers.length)]?.nodeId;
    if (peer === undefined) return "nothing";
    const count = Math.min(this.#count, this.#heldFrom - 1);
    const payload = encodeRange({ from: this.#heldFrom - count, count });
    const answer = await network.request(peer, "getFinishedBlocks", payload, REQUEST_TIMEOUT_MS);
    if (!answer.ok || this.#isStopped) return "nothing";
    const outcome = await this.#take(answer.value, count, peer);
    if (outcome === "forged") network.penalise(peer, "PROOF_INVALID");
    return outcome;
  }

  async #take(payload: Uint8Array, count: number, peer: NodeId): Promise<Outcome> {
    const { committed, store, recover, clock, log } = this.#options;
    const blocks = decodeFinishedBlocks(payload, count);
    if (!blocks.ok || blocks.value.length === 0) return "forged";
    if (blocks.value.length < count) {
      // They are large: fewer at a time reach up to what is here.
      this.#count = blocks.value.length;
      return "stored";
    }
    const first = this.#heldFrom - count;
    const checked: CheckedBlock[] = [];
    for (const [index, finished] of blocks.value.entries()) {
      const hash = committed.hashOf(first + index);
      const block = hash === undefined ? undefined : checkFinishedBlock(finished, hash, recover);
      if (block?.ok !== true) {
        log.warn("backfillRefused", { peer, number: first + index, message: block?.error.message });
        return "forged";
      }
      checked.push(block.value);
      await pause(clock, 0);
    }
    const batch = new WriteBatch();
    for (const { block, executed } of checked) committed.saveBody(batch, block, executed);
    this.#meta.saveHeldFrom(batch, first);
    await store.write(batch.operations);
    this.#heldFrom = first;
    return "stored";
  }
}
