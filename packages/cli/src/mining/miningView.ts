import { formatCoins } from "../output/amounts.ts";
import type { MiningTally } from "./miningTally.ts";

/** What happens while mining; one line each where nobody watches a terminal. */
export type MiningEvent =
  | {
      readonly event: "mining";
      readonly payout: string;
      readonly supports: string | null;
      readonly rpc: string;
      readonly threads: number;
      readonly cpuShare: number;
    }
  | { readonly event: "accepted"; readonly fruit: string | null; readonly block: string | null }
  | { readonly event: "refused"; readonly code: string; readonly message: string }
  | { readonly event: "paid"; readonly amountWei: bigint }
  | { readonly event: "idle"; readonly reason: string }
  | { readonly event: "failed"; readonly message: string };

export interface MiningView {
  tell(event: MiningEvent): void;
  /** Once a second. */
  show(tally: MiningTally, hashesPerSecond: number, state: string): void;
  /** For the last time. */
  end(tally: MiningTally, hashesPerSecond: number): void;
}

/** Seconds between two status lines where the view cannot be drawn over. */
const STATUS_EVERY = 10;

export function formatRate(hashesPerSecond: number): string {
  const units = ["H/s", "kH/s", "MH/s", "GH/s"] as const;
  let value = hashesPerSecond;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(unit === 0 ? 0 : 2)} ${units[unit]}`;
}

function describe(event: MiningEvent): string {
  switch (event.event) {
    case "mining":
      return `mining for ${event.payout}${event.supports === null ? "" : ` in support of ${event.supports}`} with ${event.threads} thread${event.threads === 1 ? "" : "s"} at ${Math.round(event.cpuShare * 100)} % of a core, for ${event.rpc}`;
    case "accepted":
      return [
        event.fruit === null ? "" : `fruit accepted ${event.fruit}`,
        event.block === null ? "" : `snail block accepted ${event.block}`,
      ]
        .filter(Boolean)
        .join(", ");
    case "refused":
      return `refused: ${event.message} [${event.code}]`;
    case "paid":
      return `paid ${formatCoins(event.amountWei)} coins`;
    case "idle":
      return `not searching: ${event.reason}`;
    case "failed":
      return `error: ${event.message}`;
  }
}

const refusedCount = ({ refused }: MiningTally): number => [...refused.values()].reduce((sum, count) => sum + count, 0);

function statusLine(tally: MiningTally, hashesPerSecond: number): string {
  const expected = tally.expectedPerHourWei === null ? "?" : formatCoins(tally.expectedPerHourWei);
  return (
    `${formatRate(hashesPerSecond)}  snail block ${tally.snailNumber}  ${tally.fruits} fruits  ${tally.blocks} blocks  ` +
    `${tally.stale} stale  ${refusedCount(tally)} refused  paid ${formatCoins(tally.paidWei)}  ` +
    `due ${formatCoins(tally.dueWei)}  expected ${expected} an hour`
  );
}

function statusFacts(tally: MiningTally, hashesPerSecond: number): Record<string, unknown> {
  const { expectedPerHourWei } = tally;
  return {
    event: "status",
    hashesPerSecond: Math.round(hashesPerSecond),
    snailNumber: tally.snailNumber,
    fruits: tally.fruits,
    blocks: tally.blocks,
    stale: tally.stale,
    refused: Object.fromEntries(tally.refused),
    paidWei: tally.paidWei.toString(),
    dueWei: tally.dueWei.toString(),
    expectedPerHourWei: expectedPerHourWei === null ? null : expectedPerHourWei.toString(),
  };
}

/** One JSON object a line, for scripts. */
export function createJsonView(print: (line: string) => void): MiningView {
  const write = (facts: unknown): void =>
    print(JSON.stringify(facts, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item)));
  return {
    tell: write,
    show: (tally, hashesPerSecond) => write(statusFacts(tally, hashesPerSecond)),
    end: (tally, hashesPerSecond) => write({ ...statusFacts(tally, hashesPerSecond), event: "end" }),
  };
}

/** Plain lines, for logs and pipes. */
export function createLineView(print: (line: string) => void): MiningView {
  let calls = 0;
  return {
    tell: (event) => print(describe(event)),
    show: (tally, hashesPerSecond) => {
      if (++calls % STATUS_EVERY === 0) print(statusLine(tally, hashesPerSecond));
    },
    end: (tally, hashesPerSecond) => print(statusLine(tally, hashesPerSecond)),
  };
}

const RECENT_LINES = 5;
const CLEAR_DOWN = "\u001b[0J";
const clockTime = (): string => new Date().toTimeString().slice(0, 8);

/** A view that is drawn over itself in a terminal. */
export function createTerminalView(write: (text: string) => void): MiningView {
  let title = "";
  const recent: string[] = [];
  let drawn = 0;
  const draw = (lines: readonly string[]): void => {
    const back = drawn === 0 ? "" : `\u001b[${drawn}A\r`;
    write(`${back}${CLEAR_DOWN}${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  const panel = (tally: MiningTally, hashesPerSecond: number, state: string): readonly string[] => {
    const expected =
      tally.expectedPerHourWei === null ? "not known yet" : `${formatCoins(tally.expectedPerHourWei)} an hour`;
    return [
      title,
      "",
      `  rate       ${formatRate(hashesPerSecond)}   ${state}`,
      `  fruits     ${tally.fruits} accepted, ${tally.stale} stale, ${refusedCount(tally)} refused`,
      `  blocks     ${tally.blocks}   (snail block ${tally.snailNumber} is searched for)`,
      `  expected   ${expected}`,
      `  received   ${formatCoins(tally.paidWei)}   and ${formatCoins(tally.dueWei)} due`,
      "",
      ...recent.map((line) => `  ${line}`),
    ];
  };
  return {
    tell: (event) => {
      if (event.event === "mining") title = describe(event);
      else recent.push(`${clockTime()}  ${describe(event)}`);
      if (recent.length > RECENT_LINES) recent.shift();
    },
    show: (tally, hashesPerSecond, state) => draw(panel(tally, hashesPerSecond, state)),
    end: (tally, hashesPerSecond) =>
      draw([...panel(tally, hashesPerSecond, "stopped"), statusLine(tally, hashesPerSecond)]),
  };
}
