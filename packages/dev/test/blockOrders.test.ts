import type { HybridState } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { BlockOrders } from "../src/blockOrders.ts";
import { DevTime } from "../src/devTime.ts";

const hash = (number: number) => `0x${number.toString(16).padStart(64, "0")}` as Hash32;
const tip = (number: number) =>
  ({ hash: hash(number), header: { timestamp: 1_000 }, timeMs: 1_000_000 }) as unknown as HybridState;
const block = (number: number) =>
  ({ hash: hash(number), header: { parentHash: hash(number - 1) } }) as unknown as FastBlock;

describe("BlockOrders", () => {
  let endTurn: (() => void)[];
  let woken: number;
  let orders: BlockOrders;

  beforeEach(() => {
    endTurn = [];
    woken = 0;
    orders = new BlockOrders({
      time: new DevTime(() => 1_000_000, false),
      nextTurn: () => new Promise((resolve) => endTurn.push(resolve)),
      wake: () => (woken += 1),
    });
    orders.begin(hash(0));
  });

  const passTurn = async (): Promise<void> => {
    for (const end of endTurn.splice(0)) end();
    await Promise.resolve();
  };

  it("waits for what is sent at the same time, once for each block", async () => {
    expect([orders.isWanted(tip(0), true), orders.isWanted(tip(0), true)]).toEqual([false, false]);
    expect([endTurn.length, woken]).toEqual([1, 0]);
    await passTurn();
    expect([orders.isWanted(tip(0), true), woken]).toEqual([true, 1]);

    orders.onCommitted(block(1));
    expect(orders.isWanted(tip(1), true)).toBe(false);
    await passTurn();
    expect([orders.isWanted(tip(1), true), woken]).toEqual([true, 2]);
  });

  it("wants nothing without work, and no block that is not automatic", async () => {
    expect(orders.isWanted(tip(0), false)).toBe(false);
    orders.isAutomatic = false;
    expect(orders.isWanted(tip(0), true)).toBe(false);
    expect(endTurn).toEqual([]);
  });

  it("makes a block that was asked for without waiting", () => {
    void orders.order();
    expect(orders.isWanted(tip(0), false)).toBe(true);
  });

  it("stands on the newest final block only", async () => {
    orders.isWanted(tip(0), true);
    await passTurn();
    expect(orders.isWanted(tip(1), true)).toBe(false);
  });
});
