// What leaves the machine of a dishonest member, frame by frame.
import { decodeFrame, encodeFrame } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import { decodeVote, encodeVote, type Vote } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { Mischief, MischiefTools } from "../../../src/byzantine/mischief.ts";
import { createMischief } from "../../../src/byzantine/mischiefClasses.ts";
import { changeFastBlock } from "../../../src/wholeNode/voters/changeFastBlock.ts";
import { VoterMischief } from "../../../src/wholeNode/voters/voterMischief.ts";
import { createStreams } from "../../../src/world/streams.ts";

const vote: Vote = {
  kind: "prepare",
  epoch: 1,
  view: 7,
  blockHash: `0x${"ab".repeat(32)}` as Hash32,
  member: 2,
  signature: new Uint8Array(16).fill(3),
};
const voteFrame = encodeFrame("vote", null, encodeVote(vote));
const blockFrame = encodeFrame("requestedBlock", 5n, Uint8Array.of(1, 2, 3));
const statusFrame = encodeFrame("status", null, Uint8Array.of(0xc2, 1, 2));
const pingFrame = encodeFrame("ping", null, Uint8Array.of(1));

function voter(mischief: Mischief) {
  const acts: string[] = [];
  const tools = { index: 2, dice: createStreams(1)("dice") } as unknown as MischiefTools;
  return { acts, it: new VoterMischief(mischief, tools, (what) => acts.push(what)) };
}

describe("a dishonest member's wire", () => {
  it("carries what its class makes of votes, blocks and the rest, and sessions as they are", () => {
    const silent = voter(createMischief("silent"));
    for (const frame of [voteFrame, blockFrame, statusFrame]) expect(silent.it.send(0, frame)).toEqual([]);
    expect(silent.it.send(0, pingFrame)).toEqual([pingFrame]);
    expect(silent.it.acts).toBe(3);
    expect(silent.acts).toEqual(["silent: vote to 0", "silent: requestedBlock to 0", "silent: status to 0"]);

    const withholder = voter(createMischief("certificateWithholder"));
    expect(withholder.it.send(0, blockFrame)).toEqual([]);
    for (const frame of [voteFrame, statusFrame]) expect(withholder.it.send(0, frame)).toEqual([frame]);
    expect(withholder.it.acts).toBe(1);
  });

  it("has statements in place of others, and wrong bytes in frames of the same kind", () => {
    const twice = voter({
      name: "twice",
      rewrite: () => ["itself", { kind: "vote", vote: { ...vote, view: 8 } }],
      rewriteOther: () => ["garbled"],
    });
    const [first, second] = twice.it.send(1, voteFrame);
    expect(first).toBe(voteFrame);
    const decoded = decodeVote((second ?? voteFrame).subarray(1));
    expect(decoded.ok && decoded.value).toEqual({ ...vote, view: 8 });
    for (const frame of [blockFrame, statusFrame]) {
      const [wrong] = twice.it.send(1, frame);
      const [before, after] = [decodeFrame(frame), decodeFrame(wrong ?? frame)];
      expect(before.ok && after.ok && after.value.type === before.value.type).toBe(true);
      expect(before.ok && after.ok && after.value.requestId === before.value.requestId).toBe(true);
      expect(wrong).not.toEqual(frame);
    }
  });

  it("lets through what is not even a frame", () => {
    const frame = Uint8Array.of(0xff, 1);
    expect(voter(createMischief("silent")).it.send(0, frame)).toEqual([frame]);
    expect(changeFastBlock(frame, "another")).toBeNull();
  });
});
