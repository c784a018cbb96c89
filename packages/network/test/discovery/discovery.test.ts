import { createPrng } from "@festina/primitives";
import { afterEach, describe, expect, it } from "@jest/globals";
import { decodePeerRecords, encodePeerRecords } from "../../src/discovery/peerRecords.ts";
import type { NodeId, PeerAddress } from "../../src/nodeId.ts";
import { encodeFrame } from "../../src/wire/frameCodec.ts";
import { type TestNode, TestNodes } from "../testNodes.ts";
import { fakeRecord, GENESIS, keysOf, NO_SEATS, recordOf, seatsOf } from "./testRecords.ts";

const hostOf = (seed: number): string => `${20 + seed}.1.1.1`;
const idOf = (seed: number): NodeId => recordOf(seed).nodeId;
const addressOf = (seed: number): PeerAddress => ({ nodeId: idOf(seed), host: hostOf(seed), port: 1 });

class Town {
  readonly nodes = new TestNodes();
  readonly up = new Map<number, TestNode>();
  readonly books = new Map<number, Uint8Array>();

  async start(
    seed: number,
    options: {
      readonly bootnodes?: readonly number[];
      readonly isListening?: boolean;
      readonly seats?: ReturnType<typeof seatsOf>;
      readonly seat?: number;
      readonly askMsMax?: number;
    } = {},
  ): Promise<TestNode> {
    const { bootnodes = [], isListening = true, seats = NO_SEATS, seat, askMsMax = 60_000 } = options;
    this.nodes.hosts.set(idOf(seed), hostOf(seed));
    const node = await this.nodes.start(idOf(seed), {
      isListening,
      limits: { dialYieldMs: 0 },
      discovery: {
        keys: keysOf(seed),
        genesisHash: GENESIS,
        announced: [],
        part: () => ({
          role: "observer",
          seat: seat === undefined ? null : { publicKey: Uint8Array.of(seat), signature: Uint8Array.of(seat) },
        }),
        nowMs: () => 1_000_000 + this.nodes.clock.nowMs(),
        bootnodes: bootnodes.map(addressOf),
        seats,
        limits: { askMsMax },
        stored: this.books.get(seed) ?? null,
        save: (book) => void this.books.set(seed, book),
      },
    });
    this.up.set(seed, node);
    return node;
  }

  async stop(seed: number): Promise<void> {
    await this.up.get(seed)?.network.stop();
    this.up.delete(seed);
  }

  async stopAll(): Promise<void> {
    for (const seed of [...this.up.keys()]) await this.stop(seed);
  }

  peersOf(seed: number): readonly NodeId[] {
    return (this.up.get(seed)?.network.peers() ?? []).map(({ nodeId }) => nodeId);
  }
}

let town = new Town();
afterEach(async () => {
  await town.stopAll();
  town = new Town();
});

describe("nodes that know one bootnode", () => {
  it("find each other, take in one that comes later, and need the bootnode no more", async () => {
    await town.start(1);
    for (const seed of [2, 3, 4, 5]) await town.start(seed, { bootnodes: [1] });
    await town.nodes.clock.advance(15_000);
    for (const seed of [1, 2, 3, 4, 5]) expect(new Set(town.peersOf(seed)).size).toBe(4);
    await town.start(6, { bootnodes: [1] });
    await town.nodes.clock.advance(15_000);
    expect(town.peersOf(6)).toHaveLength(5);
    await town.stop(1);
    await town.nodes.clock.advance(5_000);
    for (const seed of [2, 3, 4, 5, 6]) expect(town.peersOf(seed)).toHaveLength(4);
    // One that was down finds them again, by its address book alone.
    await town.stop(3);
    await town.start(3, { bootnodes: [1] });
    await town.nodes.clock.advance(20_000);
    expect(town.peersOf(3)).toHaveLength(4);
  });

  it("takes part without an address of its own, and is told to nobody", async () => {
    await town.start(1);
    await town.start(2, { bootnodes: [1] });
    await town.start(7, { bootnodes: [1], isListening: false });
    await town.nodes.clock.advance(15_000);
    expect(new Set(town.peersOf(7))).toEqual(new Set([idOf(1), idOf(2)]));
    expect(town.up.get(7)?.network.discovery()?.announced).toEqual([]);
    for (const seed of [1, 2])
      expect(town.up.get(seed)?.network.discovery()).toMatchObject({ triedCount: seed === 2 ? 1 : 0 });
  });

  it("begins anew when the saved address book is damaged, and says so", async () => {
    town.books.set(2, Uint8Array.of(1, 2, 3, 4, 5, 6));
    await town.start(1);
    const node = await town.start(2, { bootnodes: [1] });
    expect(node.log[0]).toEqual({ kind: "bookDiscarded", code: "BOOK_DAMAGED" });
    await town.nodes.clock.advance(2_000);
    expect(town.peersOf(2)).toEqual([idOf(1)]);
  });
});

describe("members", () => {
  it("keep links to each other beyond the quota of others, and say who they are", async () => {
    const state = { epoch: 1, keys: [4, 5], own: null as number | null };
    await town.start(1, { seats: seatsOf(state) });
    await town.start(4, { bootnodes: [1], seats: seatsOf({ ...state, own: 4 }), seat: 4 });
    await town.start(5, { bootnodes: [1], seats: seatsOf({ ...state, own: 5 }), seat: 5 });
    await town.nodes.clock.advance(10_000);
    expect(town.peersOf(4)).toContain(idOf(5));
    const member = town.up
      .get(1)
      ?.network.peers()
      .find(({ nodeId }) => nodeId === idOf(4));
    expect(member).toMatchObject({ isSeated: true, isConfigured: false });
    // A link that breaks comes back at once, not after the wait for strangers.
    town.nodes.hub.cut(idOf(4), idOf(5));
    await town.nodes.clock.advance(1_000);
    expect(town.peersOf(4)).not.toContain(idOf(5));
    town.nodes.hub.heal(idOf(4), idOf(5));
    await town.nodes.clock.advance(6_000);
    expect(town.peersOf(4)).toContain(idOf(5));
  });
});

describe("an attacker", () => {
  async function attack() {
    await town.start(1);
    await town.start(2, { bootnodes: [1] });
    await town.nodes.clock.advance(5_000);
    const attacker = keysOf(99);
    const attackerId = recordOf(99, {}, attacker).nodeId;
    town.nodes.hosts.set(attackerId, "66.6.6.6");
    const raw = await town.nodes.dialRaw(attackerId, idOf(2));
    await raw.greet();
    return { raw, attackerId };
  }

  it("is cut off for forged records", async () => {
    const { raw } = await attack();
    await raw.send(encodeFrame("record", null, fakeRecord(5, "66.6.6.6").encoded));
    await raw.send(encodeFrame("record", null, fakeRecord(6, "66.6.6.6").encoded));
    expect(raw.closed).toBeNull();
    await raw.send(encodeFrame("record", null, fakeRecord(7, "66.6.6.6").encoded));
    expect(raw.closed?.code).toBe("BANNED");
  });

  it("gets so many answers at once and no more", async () => {
    const { raw } = await attack();
    for (let id = 1n; id <= 8n; id++) await raw.send(encodeFrame("getPeers", id, new Uint8Array(0)));
    const answers = raw.received.filter((frame) => frame[0] === 0x52);
    expect(answers).toHaveLength(4);
    const told = decodePeerRecords(answers[0]?.subarray(9) ?? new Uint8Array(0));
    expect(told).toMatchObject({ ok: true, value: { yourHost: "66.6.6.6" } });
    expect(told.ok && told.value.records.length).toBe(1);
  });

  it("with 10,000 addresses leaves a node its honest links", async () => {
    await town.start(1);
    // It asks as often as it ever does.
    for (const seed of [2, 3, 4]) await town.start(seed, { bootnodes: [1], askMsMax: 2_000 });
    await town.nodes.clock.advance(10_000);
    const keys = keysOf(99);
    const prng = createPrng(3);
    town.nodes.hosts.set(recordOf(99, {}, keys).nodeId, "66.6.6.6");
    const attacker = await town.nodes.start(recordOf(99, {}, keys).nodeId, { peers: [idOf(2)] });
    let told = 0;
    attacker.network.onRequest("getPeers", () => ({
      ok: true,
      value: encodePeerRecords({
        yourHost: "1.1.1.1",
        records: Array.from({ length: 32 }, () => {
          const seed = 1_000 + prng.below(10_000);
          told += 1;
          return recordOf(seed, { host: `66.${seed % 4}.${seed % 256}.1`, port: 1 + (seed % 60_000) }).encoded;
        }),
      }),
    }));
    await town.nodes.clock.advance(120_000);
    const report = town.up.get(2)?.network.discovery();
    expect(report?.triedCount).toBeGreaterThanOrEqual(1);
    expect(told).toBeGreaterThan(300);
    expect(report?.newCount).toBeLessThanOrEqual(256);
    for (const seed of [1, 3, 4]) expect(town.peersOf(2)).toContain(idOf(seed));
  });
});
