import { encodeRlp, hexToBytes, rlpInteger } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  BlockTransactionsServer,
  decodeTransactionsRequest,
  encodeTransactionsRequest,
} from "../../../src/sync/compact/blockTransactions.ts";
import { decodeParts } from "../../../src/sync/payloads.ts";
import { blockOf, hashOf, idOf, transfers } from "./compactWorld.ts";

const TRANSFERS = transfers(6);
const BLOCK = blockOf(TRANSFERS);

function begin() {
  let nowMs = 0;
  const server = new BlockTransactionsServer(
    (hash) => (hash === BLOCK.hash ? BLOCK : undefined),
    () => nowMs,
  );
  const ask = (places: readonly number[], blockHash = BLOCK.hash, peer = 1) =>
    server.serve(idOf(peer), encodeTransactionsRequest({ blockHash, places }));
  return { server, ask, pass: (ms: number) => (nowMs += ms) };
}

describe("transactions of a proposed block", () => {
  it("are given by their places", () => {
    const answer = begin().ask([0, 2, 5]);
    const parts = answer.ok ? decodeParts(answer.value, 3) : answer;
    expect(parts).toEqual({ ok: true, value: [0, 2, 5].map((place) => TRANSFERS[place]?.encoded) });
  });

  it("are refused by code where there is no such block, place or question", () => {
    const { ask, server } = begin();
    expect(ask([0], hashOf(1))).toMatchObject({ error: { code: "NOT_FOUND" } });
    expect(ask([0, 6])).toMatchObject({ error: { code: "REQUEST_INVALID" } });
    for (const payload of [new Uint8Array(0), Uint8Array.of(0xc0), new Uint8Array(500).fill(0xff)])
      expect(server.serve(idOf(1), payload)).toMatchObject({ error: { code: "REQUEST_INVALID" } });
  });

  it.each([
    ["nothing", []],
    ["one place twice", [1, 1]],
    ["falling places", [3, 2]],
    ["more places than a block has", Array.from({ length: 20_001 }, (_, index) => index)],
  ])("are not asked for by %s", (_name, places) => {
    const bytes = encodeRlp([hexToBytes(BLOCK.hash), places.map(rlpInteger)]);
    expect(decodeTransactionsRequest(bytes)).toMatchObject({ error: { code: "DECODE_INVALID" } });
  });

  it("are given so fast and no faster, to each peer", () => {
    const { server, ask, pass } = begin();
    const flood = (): readonly boolean[] => Array.from({ length: 20_000 }, () => ask([0, 1, 2, 3, 4, 5]).ok);
    const given = flood().filter(Boolean).length;
    expect(given).toBeGreaterThan(5_000);
    expect(given).toBeLessThan(16_384);
    expect(ask([0])).toMatchObject({ error: { code: "BUSY" } });
    expect(ask([0], BLOCK.hash, 2).ok).toBe(true);
    pass(1_000);
    expect(ask([0]).ok).toBe(true);
    flood();
    expect(ask([0], hashOf(1))).toMatchObject({ error: { code: "BUSY" } });
    server.onGone(idOf(1));
    expect(ask([0]).ok).toBe(true);
  });
});
