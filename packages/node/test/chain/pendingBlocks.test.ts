// A node that has fallen behind hears of blocks far above its head: they must not keep out the next one.
import type { Hash32 } from "@festina/primitives";
import type { FastBlock } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { PendingBlocks } from "../../src/chain/pendingBlocks.ts";

const ROOM = 256;

const blockAt = (number: number, branch = 0): FastBlock =>
  ({
    hash: `0x${branch.toString(16)}${number.toString(16).padStart(63, "0")}` as Hash32,
    header: { number },
  }) as unknown as FastBlock;

function fullPending(from: number): PendingBlocks {
  // Neither chain nor spec is asked for received blocks.
  const pending = new PendingBlocks(null as never, null as never);
  for (let number = from; number < from + ROOM; number++) expect(pending.addReceived(blockAt(number))).toBe(true);
  return pending;
}

describe("received blocks when there is no more room", () => {
  it("takes one nearer to the head for the farthest", () => {
    const pending = fullPending(100);
    expect(pending.addReceived(blockAt(3))).toBe(true);
    expect(pending.block(blockAt(3).hash)).toEqual(blockAt(3));
    expect(pending.block(blockAt(100 + ROOM - 1).hash)).toBeUndefined();
    expect(pending.block(blockAt(100 + ROOM - 2).hash)).toBeDefined();
  });

  it("refuses one that is as far as the farthest or farther", () => {
    const pending = fullPending(100);
    expect(pending.addReceived(blockAt(100 + ROOM))).toBe(false);
    expect(pending.addReceived(blockAt(100 + ROOM - 1, 1))).toBe(false);
    expect(pending.block(blockAt(100 + ROOM - 1).hash)).toBeDefined();
  });

  it("takes one that it has already", () => {
    const pending = fullPending(100);
    expect(pending.addReceived(blockAt(100 + ROOM - 1))).toBe(true);
  });
});
