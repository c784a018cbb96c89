import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { type FinderEffect, type FinderOptions, type Link, PeerFinder } from "../../src/discovery/peerFinder.ts";
import type { NodeId } from "../../src/nodeId.ts";
import { nodeIdOf } from "../samples.ts";
import { fakeRecord, GENESIS, keysOf, limitsOf, NO_SEATS, recordOf, seatsOf } from "./testRecords.ts";

const OWN = nodeIdOf(0xee);
const TELLER = { nodeId: nodeIdOf(0xdd), host: "77.1.1.1" };

function finderOf(changes: Partial<FinderOptions> = {}): PeerFinder {
  const prng = createPrng(9);
  return new PeerFinder(
    {
      ownId: OWN,
      genesisHash: GENESIS,
      bookKey: new Uint8Array(32).fill(1),
      bootnodes: [],
      verify: () => true,
      seats: NO_SEATS,
      random: () => prng.next() / 2 ** 32,
      mayDial: () => true,
      limits: limitsOf(),
      ...changes,
    },
    null,
  );
}

const dialled = (effects: readonly FinderEffect[]): readonly NodeId[] =>
  effects.flatMap((effect) => (effect.kind === "dial" ? [effect.address.nodeId] : []));
const outbound = (nodeId: NodeId, host: string): Link => ({ nodeId, direction: "outbound", host, isKept: false });

/** Dials succeed at once, for as long as there are any; answers with who was reached. */
function connectAll(finder: PeerFinder, nowMs: number): readonly NodeId[] {
  const reached: NodeId[] = [];
  for (let round = 0; round < 50; round++) {
    for (const nodeId of dialled(finder.step(nowMs))) {
      finder.onUp(outbound(nodeId, finder.book.get(nodeId)?.address.host ?? ""), nowMs);
      reached.push(nodeId);
    }
  }
  return reached;
}

describe("the peer finder", () => {
  it("dials up to its quota, a few at a time, and a netgroup no more than twice", () => {
    const finder = finderOf();
    for (let seed = 0; seed < 60; seed++)
      finder.onRecord(fakeRecord(seed, `${30 + (seed % 3)}.1.${seed}.1`).encoded, TELLER);
    expect(dialled(finder.step(0))).toHaveLength(4);
    const wide = finderOf();
    for (let seed = 0; seed < 60; seed++) wide.onRecord(fakeRecord(seed, `${30 + seed}.1.1.1`).encoded, TELLER);
    expect(new Set(connectAll(finder, 0)).size + 4).toBeLessThanOrEqual(6);
    // Then it looks, now and then, whether another one answers, and drops it again.
    const limits = limitsOf();
    const reached = connectAll(wide, 0);
    expect(reached.length - 1).toBe(limits.outboundTarget);
  });

  it("drops a connection that was only a look, and asks every other for peers", () => {
    const finder = finderOf({ limits: limitsOf({ outboundTarget: 1 }) });
    for (let seed = 0; seed < 9; seed++) finder.onRecord(fakeRecord(seed, `${30 + seed}.1.1.1`).encoded, TELLER);
    const [first] = dialled(finder.step(0));
    const [look] = dialled(finder.step(0));
    if (first === undefined || look === undefined) throw new Error("it dials");
    expect(finder.onUp(outbound(first, finder.book.get(first)?.address.host ?? ""), 0)).toEqual([
      { kind: "ask", nodeId: first },
    ]);
    const [probe] = dialled(finder.step(0));
    expect(probe).toBeUndefined();
    expect(finder.onUp(outbound(look, finder.book.get(look)?.address.host ?? ""), 0)).toEqual([
      { kind: "drop", nodeId: look },
    ]);
    finder.onDown(look, "SURPLUS", true, 1);
    expect(finder.book.get(look)?.table).toBe("tried");
  });

  it("forgets addresses at which nobody is, after growing waits", () => {
    const finder = finderOf();
    const record = fakeRecord(1, "30.1.1.1");
    finder.onRecord(record.encoded, TELLER);
    const waits: number[] = [];
    let lastMs = 0;
    for (let nowMs = 0; nowMs < 60_000 && finder.book.get(record.nodeId) !== undefined; nowMs += 100) {
      for (const nodeId of dialled(finder.step(nowMs))) {
        waits.push(nowMs - lastMs);
        lastMs = nowMs;
        finder.onDialFailed(nodeId, nowMs);
      }
    }
    expect(waits).toHaveLength(3);
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
    expect(finder.book.get(record.nodeId)).toBeUndefined();
  });

  it("does not dial who is full again at once, nor whom it may not", () => {
    const taken = fakeRecord(2, "31.1.1.1");
    const finder = finderOf({ mayDial: (nodeId) => nodeId !== taken.nodeId });
    const record = fakeRecord(1, "30.1.1.1");
    for (const each of [record, taken]) finder.onRecord(each.encoded, TELLER);
    expect(dialled(finder.step(0))).toEqual([record.nodeId]);
    finder.onDown(record.nodeId, "TOO_MANY_PEERS", false, 0);
    expect(dialled(finder.step(5_000))).toEqual([]);
    expect(dialled(finder.step(60_000))).toEqual([record.nodeId]);
    expect(finder.book.get(record.nodeId)?.failures).toBe(0);
  });

  it("goes to a bootnode while it has hardly a link, and again when it is alone", () => {
    const bootnode = { nodeId: nodeIdOf(5), host: "boot.example", port: 1 };
    const finder = finderOf({ bootnodes: [bootnode] });
    expect(dialled(finder.step(0))).toEqual([bootnode.nodeId]);
    finder.onDialFailed(bootnode.nodeId, 0);
    expect(dialled(finder.step(500))).toEqual([]);
    expect(dialled(finder.step(5_000))).toEqual([bootnode.nodeId]);
    expect(finder.onUp(outbound(bootnode.nodeId, "1.1.1.1"), 5_000)).toEqual([
      { kind: "ask", nodeId: bootnode.nodeId },
    ]);
    for (const seed of [1, 2])
      finder.onUp({ ...outbound(fakeRecord(seed, "9.9.9.9").nodeId, "9.9.9.9"), direction: "inbound" }, 6_000);
    finder.onDown(bootnode.nodeId, "LOST", true, 30_000);
    expect(dialled(finder.step(90_000))).toEqual([]);
    for (const seed of [1, 2]) finder.onDown(fakeRecord(seed, "9.9.9.9").nodeId, "LOST", true, 90_000);
    expect(dialled(finder.step(90_000))).toEqual([bootnode.nodeId]);
  });

  it("judges records: other chains, forgeries, and addresses nearer than their teller", () => {
    const finder = finderOf({ verify: keysOf(1).verify });
    expect(finder.onRecord(recordOf(1).encoded, TELLER)).toBe("fresh");
    expect(finder.onRecord(recordOf(1).encoded, TELLER)).toBe("known");
    expect(finder.onRecord(fakeRecord(3, "5.5.5.5").encoded, TELLER)).toBe("forged");
    expect(finder.onRecord(Uint8Array.of(1, 2, 3), TELLER)).toBe("invalid");
    for (const host of ["127.0.0.1", "192.168.0.1", "0.0.0.0"])
      expect(finder.onRecord(recordOf(7, { host }).encoded, TELLER)).toBe("ignored");
    expect(finder.onRecord(recordOf(7, { host: "127.0.0.1" }).encoded, { ...TELLER, host: "127.0.0.1" })).toBe("fresh");
    const elsewhere = new PeerFinder(
      {
        ...{ ownId: OWN, bookKey: new Uint8Array(32), bootnodes: [], verify: () => true, seats: NO_SEATS },
        ...{ genesisHash: nodeIdOf(9) as never, random: () => 0, mayDial: () => true, limits: limitsOf() },
      },
      null,
    );
    expect(elsewhere.onRecord(recordOf(1).encoded, TELLER)).toBe("ignored");
  });

  it("tells a stranger no address of this machine or house, and members first", () => {
    const seats = seatsOf({ epoch: 0, keys: [4], own: null });
    const finder = finderOf({ seats });
    const near = recordOf(1, { host: "127.0.0.1" });
    finder.onRecord(near.encoded, { ...TELLER, host: "127.0.0.1" });
    for (let seed = 10; seed < 90; seed++) finder.onRecord(fakeRecord(seed, `${seed}.1.1.1`).encoded, TELLER);
    const seat = { publicKey: Uint8Array.of(4), signature: Uint8Array.of(4) };
    const member = recordOf(2, { host: "5.5.5.5", seat });
    finder.onRecord(member.encoded, TELLER);
    const told = finder.sample("8.8.8.8", 32);
    expect(told).toHaveLength(32);
    expect(told[0]).toEqual(member.encoded);
    expect(told).not.toContainEqual(near.encoded);
    expect(finder.sample("127.0.0.1", 200)).toContainEqual(near.encoded);
  });

  it("holds links to the members of the sitting committee, if it is one of them", () => {
    const state = { epoch: 1, keys: [4, 5, 9], own: 9 as number | null };
    const finder = finderOf({ seats: seatsOf(state) });
    const memberOf = (key: number, signature = key) =>
      recordOf(key, { seat: { publicKey: Uint8Array.of(key), signature: Uint8Array.of(signature) } });
    expect(finder.onRecord(memberOf(4).encoded, TELLER)).toBe("fresh");
    expect(finder.onRecord(memberOf(5, 6).encoded, TELLER)).toBe("seatForged");
    // No seat yet: nothing is claimed that is not so.
    expect(finder.onRecord(memberOf(6).encoded, TELLER)).toBe("fresh");
    const held = (effects: readonly FinderEffect[]) =>
      effects.flatMap((effect) =>
        effect.kind === "hold" ? [`+${effect.address.nodeId}`] : effect.kind === "release" ? [`-${effect.nodeId}`] : [],
      );
    const idOf = (key: number) => memberOf(key).nodeId;
    expect(held(finder.step(0))).toEqual([`+${idOf(4)}`]);
    Object.assign(state, { epoch: 2, keys: [6, 9] });
    expect(held(finder.step(1))).toEqual([`-${idOf(4)}`, `+${idOf(6)}`]);
    Object.assign(state, { own: null });
    expect(held(finder.step(2))).toEqual([`-${idOf(6)}`]);
  });
});
