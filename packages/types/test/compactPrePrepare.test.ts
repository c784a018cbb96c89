import { concatBytes, decodeRlp, encodeRlp, hexToBytes, type RlpItem, rlpInteger } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  blockOfEnvelope,
  compactPlaces,
  decodeCompactPrePrepare,
  decodeFastBlock,
  encodeCompactPrePrepare,
  encodeFastBlock,
  type FastBlock,
  hashFastHeader,
  NO_REQUESTS,
  type PrePrepare,
  signTransaction,
  toCompact,
} from "../src/index.ts";
import { aFastHeader, aTransaction, CERTIFICATE, hash } from "./samples.ts";

const KEY = new Uint8Array(32).fill(7);
const TRANSACTIONS = [0n, 1n, 2n, 3n].map((nonce) => signTransaction(aTransaction({ nonce }), KEY));
const HEADER = aFastHeader();
const BLOCK: FastBlock = {
  header: HEADER,
  hash: hashFastHeader(HEADER),
  transactions: TRANSACTIONS,
  requests: { ...NO_REQUESTS, certificate: CERTIFICATE },
};
const MESSAGE: PrePrepare = {
  ...{ epoch: 1, view: 5, blockHash: BLOCK.hash, height: 7, parentHash: hash("34"), parentView: 4 },
  ...{ parentCertificate: CERTIFICATE, skips: [], reveal: new Uint8Array(96), signature: new Uint8Array(96) },
  envelope: encodeFastBlock(BLOCK),
};
const placesOf = (...whole: readonly number[]) => compactPlaces(toCompact(MESSAGE, BLOCK, whole));
const hashes = (...indexes: readonly number[]): Uint8Array =>
  concatBytes(...indexes.map((index) => hexToBytes(TRANSACTIONS[index]?.hash ?? "0x")));

/** The same message with other parts. */
function encodedWith(changes: { readonly [part: number]: RlpItem }): Uint8Array {
  const decoded = decodeRlp(encodeCompactPrePrepare(toCompact(MESSAGE, BLOCK, [1])));
  const parts = decoded.ok ? (decoded.value as readonly RlpItem[]) : [];
  return encodeRlp(parts.map((part, index) => changes[index] ?? part));
}
const given = (...indexes: readonly number[]): RlpItem =>
  indexes.map((index) => [rlpInteger(index), new Uint8Array(9)]);

describe("a compact proposal", () => {
  it("decodes to what was encoded, whichever transactions are whole", () => {
    for (const whole of [[], [0], [3], [0, 1], [1, 3], [0, 1, 2, 3]]) {
      const compact = toCompact(MESSAGE, BLOCK, whole);
      expect(decodeCompactPrePrepare(encodeCompactPrePrepare(compact))).toEqual({ ok: true, value: compact });
      const places = TRANSACTIONS.map(({ hash: name, encoded }, index) => (whole.includes(index) ? encoded : name));
      expect(compactPlaces(compact)).toEqual(places);
    }
    expect(placesOf()).toHaveLength(4);
  });

  it.each([
    ["half a hash", { 2: new Uint8Array(31) }],
    ["more hashes than a block has transactions", { 2: new Uint8Array(32 * 20_001) }],
    ["a place beyond the block", { 3: given(4) }],
    ["one place twice", { 3: given(1, 1) }],
    ["places that fall", { 3: given(2, 1) }],
    ["an endless place", { 3: [[new Uint8Array(8).fill(255), new Uint8Array(1)]] }],
    ["a place without a transaction", { 3: [[rlpInteger(1)]] }],
    ["too many requests", { 4: Array.from({ length: 17 }, () => new Uint8Array(1)) }],
    ["no header", { 1: [] }],
    ["a seventh part", { 4: [[]] }],
  ] as const)("with %s does not decode", (_name, changes) => {
    expect(decodeCompactPrePrepare(encodedWith({})).ok).toBe(true);
    expect(decodeCompactPrePrepare(encodedWith(changes as never))).toMatchObject({ error: { code: "DECODE_INVALID" } });
  });

  it("with an envelope does not decode", () => {
    const bytes = encodeCompactPrePrepare({ ...toCompact(MESSAGE, BLOCK, []), message: MESSAGE });
    expect(decodeCompactPrePrepare(bytes).ok).toBe(false);
  });

  it("has no places where a hash stands twice", () => {
    const compact = toCompact(MESSAGE, BLOCK, []);
    expect(compactPlaces({ ...compact, hashes: hashes(0, 1, 0) })).toBeNull();
    expect(compactPlaces({ ...compact, hashes: hashes(0, 1, 2) })).toHaveLength(3);
  });

  it("is taken in one form only, and never throws", () => {
    const good = encodeCompactPrePrepare(toCompact(MESSAGE, BLOCK, [2]));
    const mutated = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = good.slice();
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const decoded = decodeCompactPrePrepare(bytes);
        if (!decoded.ok) return expect(decoded.error.code).toBe("DECODE_INVALID");
        expect(encodeCompactPrePrepare(decoded.value)).toEqual(bytes);
        compactPlaces(decoded.value);
      }),
    );
  });
});

describe("an envelope", () => {
  it("that was made here is read without decoding; any other bytes are decoded", () => {
    const known = blockOfEnvelope(MESSAGE.envelope);
    expect(known.ok && known.value).toBe(BLOCK);
    const copy = MESSAGE.envelope.slice();
    expect(blockOfEnvelope(copy)).toEqual(decodeFastBlock(copy));
    expect(blockOfEnvelope(copy).ok).toBe(true);
    copy[copy.length - 1] = (copy[copy.length - 1] as number) ^ 1;
    expect(blockOfEnvelope(copy)).toEqual(decodeFastBlock(copy));
  });
});
