import type { ExecutedBlock } from "@festina/fastchain";
import type { Certificate } from "@festina/types";
import type { Log } from "../log.ts";

/** Of blocks without transactions, which may come sixty a second and of which nobody reads so many lines. */
const EMPTY_BLOCK_PAUSE_MS = 250;

/** Tells of final blocks: of each that has transactions, and of empty ones at a pace that somebody can read. */
export class CommittedLog {
  readonly #log: Log;
  readonly #nowMs: () => number;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs of a clock that never goes back */
  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  tell({ block, hybrid }: ExecutedBlock, certificate: Certificate | null): void {
    const { number, gasUsed } = block.header;
    const transactions = block.transactions.length;
    const facts = { number, hash: block.hash, transactions, gasUsed, view: certificate?.view ?? null };
    this.#log[this.#isTooSoon(transactions) ? "debug" : "info"]("blockCommitted", facts);
    const { election } = hybrid;
    if (election.phase === "frozen" && election.frozenHeight === number)
      this.#log.info("electionFrozen", { epoch: election.epoch, number });
    const { handover } = block.requests;
    if (handover === null) return;
    const seats = handover.members.map((member) => member.seats).join("+");
    const { epoch, members } = handover;
    this.#log.info("handover", { epoch, firstBlock: number + 1, members: members.length, seats });
  }

  #isTooSoon(transactions: number): boolean {
    const nowMs = this.#nowMs();
    if (transactions === 0 && nowMs - this.#toldAtMs < EMPTY_BLOCK_PAUSE_MS) return true;
    this.#toldAtMs = nowMs;
    return false;
  }
}
