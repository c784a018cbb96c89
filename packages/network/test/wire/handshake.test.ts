import { asciiToBytes, encodeRlp, hexToBytes, type RlpItem, rlpInteger } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeHandshake, encodeHandshake, NODE_ROLES, verifyHandshake } from "../../src/wire/handshake.ts";
import { MESSAGES } from "../../src/wire/messageType.ts";
import { handshakeOf, hashOf } from "../samples.ts";

function encodedWith(changes: { readonly [field: number]: RlpItem }): Uint8Array {
  const fields: RlpItem[] = [
    rlpInteger(1),
    hexToBytes(hashOf(1)),
    hexToBytes(hashOf(2)),
    rlpInteger(1),
    asciiToBytes("agent"),
    rlpInteger(7),
    rlpInteger(3),
  ];
  return encodeRlp(fields.map((field, index) => changes[index] ?? field));
}

describe("handshake codec", () => {
  it("decodes what it encodes and fits its message", () => {
    for (const role of NODE_ROLES) {
      const handshake = handshakeOf({ role, headNumber: Number.MAX_SAFE_INTEGER, agent: "a".repeat(64) });
      const bytes = encodeHandshake(handshake);
      expect(bytes.length).toBeLessThanOrEqual(MESSAGES.handshake.payloadBytesMax);
      expect(decodeHandshake(bytes)).toEqual({ ok: true, value: handshake });
    }
  });

  it("carries capabilities, unknown ones too, and none where there are none", () => {
    for (const capabilities of [[1], [1, 2, 99], Array.from({ length: 32 }, (_, index) => index + 1)]) {
      const handshake = handshakeOf({ capabilities });
      expect(decodeHandshake(encodeHandshake(handshake))).toEqual({ ok: true, value: handshake });
    }
    expect(decodeHandshake(encodedWith({}))).not.toHaveProperty("value.capabilities");
    expect(verifyHandshake(handshakeOf(), handshakeOf({ capabilities: [1] })).ok).toBe(true);
  });

  it.each([
    ["none in the list", []],
    ["one twice", [1, 1]],
    ["falling numbers", [2, 1]],
    ["nothing that has a number", [0]],
    ["too many", Array.from({ length: 33 }, (_, index) => index + 1)],
  ])("refuses capabilities with %s", (_name, capabilities) => {
    expect(decodeHandshake(encodeHandshake(handshakeOf({ capabilities })))).toMatchObject({
      error: { code: "DECODE_INVALID" },
    });
  });

  it.each([
    ["a role nobody has", { 3: rlpInteger(9) }],
    ["a line break in the agent", { 4: asciiToBytes("a\nforged line") }],
    ["a terminal escape in the agent", { 4: asciiToBytes("a\u001b[2J") }],
    ["bytes beyond ASCII in the agent", { 4: Uint8Array.of(0xc3, 0xa4) }],
    ["an agent that is too long", { 4: asciiToBytes("a".repeat(65)) }],
    ["a short hash", { 1: new Uint8Array(31) }],
    ["a head beyond 2^53", { 5: rlpInteger(2n ** 53n) }],
    ["a list for a number", { 0: [] }],
  ])("refuses %s", (_name, changes) => {
    expect(decodeHandshake(encodedWith({}))).toMatchObject({ ok: true });
    expect(decodeHandshake(encodedWith(changes))).toMatchObject({ ok: false, error: { code: "DECODE_INVALID" } });
  });

  it("never throws on mutated or arbitrary bytes", () => {
    const good = encodeHandshake(handshakeOf());
    const mutated = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = good.slice();
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const decoded = decodeHandshake(bytes);
        if (decoded.ok) expect(encodeHandshake(decoded.value)).toEqual(bytes);
        else expect(decoded.error.code).toBe("DECODE_INVALID");
      }),
    );
  });
});

describe("verifyHandshake", () => {
  const own = handshakeOf();

  it("accepts any role, agent and head of the same network", () => {
    expect(
      verifyHandshake(own, handshakeOf({ role: "miner", agent: "other", headNumber: 0, snailNumber: 99 })).ok,
    ).toBe(true);
  });

  it.each([
    ["VERSION_MISMATCH", { protocolVersion: 2, genesisHash: hashOf(9) }],
    ["GENESIS_MISMATCH", { genesisHash: hashOf(9), specHash: hashOf(9) }],
    ["SPEC_MISMATCH", { specHash: hashOf(9) }],
  ] as const)("says %s, the same on both sides", (code, changes) => {
    const theirs = handshakeOf(changes);
    expect(verifyHandshake(own, theirs)).toMatchObject({ ok: false, error: { code } });
    expect(verifyHandshake(theirs, own)).toMatchObject({ ok: false, error: { code } });
  });
});
