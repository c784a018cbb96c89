import type { Network, NodeId } from "@festina/network";
import { ok } from "@festina/primitives";
import { type FastBlock, type PrePrepare, toCompact } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { decodeTransactionsRequest } from "../../../src/sync/compact/blockTransactions.ts";
import { ProposalRebuilder, type RebuilderOptions } from "../../../src/sync/compact/proposalRebuilder.ts";
import { encodeParts } from "../../../src/sync/payloads.ts";
import { VirtualClock } from "../../committee/virtualClock.ts";
import { blockOf, hashOf, idOf, proposalOf, QuietNetwork, transfers, UNANSWERED } from "./compactWorld.ts";

const TRANSFERS = transfers(10);
const BLOCK = blockOf(TRANSFERS);
const MESSAGE = proposalOf(BLOCK);
const LEADER = idOf(1);
const COMPACT = toCompact(MESSAGE, BLOCK, []);

/** A member that has all transactions but these. */
function begin(lacking: readonly number[], changes: Partial<RebuilderOptions> = {}) {
  const network = new QuietNetwork();
  const clock = new VirtualClock();
  const pool = new Map(
    TRANSFERS.flatMap((each, index) => (lacking.includes(index) ? [] : [[each.hash, each] as const])),
  );
  const delivered: PrePrepare[] = [];
  const codes: unknown[] = [];
  const fetched: (readonly [string, NodeId | string])[] = [];
  const rebuilder = new ProposalRebuilder({
    network: () => network as unknown as Network,
    block: () => undefined,
    transaction: (hash) => pool.get(hash),
    isAwaited: () => true,
    isFromLeader: (_message, peer) => peer === LEADER,
    fetchBlock: async (hash, from) => {
      fetched.push([hash, from]);
      return null;
    },
    clock,
    log: { debug: (_event, facts) => codes.push(facts?.["code"]), info() {}, warn() {}, error() {} },
    onFatal: (error) => {
      throw error;
    },
    ...changes,
  });
  const take = (compact = COMPACT, from: NodeId = LEADER): void =>
    rebuilder.take(compact, from, (message) => delivered.push(message));
  return { network, clock, pool, rebuilder, delivered, codes, fetched, take };
}

const placesAsked = (payload: Uint8Array | undefined) => {
  const decoded = decodeTransactionsRequest(payload ?? new Uint8Array(0));
  return decoded.ok && decoded.value.blockHash === BLOCK.hash ? decoded.value.places : null;
};
const partsOf = (...places: readonly number[]) =>
  ok(encodeParts(places.map((place) => TRANSFERS[place]?.encoded ?? new Uint8Array(0))));

describe("a compact proposal that comes in", () => {
  it("is what was proposed, byte for byte and at once, where nothing is missing", () => {
    const { take, delivered, network } = begin([]);
    take();
    take(toCompact(MESSAGE, BLOCK, [0, 4, 9]));
    expect(delivered).toEqual([MESSAGE, MESSAGE]);
    expect(network.asked).toEqual([]);
  });

  it("comes with what is new to us: nothing is asked", () => {
    const { take, delivered, network } = begin([3, 4]);
    take(toCompact(MESSAGE, BLOCK, [3, 4]));
    expect([delivered, network.asked]).toEqual([[MESSAGE], []]);
  });

  it("is the block that we hold, whatever is listed", () => {
    const { take, delivered } = begin([0, 1, 2], { block: (): FastBlock => BLOCK });
    take({ ...COMPACT, hashes: new Uint8Array(64) });
    expect(delivered).toEqual([MESSAGE]);
  });

  it("is completed by its sender in one question, also where everything is missing", async () => {
    for (const lacking of [[2], [0, 5, 9], [...TRANSFERS.keys()]]) {
      const { take, delivered, network, rebuilder } = begin(lacking);
      take();
      take();
      expect(network.asked.map(({ peer, payload }) => [peer, placesAsked(payload)])).toEqual([[LEADER, lacking]]);
      expect([delivered, rebuilder.waiting]).toEqual([[], 1]);
      await network.answer(partsOf(...lacking));
      expect([delivered, rebuilder.waiting, network.penalties]).toEqual([[MESSAGE], 0, []]);
    }
  });

  it("is completed by others where the sender is silent, by what came meanwhile, and at last by the whole block", async () => {
    const { take, delivered, network, pool } = begin([1, 2, 3]);
    take();
    await network.answer(UNANSWERED);
    expect(placesAsked(network.asked[0]?.payload)).toEqual([1, 2, 3]);
    await network.answer(partsOf(1));
    expect(placesAsked(network.asked[0]?.payload)).toEqual([2, 3]);
    pool.set(TRANSFERS[2]?.hash as never, TRANSFERS[2] as never);
    pool.set(TRANSFERS[3]?.hash as never, TRANSFERS[3] as never);
    await network.answer(UNANSWERED);
    expect(delivered).toEqual([MESSAGE]);

    const whole = begin([1], { fetchBlock: async () => BLOCK });
    whole.take();
    for (let asked = 0; asked < 3; asked++) await whole.network.answer(UNANSWERED);
    expect([whole.delivered, whole.network.asked, whole.rebuilder.waiting]).toEqual([[MESSAGE], [], 0]);
  });

  it("is given up where nobody answers: nobody pays, nothing is kept", async () => {
    const { take, delivered, network, rebuilder, codes, fetched } = begin([1]);
    take();
    const asked: NodeId[] = [];
    while (network.asked.length > 0) {
      asked.push(network.asked[0]?.peer as NodeId);
      await network.answer(UNANSWERED);
    }
    expect(asked).toEqual([LEADER, idOf(2), idOf(3)]);
    expect([fetched, codes]).toEqual([[[BLOCK.hash, LEADER]], ["COMPACT_UNANSWERED"]]);
    expect([delivered, rebuilder.waiting, network.penalties]).toEqual([[], 0, []]);
  });

  it.each([
    ["another header", { header: { ...BLOCK.header, gasUsed: 1n } }, "COMPACT_HEADER"],
    ["a hash twice", { hashes: new Uint8Array(64) }, "COMPACT_TRANSACTIONS"],
    ["no transaction", { whole: [{ index: 0, encoded: new Uint8Array(4) }] }, "COMPACT_TRANSACTIONS"],
    ["unknown requests", { requests: [Uint8Array.of(1, 2)] }, "COMPACT_REQUESTS"],
  ] as const)("with %s costs its sender and asks nobody", (_name, changes, code) => {
    const { take, network, delivered, codes } = begin([1]);
    take({ ...COMPACT, ...changes });
    expect([delivered, network.asked, codes]).toEqual([[], [], [code]]);
    expect(network.penalties).toEqual([[LEADER, "CONTENT_INVALID"]]);
  });

  it.each([
    ["another transaction", partsOf(2)],
    ["no transaction", ok(encodeParts([Uint8Array.of(1, 2, 3)]))],
    ["too many", partsOf(1, 2)],
    ["no list", ok(Uint8Array.of(1))],
  ])("costs its sender dearly when it answers with %s", async (_name, answer) => {
    const { take, network, delivered, codes, rebuilder } = begin([1]);
    take();
    await network.answer(answer);
    expect([delivered, network.asked, codes, rebuilder.waiting]).toEqual([[], [], ["COMPACT_LIE"], 0]);
    expect(network.penalties).toEqual([[LEADER, "PROOF_INVALID"]]);
  });

  it("does not make others pay for its sender's list", async () => {
    const wrong = { ...COMPACT, hashes: COMPACT.hashes.map((byte, at) => (at < 32 ? 7 : byte)) };
    const { take, network, delivered } = begin([], { fetchBlock: async () => BLOCK });
    take(wrong);
    await network.answer(UNANSWERED);
    await network.answer(partsOf(0));
    await network.answer(partsOf(0));
    expect([network.penalties, delivered]).toEqual([[], [MESSAGE]]);
  });

  it("of who has not proven to lead asks the sender alone, and seldom", async () => {
    const { take, network, rebuilder, fetched, clock, delivered } = begin([1]);
    const stranger = idOf(2);
    for (let view = 1; view <= 40; view++)
      take(toCompact(proposalOf(blockOf(TRANSFERS, view), view), blockOf(TRANSFERS, view), []), stranger);
    expect(network.asked.map(({ peer }) => peer)).toEqual(new Array(8).fill(stranger));
    expect(rebuilder.waiting).toBe(4);
    while (network.asked.length > 0) await network.answer(UNANSWERED);
    expect([fetched, rebuilder.waiting, delivered]).toEqual([[], 0, []]);
    await clock.advance(1_000);
    take(COMPACT, stranger);
    expect(network.asked).toHaveLength(1);
  });

  it("of one leader waits with one other at most: the newest; of all no more than a few", async () => {
    const { take, network, rebuilder, delivered } = begin([1], { isFromLeader: () => true });
    const compactAt = (view: number) => {
      const block = blockOf(TRANSFERS, view);
      return toCompact(proposalOf(block, view), block, []);
    };
    for (let view = 1; view <= 10; view++) take(compactAt(view));
    expect(rebuilder.waiting).toBe(2);
    for (let index = 0; index < 10; index++) await network.answer(partsOf(1));
    expect(delivered.map(({ view }) => view)).toEqual([9, 10]);
    for (let peer = 10; peer < 210; peer++) take(compactAt(1), idOf(peer));
    expect(rebuilder.waiting).toBe(64);
    rebuilder.onGone(idOf(209));
    expect(rebuilder.waiting).toBe(63);
  });

  it("asks for nothing that consensus is past, and stops when it gets there", async () => {
    let isAwaited = false;
    const { take, network, rebuilder, delivered, fetched } = begin([1], { isAwaited: () => isAwaited });
    take();
    expect([network.asked, rebuilder.waiting]).toEqual([[], 0]);
    isAwaited = true;
    take();
    isAwaited = false;
    await network.answer(partsOf(1));
    expect([delivered, network.asked, fetched, rebuilder.waiting]).toEqual([[], [], [], 0]);
  });

  it("names transactions that do not exist: the whole block is the last resort, and its root decides", async () => {
    const nothing = { ...COMPACT, hashes: new Uint8Array(32).fill(9) };
    const { take, network, fetched } = begin([]);
    take(nothing);
    expect(placesAsked(network.asked[0]?.payload)).toEqual([0]);
    while (network.asked.length > 0) await network.answer(UNANSWERED);
    expect(fetched).toEqual([[BLOCK.hash, LEADER]]);
    expect(hashOf(9)).toHaveLength(66);
  });
});
