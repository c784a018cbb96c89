import { createPrng, encodeRlp } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  CHUNK_ENTRIES_MAX,
  decodeAccountsRequest,
  decodeChunks,
  decodeFinishedBlocks,
  decodeOutlines,
  decodeSlotsRequest,
  decodeSnailHeaders,
  encodeAccountsRequest,
  encodeChunks,
  encodeFinishedBlocks,
  encodeSlotsRequest,
  STORAGES_PER_REQUEST_MAX,
} from "../../src/sync/statePayloads.ts";

const root = `0x${"ab".repeat(32)}` as const;
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const chunk = {
  entries: [{ name: new Uint8Array(20).fill(1), value: Uint8Array.of(5) }],
  isLast: false,
  proof: [new Uint8Array(100).fill(3)],
};

describe("payloads of a beginning", () => {
  it("come out as they went in", () => {
    const request = { root: root as never, span: { from: key(1), to: key(9) } };
    expect(decodeAccountsRequest(encodeAccountsRequest(request))).toEqual({ ok: true, value: request });
    const slots = [{ root: root as never, from: key(2) }];
    expect(decodeSlotsRequest(encodeSlotsRequest(slots))).toEqual({ ok: true, value: slots });
    expect(decodeChunks(encodeChunks([chunk, { ...chunk, isLast: true }]), 2)).toEqual({
      ok: true,
      value: [chunk, { ...chunk, isLast: true }],
    });
    const blocks = [{ envelope: Uint8Array.of(1, 2), outcomes: Uint8Array.of(3) }];
    expect(decodeFinishedBlocks(encodeFinishedBlocks(blocks), 1)).toEqual({ ok: true, value: blocks });
  });

  it("are refused beyond their limits", () => {
    const slots = Array.from({ length: STORAGES_PER_REQUEST_MAX + 1 }, () => ({ root: root as never, from: key(2) }));
    expect(decodeSlotsRequest(encodeSlotsRequest(slots)).ok).toBe(false);
    expect(decodeChunks(encodeChunks([chunk, chunk]), 1).ok).toBe(false);
    const entries = Array.from({ length: CHUNK_ENTRIES_MAX + 1 }, () => chunk.entries[0] as (typeof chunk.entries)[0]);
    expect(decodeChunks(encodeChunks([{ ...chunk, entries }]), 1).ok).toBe(false);
    expect(decodeChunks(encodeChunks([{ ...chunk, proof: Array.from({ length: 131 }, () => key(1)) }]), 1).ok).toBe(
      false,
    );
    expect(
      decodeChunks(encodeChunks([{ ...chunk, entries: [{ name: key(1), value: new Uint8Array(129) }] }]), 1).ok,
    ).toBe(false);
  });

  it("give a value or a code whatever the bytes", () => {
    const random = createPrng(4);
    const decoders = [
      decodeAccountsRequest,
      decodeSlotsRequest,
      (bytes: Uint8Array) => decodeChunks(bytes, 4),
      decodeOutlines,
      decodeSnailHeaders,
      (bytes: Uint8Array) => decodeFinishedBlocks(bytes, 4),
    ];
    const seeds = [encodeChunks([chunk]), encodeRlp([[key(1)], [key(2), key(3)]]), random.bytes(200)];
    for (let round = 0; round < 400; round++) {
      const bytes = (seeds[round % seeds.length] as Uint8Array).slice(0, 1 + random.below(300));
      bytes[random.below(bytes.length)] = random.below(256);
      for (const decode of decoders) expect(typeof decode(bytes).ok).toBe("boolean");
    }
  });
});
