import { encodeHybridState, type HybridState } from "@festina/fastchain";
import type { NodeId, RequestType } from "@festina/network";
import { bytesToHex, fail, ok } from "@festina/primitives";
import { type KeyValueStore, MetaStore } from "@festina/storage";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CommittedChain } from "../../../src/chain/committedChain.ts";
import type { FestinaNode } from "../../../src/index.ts";
import { decodeRange } from "../../../src/sync/payloads.ts";
import { aDisk, aSpec, CommitteeNetwork, type Kept, MEMBER_ADDRESSES, OWNERS } from "../../committee/committee.ts";
import { mockSuite } from "../../committee/mockSuite.ts";

const BLOCKS = 70;
/** Longer than anybody waits. */
const LATE_MS = 9_000;

describe("beginning by snapshot", () => {
  const spec = aSpec();
  const net = new CommitteeNetwork(spec, [0]);

  beforeAll(async () => {
    await net.start(0, 1, 2, 3);
    await net.until(`${BLOCKS} blocks`, () => net.height() >= BLOCKS, 400_000);
  }, 120_000);

  afterAll(() => net.stopAll());

  function chainOn(kept: Kept["store"]): CommittedChain {
    const chain = new CommittedChain(kept, mockSuite, spec);
    chain.load();
    return chain;
  }

  async function stopNode(node: FestinaNode): Promise<void> {
    let isStopped = false;
    void node.stop().finally(() => {
      isStopped = true;
    });
    await net.until("it has stopped", () => isStopped);
  }

  const stable = (state: HybridState | undefined, changes: Partial<HybridState> = {}): string =>
    state === undefined ? "missing" : bytesToHex(encodeHybridState({ ...state, ...changes }));

  it("has the members' hybrid state, accounts and head, and fetches what was before", async () => {
    const kept = aDisk();
    const node = await net.follower(kept, { sync: { mode: "snapshot" } });
    const settled = net.events("stateSettled").at(-1)?.facts["number"] as number;
    expect(settled).toBeGreaterThanOrEqual(BLOCKS);
    await net.until("the follower's history is whole", () => net.events("historyWhole").length > 0);
    await net.until("the follower is at the head", () => node.backend.chain.head() >= settled + 5);
    const ours = chainOn(kept.store);
    const theirs = chainOn(net.storeOf(0));
    expect(theirs.head.committee.epoch).toBeGreaterThan(1);
    for (let number = 0; number <= settled + 5; number++) {
      const [own, other] = [ours.recordedState(number), theirs.recordedState(number)];
      const left =
        number === 0 || number >= settled
          ? {}
          : { candidates: [], supply: spec.genesisAccounts.length === 0 ? undefined : own?.supply };
      expect(stable(own, left as Partial<HybridState>)).toBe(stable(other, left as Partial<HybridState>));
      expect(ours.finished(number)).toEqual(theirs.finished(number));
    }
    for (const address of OWNERS) {
      const at = ours.head.header.number;
      expect(node.backend.state.balance(address, at)).toBe(net.node(0).backend.state.balance(address, at));
    }
    await stopNode(node);
  }, 120_000);

  it("is not misled by wrong chunks, wrong headers or silence, and drops who sends them", async () => {
    const relay = await net.stranger();
    const member = relay.peers()[0]?.nodeId as NodeId;
    const bend = (payload: Uint8Array): Uint8Array => {
      const copy = payload.slice();
      copy[copy.length >> 1] = (copy[copy.length >> 1] as number) ^ 1;
      return copy;
    };
    const liar = (index: number, lies: readonly RequestType[], isSilent = false): Promise<string> =>
      net.peer(index, 1_000_000, (network) => {
        for (const type of ASKED)
          network.onRequest(type, async (_peer, payload) => {
            if (isSilent) return new Promise(() => undefined);
            const answer = await relay.request(member, type, payload, 5_000);
            if (!answer.ok) return fail("NOT_FOUND", "not here");
            return ok(lies.includes(type) ? bend(answer.value) : answer.value);
          });
      });
    const liars = [
      await liar(60, ["getAccounts", "getSlots", "getCodes"]),
      await liar(61, ["getSnailHeaders"]),
      await liar(62, ["getFastOutlines"]),
      await liar(63, ["getFinishedBlocks"]),
      await liar(64, [], true),
    ];
    const before = net.events("syncPeerDropped").length;
    const node = await net.follower(aDisk(), { sync: { mode: "snapshot" } }, [...liars, MEMBER_ADDRESSES[1] as string]);
    const dropped = net.events("syncPeerDropped").slice(before);
    const who = new Set(dropped.map(({ facts }) => `${String(facts["peer"])}@memory:1`));
    // A lie about a block's body is met only by whom that block is asked of.
    for (const address of [liars[0], liars[1], liars[2], liars[4]]) expect(who).toContain(address);
    expect(who).not.toContain(MEMBER_ADDRESSES[1]);
    const at = node.backend.chain.head();
    expect(at).toBeGreaterThanOrEqual(BLOCKS);
    for (const address of OWNERS)
      expect(node.backend.state.balance(address, at)).toBe(net.node(0).backend.state.balance(address, at));
    await stopNode(node);
    void relay.stop();
  }, 120_000);

  it("forgives a peer that misses an answer now and then, and takes less from it at a time", async () => {
    const relay = await net.stranger();
    const member = relay.peers()[0]?.nodeId as NodeId;
    const missed = new Set<RequestType>();
    const wanted: number[] = [];
    const slow = await net.peer(70, 1_000_000, (network) => {
      for (const type of ASKED)
        network.onRequest(type, async (_peer, payload) => {
          if (type === "getSnailHeaders") {
            const range = decodeRange(payload);
            wanted.push(range.ok ? range.value.count : 0);
          }
          if (!missed.has(type)) {
            missed.add(type);
            await new Promise<void>((resolve) => net.clock.setTimer(LATE_MS, resolve));
          }
          const answer = await relay.request(member, type, payload, 5_000);
          return answer.ok ? ok(answer.value) : fail("NOT_FOUND", "not here");
        });
    });
    const before = net.events("syncPeerDropped").length;
    const node = await net.follower(aDisk(), { sync: { mode: "snapshot" } }, [slow, MEMBER_ADDRESSES[1] as string]);
    expect(missed).toContain("getSnailHeaders");
    expect(wanted[1]).toBeLessThan(wanted[0] as number);
    expect(net.events("syncPeerDropped").slice(before)).toEqual([]);
    expect(node.backend.chain.head()).toBeGreaterThanOrEqual(BLOCKS);
    await stopNode(node);
    void relay.stop();
  }, 120_000);

  it("goes on wherever it was cut off", async () => {
    const kept = aDisk();
    for (const [serial, writes] of [1, 2, 3, 2, 5].entries()) {
      void net.begin(
        { ...kept, store: diesAfter(kept.store, writes) },
        { sync: { mode: "snapshot" } },
        MEMBER_ADDRESSES,
        1 + serial,
      );
      await net.until("it is cut off", () => false, 4_000).catch(() => undefined);
    }
    const meta = new MetaStore(kept.store);
    expect(meta.outlineHead()).toBeGreaterThanOrEqual(BLOCKS);
    const node = await net.follower(kept, { sync: { mode: "snapshot" } });
    const at = node.backend.chain.head();
    for (const address of OWNERS)
      expect(node.backend.state.balance(address, at)).toBe(net.node(0).backend.state.balance(address, at));
    expect(meta.laying()).toBeUndefined();
    await stopNode(node);
  }, 120_000);
});

const ASKED: readonly RequestType[] = [
  "getSnailHeaders",
  "getFastOutlines",
  "getAccounts",
  "getSlots",
  "getCodes",
  "getFinishedBlocks",
];

/** The process is gone in the middle of a write: what was written before is there. */
function diesAfter(store: KeyValueStore, writes: number): KeyValueStore {
  let left = writes;
  return {
    get: (key) => store.get(key),
    entries: (range) => store.entries(range),
    write: (batch, options) => (left-- > 0 ? store.write(batch, options) : new Promise(() => undefined)),
    close: async () => undefined,
  };
}
