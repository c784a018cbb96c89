import { describe, expect, it } from "@jest/globals";
import { HeadAnnouncer } from "../../src/sync/headAnnouncer.ts";

const PEERS = ["follower", "voter"];

/** Answers who is told while something happens. */
function announcer() {
  let nowMs = 0;
  let snailNumber = 5;
  let told: readonly string[] = [];
  const heads = new HeadAnnouncer({
    clock: { nowMs: () => nowMs },
    snailNumber: () => snailNumber,
    tell: (mayLack) => {
      told = [...told, ...PEERS.filter(mayLack)];
    },
  });
  const toldIn = (pauseMs: number, happen: () => void): readonly string[] => {
    nowMs += pauseMs;
    told = [];
    happen();
    return told;
  };
  const block = (view: number, epoch = 0) => heads.onBlock({ epoch, view });
  const mine = (): void => void snailNumber++;
  return { heads, toldIn, block, mine };
}

describe("the announcement of heads", () => {
  it("follows a block, and is not repeated at the next beat", () => {
    const { heads, toldIn, block } = announcer();
    expect(toldIn(0, () => block(1))).toEqual(PEERS);
    expect(toldIn(1_000, () => heads.onBeat())).toEqual([]);
    expect(toldIn(1_000, () => heads.onBeat())).toEqual(PEERS);
  });

  it("leaves out blocks that follow each other at once, and tells the last of them with the beat", () => {
    const { heads, toldIn, block } = announcer();
    expect(toldIn(0, () => block(1))).toEqual(PEERS);
    expect(toldIn(20, () => block(2))).toEqual([]);
    expect(toldIn(79, () => block(3))).toEqual([]);
    expect(toldIn(500, () => heads.onBeat())).toEqual(PEERS);
    expect(toldIn(100, () => block(4))).toEqual(PEERS);
  });

  it("spares who has voted in the view of the head or later, until the head is newer than its vote", () => {
    const { heads, toldIn, block } = announcer();
    toldIn(0, () => heads.onBeat());
    heads.onVote("voter", { epoch: 1, view: 3 });
    heads.onVote("voter", { epoch: 1, view: 2 });
    expect(toldIn(1_000, () => block(3, 1))).toEqual(["follower"]);
    expect(toldIn(1_000, () => block(4, 1))).toEqual(PEERS);
    heads.onVote("voter", { epoch: 1, view: 9 });
    expect(toldIn(1_000, () => block(9, 1))).toEqual(["follower"]);
    expect(toldIn(1_000, () => block(1, 2))).toEqual(PEERS);
  });

  it("is for everyone once the snail chain has grown, once a peer has come anew, and every tenth beat", () => {
    const { heads, toldIn, block, mine } = announcer();
    toldIn(0, () => heads.onBeat());
    heads.onVote("voter", { epoch: 0, view: 9 });
    expect(toldIn(1_000, () => block(1))).toEqual(["follower"]);
    mine();
    expect(toldIn(1_000, () => block(2))).toEqual(PEERS);
    expect(toldIn(1_000, () => block(3))).toEqual(["follower"]);
    heads.onGone("voter");
    expect(toldIn(1_000, () => block(4))).toEqual(PEERS);
    heads.onVote("voter", { epoch: 0, view: 9 });
    for (let beat = 2; beat < 10; beat++) expect(toldIn(1_000, () => heads.onBeat())).not.toContain("voter");
    expect(toldIn(1_000, () => heads.onBeat())).toEqual(PEERS);
  });
});
