import type { Network, NodeId, RequestAnswer } from "@festina/network";
import { type Clock, OperationError, type Result } from "@festina/primitives";
import { type Certificate, decodeFastBlock, decodeSnailBlock, type FastBlock } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";
import type { Log } from "../log.ts";
import type { SnailService } from "../snail/snailService.ts";
import {
  BLOCKS_PER_REPLY_MAX,
  decodeFastBlocks,
  decodeParts,
  encodeRange,
  encodeSnailBlocksRequest,
  type FastBlocksReply,
} from "./payloads.ts";
import { SyncProgress } from "./snapshot/syncProgress.ts";

export interface ChainSyncOptions {
  readonly network: () => Network;
  readonly chain: FastChain;
  readonly snail: SnailService;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly clock: Clock;
  /** The chain spec allows for committees that no block names. */
  readonly mayRecover: boolean;
  /** Blocks were fetched and committed up to this height. */
  readonly onSynced: (certificate: Certificate, height: number) => void;
  /** The store has failed: what is in memory may be ahead of the disk. */
  readonly onFatal: (error: unknown) => void;
}

const REQUEST_TIMEOUT_MS = 5_000;
const ROUNDS_MAX = 10_000;
/** Consensus itself brings the newest blocks; a gap this small is only fetched when it lasts. */
const SMALL_GAP_BLOCKS = 2;
/** Worth telling how far it is. */
const LONG_GAP_BLOCKS = 256;
const SMALL_GAP_PATIENCE_MS = 1_500;

/** Fetches what this node missed: final fast blocks with the certificate that makes them so, snail blocks in order. */
export class ChainSync {
  readonly progress: SyncProgress;
  readonly #options: ChainSyncOptions;
  #highest = 0;
  #isFastBusy = false;
  #isSnailBusy = false;
  /** Our head when it was last seen behind a peer's, and since when it has stood there. */
  #stuck = { head: -1, sinceMs: 0 };

  constructor(options: ChainSyncOptions) {
    this.#options = options;
    this.progress = new SyncProgress(options.log, options.clock, () => this.#highest);
  }

  get isBusy(): boolean {
    return this.#isFastBusy;
  }

  /** A peer says how far it is. One catch-up per chain runs at a time; others are asked again at their next status. */
  onPeerHeads(peer: NodeId, fastNumber: number, snailNumber: number): void {
    const { snail, log, onFatal } = this.#options;
    const failed = (what: string) => (error: unknown) => {
      log.error("syncFailed", { what, message: String(error) });
      if (error instanceof OperationError) onFatal(error);
    };
    if (this.#isBehind(fastNumber) && !this.#isFastBusy) {
      this.#isFastBusy = true;
      this.#catchUpFast(peer, fastNumber)
        .catch(failed("fast chain"))
        .finally(() => {
          this.#isFastBusy = false;
        });
    }
    if (snailNumber > snail.chain.head().number && !this.#isSnailBusy) {
      this.#isSnailBusy = true;
      this.#catchUpSnail(peer, snailNumber)
        .catch(failed("snail chain"))
        .finally(() => {
          this.#isSnailBusy = false;
        });
    }
  }

  #isBehind(fastNumber: number): boolean {
    const head = this.#options.chain.committed.head.header.number;
    if (fastNumber <= head) return false;
    if (fastNumber > head + SMALL_GAP_BLOCKS) return true;
    const nowMs = this.#options.nowMs();
    if (this.#stuck.head !== head) this.#stuck = { head, sinceMs: nowMs };
    return nowMs - this.#stuck.sinceMs >= SMALL_GAP_PATIENCE_MS;
  }

  async #catchUpFast(peer: NodeId, target: number): Promise<void> {
    const { chain } = this.#options;
    const { number: first } = chain.committed.head.header;
    if (target > first + LONG_GAP_BLOCKS) this.progress.enter("replay", first);
    this.#highest = target;
    try {
      await this.#fetchAndImport(peer, target);
    } finally {
      this.progress.leave();
    }
  }

  #ask(peer: NodeId, from: number): Promise<RequestAnswer> {
    const payload = encodeRange({ from, count: BLOCKS_PER_REPLY_MAX });
    return this.#options.network().request(peer, "getFastBlocks", payload, REQUEST_TIMEOUT_MS);
  }

  async #fetchAndImport(peer: NodeId, target: number): Promise<void> {
    const { chain, network } = this.#options;
    let next: { readonly from: number; readonly answer: Promise<RequestAnswer> } | null = null;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const from = chain.committed.head.header.number + 1;
      if (from > target) return;
      const answer: RequestAnswer = await (next?.from === from ? next.answer : this.#ask(peer, from));
      if (!answer.ok) return;
      const reply = decodeFastBlocks(answer.value);
      const after = from + (reply.ok ? reply.value.envelopes.length : 0);
      // The next blocks travel while these are executed.
      next = after > from && after <= target ? { from: after, answer: this.#ask(peer, after) } : null;
      const imported = reply.ok ? await this.#importFast(reply.value) : invalid(reply.error.message);
      this.progress.report(chain.committed.head.header.number, target);
      if (!imported.ok) {
        this.#options.log.warn("syncRefused", { peer, code: imported.error.code, message: imported.error.message });
        if (imported.error.code === "SYNC_INVALID") network().penalise(peer, "CONTENT_INVALID");
        return;
      }
      // A peer without anything new must not keep us from asking others; consensus may also have been faster.
      if (imported.value === 0) return;
    }
  }

  async #importFast(reply: FastBlocksReply): Promise<Result<number>> {
    const { chain } = this.#options;
    const blocks: FastBlock[] = [];
    for (const envelope of reply.envelopes) {
      const block = decodeFastBlock(envelope);
      if (!block.ok) return invalid(block.error.message);
      blocks.push(block.value);
    }
    const fresh = blocks.filter(({ header }) => header.number > chain.committed.head.header.number);
    const last = fresh.at(-1);
    if (last === undefined) return { ok: true, value: 0 };
    const { certificate } = reply;
    const signatures = chain.committed.verifyCommitted(certificate);
    // A committee that recovery seated is known once our snail chain has come as far as its cut.
    if (signatures === "unknown" && this.#options.mayRecover)
      return { ok: false, error: { code: "SYNC_COMMITTEE_UNKNOWN", message: `epoch ${certificate.epoch}` } };
    if (certificate.blockHash !== last.hash || signatures !== "valid")
      return invalid("the certificate does not finalise the last block");
    let expected = chain.committed.head.hash;
    for (const block of fresh) {
      if (block.header.parentHash !== expected) return invalid("the blocks are not linked");
      expected = block.hash;
      // Consensus may have been faster meanwhile.
      if (chain.committed.numberOf(block.hash) !== undefined) continue;
      chain.pending.addReceived(block);
      const executed = await chain.execute(block.hash, "committed");
      if (!executed.ok) return { ok: false, error: { code: executed.error.code, message: executed.error.message } };
    }
    if (chain.committed.numberOf(last.hash) !== undefined) return { ok: true, value: 0 };
    if (!(await chain.commit(last.hash, certificate))) return { ok: true, value: 0 };
    this.#options.onSynced(certificate, last.header.number);
    return { ok: true, value: fresh.length };
  }

  async #catchUpSnail(peer: NodeId, target: number): Promise<void> {
    const { snail, network } = this.#options;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = snail.chain.head().number;
      if (before >= target) return;
      // A little overlap finds the fork when the peer follows another branch.
      const from = Math.max(1, before - round);
      const payload = encodeSnailBlocksRequest({ kind: "range", from, count: 64 });
      const answer = await network().request(peer, "getSnailBlocks", payload, REQUEST_TIMEOUT_MS);
      const parts = answer.ok ? decodeParts(answer.value, BLOCKS_PER_REPLY_MAX) : answer;
      if (!parts.ok || parts.value.length === 0) return;
      for (const part of parts.value) {
        const block = decodeSnailBlock(part);
        if (!block.ok) return network().penalise(peer, "PAYLOAD_INVALID");
        snail.receiveBlock(block.value, peer);
      }
      if (snail.chain.head().number === before) return;
    }
  }
}

function invalid(message: string): Result<never> {
  return { ok: false, error: { code: "SYNC_INVALID", message } };
}
