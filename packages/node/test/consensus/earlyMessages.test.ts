import { ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { EarlyMessages, type MessageInput } from "../../src/consensus/earlyMessages.ts";

function aVote(from: string, view = 1): MessageInput {
  const vote = {
    kind: "prepare",
    epoch: 2,
    view,
    blockHash: ZERO_HASH,
    member: 0,
    signature: new Uint8Array(1),
  } as const;
  return { kind: "voteReceived", vote, from, nowMs: 0 };
}

describe("early messages", () => {
  it("are given out once, in order, to the epoch they are of", () => {
    const early = new EarlyMessages();
    early.add(2, aVote("a", 1));
    early.add(2, aVote("b", 2));
    expect(early.take(2).map(({ from }) => from)).toEqual(["a", "b"]);
    expect(early.take(2)).toEqual([]);
  });

  it("of an epoch that never came are dropped", () => {
    const early = new EarlyMessages();
    early.add(2, aVote("a"));
    expect(early.take(3)).toEqual([]);
    early.add(3, aVote("a"));
    early.add(4, aVote("b"));
    expect(early.take(4).map(({ from }) => from)).toEqual(["b"]);
  });

  it("of one loud sender leave room for the others", () => {
    const early = new EarlyMessages();
    const taken = Array.from({ length: 2_000 }, (_, view) => early.add(2, aVote("loud", view))).filter(Boolean);
    expect(taken).toHaveLength(32);
    expect(early.add(2, aVote("quiet"))).toBe(true);
  });

  it("of many senders are bounded", () => {
    const early = new EarlyMessages();
    for (let sender = 0; sender < 200; sender++)
      for (let view = 0; view < 32; view++) early.add(2, aVote(`${sender}`, view));
    expect(early.take(2)).toHaveLength(1_024);
  });
});
