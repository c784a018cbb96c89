// After a cut nobody's late certificate changes on which block the next committee stands.
import { describe, expect, it } from "@jest/globals";
import {
  certificateFor,
  createWorld,
  extend,
  lastRejection,
  mineBlock,
  receive,
  testSpec,
  type World,
} from "../fakes.ts";

const RECOVERY = { stallBlocks: 4, coolDownBlocks: 6, sinceSnailBlock: 0 };
const CYCLE = 10;

/** A world whose newest `length` snail blocks carry the anchor of the block below them. */
function stalledWorld(length: number, changes: Parameters<typeof testSpec>[0] = { recovery: RECOVERY }): World {
  const world = createWorld(testSpec(changes));
  world.fast.commit();
  for (let mined = 0; mined <= length; mined++) extend(world);
  world.fast.commit();
  return world;
}

/** What becomes of a block that anchors the newest fast block, finished by the committee of `epoch`. */
function anchorNow(world: World, epoch: number): string {
  const anchor = world.fast.anchor();
  const certificate = certificateFor(anchor.hash, { epoch });
  const block = mineBlock(world, { anchor: { ...anchor, certificate } });
  world.nowSeconds = Math.max(world.nowSeconds, block.header.timestamp);
  return lastRejection(receive(world, block)) ?? "taken";
}

describe("an anchor after the cut", () => {
  it("is taken from the silent committee up to the cut, not above it", () => {
    expect(anchorNow(stalledWorld(CYCLE - 1), 0)).toBe("taken");
    expect(anchorNow(stalledWorld(CYCLE), 0)).toBe("SNAIL_ANCHOR_AFTER_CUT");
    expect(anchorNow(stalledWorld(CYCLE + 5), 0)).toBe("SNAIL_ANCHOR_AFTER_CUT");
  });

  it("is taken from the committee that follows, until it was silent for a cycle itself", () => {
    expect(anchorNow(stalledWorld(CYCLE), 1)).toBe("taken");
    expect(anchorNow(stalledWorld(2 * CYCLE - 1), 1)).toBe("taken");
    expect(anchorNow(stalledWorld(2 * CYCLE), 1)).toBe("SNAIL_ANCHOR_AFTER_CUT");
    expect(anchorNow(stalledWorld(2 * CYCLE), 2)).toBe("taken");
  });

  it("is taken from anybody where recovery has no say", () => {
    expect(anchorNow(stalledWorld(CYCLE, {}), 0)).toBe("taken");
    expect(anchorNow(stalledWorld(CYCLE, { recovery: { ...RECOVERY, sinceSnailBlock: 2 } }), 0)).toBe("taken");
    const byHand = stalledWorld(CYCLE);
    byHand.fast.isOverruled = true;
    expect(anchorNow(byHand, 0)).toBe("taken");
  });

  it("may be missing: blocks that go on with the old anchor are valid on both sides of the cut", () => {
    const world = stalledWorld(CYCLE);
    extend(world, { anchor: world.fast.anchor(1) });
    expect(world.chain.headEntry().block.header.anchorNumber).toBe(1);
  });
});
