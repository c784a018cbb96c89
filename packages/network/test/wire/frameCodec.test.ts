import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeFrame, encodeFrame, FRAME_BYTES_MAX } from "../../src/wire/frameCodec.ts";
import { carriesRequestId, MESSAGES, type MessageType } from "../../src/wire/messageType.ts";

const TYPES = Object.keys(MESSAGES) as MessageType[];

describe("the message table", () => {
  it("gives every type a number of its own in one byte", () => {
    const numbers = TYPES.map((type) => MESSAGES[type].number);
    expect(new Set(numbers).size).toBe(TYPES.length);
    expect(numbers.every((number) => number > 0 && number < 256)).toBe(true);
  });

  it("answers every request with a reply of the same class", () => {
    for (const type of TYPES) {
      const message = MESSAGES[type];
      if (message.kind !== "request") continue;
      expect(MESSAGES[message.reply]).toMatchObject({ kind: "reply", class: message.class });
    }
  });
});

describe("frame codec", () => {
  it("decodes what it encodes, for every type", () => {
    for (const type of TYPES) {
      const payload = new Uint8Array(Math.min(5, MESSAGES[type].payloadBytesMax)).fill(9);
      const requestId = carriesRequestId(type) ? 0xfedcba9876543210n : null;
      expect(decodeFrame(encodeFrame(type, requestId, payload))).toEqual({
        ok: true,
        value: { type, requestId, payload },
      });
    }
  });

  it("writes type, request id, payload", () => {
    expect(encodeFrame("vote", null, Uint8Array.of(5, 6))).toEqual(Uint8Array.of(0x11, 5, 6));
    expect(encodeFrame("getFastBlocks", 258n, Uint8Array.of(5))).toEqual(
      Uint8Array.of(0x20, 0, 0, 0, 0, 0, 0, 1, 2, 5),
    );
  });

  it("names what is wrong", () => {
    expect(decodeFrame(new Uint8Array(0))).toMatchObject({ ok: false, error: { code: "FRAME_EMPTY" } });
    expect(decodeFrame(Uint8Array.of(0xee, 1))).toMatchObject({ ok: false, error: { code: "FRAME_TYPE_UNKNOWN" } });
    expect(decodeFrame(Uint8Array.of(0x20, 0, 0, 0))).toMatchObject({ ok: false, error: { code: "FRAME_TRUNCATED" } });
    const vote = new Uint8Array(2 + MESSAGES.vote.payloadBytesMax).fill(0x11);
    expect(decodeFrame(vote)).toMatchObject({ ok: false, error: { code: "FRAME_OVERSIZE", facts: { type: "vote" } } });
    expect(decodeFrame(vote.subarray(1))).toMatchObject({ ok: true });
  });

  it("asserts what its own side must see to", () => {
    expect(() => encodeFrame("ping", null, new Uint8Array(9))).toThrow("exceed");
    expect(() => encodeFrame("vote", 1n, new Uint8Array(1))).toThrow("request id");
    expect(() => encodeFrame("fastBlocks", null, new Uint8Array(1))).toThrow("request id");
  });

  it("never throws on arbitrary bytes, and what decodes encodes to the same bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(...TYPES), fc.uint8Array({ maxLength: 40 }))
        .map(([type, rest]) => Uint8Array.of(MESSAGES[type].number, ...rest)),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const frame = decodeFrame(input);
        if (frame.ok) expect(encodeFrame(frame.value.type, frame.value.requestId, frame.value.payload)).toEqual(input);
        else expect(frame.error.code).toMatch(/^FRAME_/);
      }),
    );
  });

  it("has one limit that covers every type", () => {
    for (const type of TYPES) expect(FRAME_BYTES_MAX).toBeGreaterThanOrEqual(9 + MESSAGES[type].payloadBytesMax);
  });
});
