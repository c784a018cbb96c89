import { describe, expect, it } from "@jest/globals";
import { Traffic } from "../../src/peer/traffic.ts";
import { encodeFrame } from "../../src/wire/frameCodec.ts";

describe("what passes through", () => {
  it("is counted by message and way; what is no message is not", () => {
    const traffic = new Traffic();
    expect(traffic.report()).toEqual([]);
    const vote = encodeFrame("vote", null, new Uint8Array(99));
    traffic.onSent(vote);
    traffic.onSent(vote);
    traffic.onReceived(encodeFrame("getFastBlocks", 1n, new Uint8Array(1)));
    for (const junk of [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(255, 1)]) traffic.onReceived(junk);
    expect(traffic.report()).toEqual([
      { message: "vote", sentFrames: 2, sentBytes: 200, receivedFrames: 0, receivedBytes: 0 },
      { message: "getFastBlocks", sentFrames: 0, sentBytes: 0, receivedFrames: 1, receivedBytes: 10 },
    ]);
  });
});
