// Messages between processes: they take time, wait for bandwidth, get lost, doubled, overtaken, damaged or cut off.
import type { FaultCounts } from "./faultCounts.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Dice } from "./streams.ts";

export interface LinkConditions {
  /** Every message takes at least this long. */
  readonly latencyMs: number;
  /** And on average this much longer (exponential): what lets messages overtake each other. */
  readonly jitterMs: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
  readonly corruptRate: number;
  /** A message is held up for up to `delayMaxMs`. */
  readonly delayRate: number;
  readonly delayMaxMs: number;
  /** What a process can send; 0 = no limit. */
  readonly bytesPerMs: number;
}

export const CALM_LINKS: LinkConditions = {
  latencyMs: 5,
  jitterMs: 5,
  lossRate: 0,
  duplicateRate: 0,
  corruptRate: 0,
  delayRate: 0,
  delayMaxMs: 0,
  bytesPerMs: 0,
};

export interface NetworkOptions<Message> {
  readonly processes: number;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly counts: FaultCounts;
  readonly sizeOf: (message: Message) => number;
  /** The message with damaged bytes as its receiver would decode them, or `null` when it would not. */
  readonly corrupt: (message: Message, dice: Dice) => Message | null;
  readonly deliver: (to: number, from: number, message: Message) => void;
}

export class SimNetwork<Message> {
  readonly #options: NetworkOptions<Message>;
  /** From row to column: how many faults cut this direction now. */
  readonly #cuts: number[][];
  readonly #slowness: number[];
  /** When a process's line has sent what it was given so far. */
  readonly #lineFreeMs: number[];
  /** When the last message of a direction is due: an earlier one overtakes. */
  readonly #lastDueMs: number[][];
  conditions: LinkConditions = CALM_LINKS;

  constructor(options: NetworkOptions<Message>) {
    this.#options = options;
    const { processes } = options;
    const square = (): number[][] => Array.from({ length: processes }, () => new Array<number>(processes).fill(0));
    this.#cuts = square();
    this.#lastDueMs = square();
    this.#slowness = new Array<number>(processes).fill(0);
    this.#lineFreeMs = new Array<number>(processes).fill(0);
  }

  /** Cuts one direction; answers with what mends it. Cuts add up. */
  cut(from: number, to: number): () => void {
    const row = this.#cuts[from] as number[];
    row[to] = (row[to] as number) + 1;
    return () => {
      row[to] = (row[to] as number) - 1;
    };
  }

  /** Everything to and from this process takes this much longer. */
  slowDown(process: number, byMs: number): void {
    this.#slowness[process] = byMs;
  }

  isCut(from: number, to: number): boolean {
    return (this.#cuts[from]?.[to] ?? 0) > 0;
  }

  send(from: number, to: number, message: Message): void {
    const { dice, counts } = this.#options;
    const { lossRate, duplicateRate } = this.conditions;
    if (this.isCut(from, to)) return;
    if (dice.chance(lossRate)) {
      counts.note("drop");
      return;
    }
    this.#sendCopy(from, to, message);
    if (!dice.chance(duplicateRate)) return;
    counts.note("duplicate");
    this.#sendCopy(from, to, message);
  }

  #sendCopy(from: number, to: number, message: Message): void {
    const { scheduler, dice, counts, corrupt, deliver } = this.#options;
    const { corruptRate } = this.conditions;
    let arriving: Message | null = message;
    if (dice.chance(corruptRate)) {
      counts.note("corruptBytes");
      arriving = corrupt(message, dice);
    }
    if (arriving === null) return;
    const whole = arriving;
    const dueMs = this.#dueMs(from, to, message);
    scheduler.after(dueMs - scheduler.nowMs, () => {
      // A cut swallows what is under way, too.
      if (!this.isCut(from, to)) deliver(to, from, whole);
    });
  }

  #dueMs(from: number, to: number, message: Message): number {
    const { scheduler, dice, counts, sizeOf } = this.#options;
    const { latencyMs, jitterMs, delayRate, delayMaxMs, bytesPerMs } = this.conditions;
    let startMs = scheduler.nowMs;
    if (bytesPerMs > 0) {
      const freeMs = this.#lineFreeMs[from] as number;
      if (freeMs > startMs) counts.note("bandwidthCap");
      startMs = Math.max(startMs, freeMs) + sizeOf(message) / bytesPerMs;
      this.#lineFreeMs[from] = startMs;
    }
    let dueMs = startMs + latencyMs + dice.waiting(jitterMs);
    if (dice.chance(delayRate)) {
      counts.note("delay");
      dueMs += dice.between(0, delayMaxMs);
    }
    dueMs += (this.#slowness[from] as number) + (this.#slowness[to] as number);
    const last = this.#lastDueMs[from] as number[];
    if (dueMs < (last[to] as number)) counts.note("reorder");
    else last[to] = dueMs;
    return dueMs;
  }
}
