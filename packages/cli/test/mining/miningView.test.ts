import { describe, expect, it } from "@jest/globals";
import { createTally, type MiningTally } from "../../src/mining/miningTally.ts";
import {
  createJsonView,
  createLineView,
  createTerminalView,
  formatRate,
  type MiningEvent,
} from "../../src/mining/miningView.ts";
import { formatCoins } from "../../src/output/amounts.ts";

const COIN = 10n ** 18n;
const START: MiningEvent = {
  event: "mining",
  payout: "0xaa",
  supports: "0xbb",
  rpc: "http://n",
  threads: 2,
  cpuShare: 0.5,
};
const WIN: MiningEvent = { event: "accepted", fruit: "0xf1", block: "0xb1" };

function aTally(): MiningTally {
  const tally = { ...createTally(), fruits: 7, blocks: 2, stale: 1, snailNumber: 41 };
  tally.refused.set("SHARE_WRONG", 3);
  return { ...tally, paidWei: 12n * COIN + COIN / 2n, dueWei: COIN, expectedPerHourWei: 300n * COIN };
}

describe("view of a miner", () => {
  it("is one line an event, and a status every ten seconds, where nobody watches", () => {
    const lines: string[] = [];
    const view = createLineView((line) => lines.push(line));
    view.tell(START);
    view.tell(WIN);
    view.tell({ event: "accepted", fruit: null, block: "0xb2" });
    view.tell({ event: "refused", code: "SHARE_WRONG", message: "no" });
    view.tell({ event: "paid", amountWei: COIN });
    view.tell({ event: "idle", reason: "the node is gone" });
    view.tell({ event: "failed", message: "a thread died" });
    for (let second = 0; second < 10; second++) view.show(aTally(), 82_640, "searching");
    view.end(aTally(), 5);
    expect(lines).toEqual([
      "mining for 0xaa in support of 0xbb with 2 threads at 50 % of a core, for http://n",
      "fruit accepted 0xf1, snail block accepted 0xb1",
      "snail block accepted 0xb2",
      "refused: no [SHARE_WRONG]",
      "paid 1 coins",
      "not searching: the node is gone",
      "error: a thread died",
      "82.64 kH/s  snail block 41  7 fruits  2 blocks  1 stale  3 refused  paid 12.5  due 1  expected 300 an hour",
      "5 H/s  snail block 41  7 fruits  2 blocks  1 stale  3 refused  paid 12.5  due 1  expected 300 an hour",
    ]);
  });

  it("is one JSON object a line for scripts, amounts as text", () => {
    const lines: string[] = [];
    const view = createJsonView((line) => lines.push(line));
    view.tell({ event: "paid", amountWei: 2n ** 70n });
    view.show(aTally(), 10.4, "searching");
    view.end({ ...aTally(), expectedPerHourWei: null }, 0);
    const [paid, status, end] = lines.map((line) => JSON.parse(line) as object);
    expect(paid).toEqual({ event: "paid", amountWei: (2n ** 70n).toString() });
    expect(status).toEqual({
      event: "status",
      hashesPerSecond: 10,
      snailNumber: 41,
      fruits: 7,
      blocks: 2,
      stale: 1,
      refused: { SHARE_WRONG: 3 },
      paidWei: "12500000000000000000",
      dueWei: "1000000000000000000",
      expectedPerHourWei: "300000000000000000000",
    });
    expect(end).toMatchObject({ event: "end", expectedPerHourWei: null });
  });

  it("is drawn over itself in a terminal, with what happened last", () => {
    let screen = "";
    const view = createTerminalView((text) => {
      screen = text;
    });
    view.tell(START);
    for (let win = 0; win < 9; win++) view.tell({ ...WIN, fruit: `0xf${win}` });
    view.show(aTally(), 2_000_000, "searching");
    expect(screen).not.toContain("\u001b[14A");
    for (const text of ["2.00 MH/s   searching", "7 accepted, 1 stale, 3 refused", "300 an hour", "12.5   and 1 due"])
      expect(screen).toContain(text);
    expect(screen).toContain("0xf8");
    expect(screen).not.toContain("0xf3");
    const height = screen.split("\n").length - 1;
    view.show(aTally(), 0, "waiting for work");
    expect(screen.startsWith(`\u001b[${height}A\r\u001b[0J`)).toBe(true);
  });

  it("counts coins and hashes for people", () => {
    expect([0n, 1n, COIN / 10n ** 6n, COIN, 10n * COIN + COIN / 4n].map(formatCoins)).toEqual([
      "0",
      "0",
      "0.000001",
      "1",
      "10.25",
    ]);
    expect([0, 999, 1_000, 12_345_678, 5e12].map(formatRate)).toEqual([
      "0 H/s",
      "999 H/s",
      "1.00 kH/s",
      "12.35 MH/s",
      "5000.00 GH/s",
    ]);
  });
});
