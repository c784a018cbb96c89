import { fail, InvariantError, ok } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { createNetwork } from "../src/createNetwork.ts";
import { DEFAULT_NETWORK_LIMITS } from "../src/limits.ts";
import { MESSAGES } from "../src/wire/messageType.ts";
import { handshakeOf, hashOf, nodeIdOf } from "./samples.ts";
import { TestNodes } from "./testNodes.ts";
import { VirtualClock } from "./virtualClock.ts";

const [a, b, c] = [nodeIdOf(1), nodeIdOf(2), nodeIdOf(3)];
const payload = Uint8Array.of(1, 2, 3);

async function pair() {
  const nodes = new TestNodes();
  const left = await nodes.start(a, { peers: [b] });
  const right = await nodes.start(b);
  await nodes.clock.advance(100);
  return { nodes, left, right };
}

describe("connections", () => {
  it("join configured peers, who then know each other's handshake", async () => {
    const { left, right } = await pair();
    expect(left.network.peers()).toMatchObject([{ nodeId: b, direction: "outbound", isConfigured: true }]);
    expect(right.network.peers()).toMatchObject([{ nodeId: a, direction: "inbound", isConfigured: false }]);
    expect(left.network.peers()[0]?.handshake).toEqual(handshakeOf());
    expect([left.ups, right.ups]).toEqual([[b], [a]]);
  });

  it("that two nodes dial at once end as one, the same on both sides", async () => {
    const nodes = new TestNodes();
    const limits = { dialYieldMs: 0 };
    const left = await nodes.start(a, { peers: [b], limits });
    const right = await nodes.start(b, { peers: [a], limits });
    await nodes.clock.advance(2_000);
    expect(left.network.peers()).toMatchObject([{ nodeId: b, direction: "outbound" }]);
    expect(right.network.peers()).toMatchObject([{ nodeId: a, direction: "inbound" }]);
    expect([left.ups, left.downs, right.ups, right.downs]).toEqual([[b], [], [a], []]);
    expect(left.network.send(b, "vote", payload)).toBe(true);
    expect(right.network.send(a, "vote", payload)).toBe(true);
    await nodes.clock.advance(5);
    expect([left.messages.length, right.messages.length]).toEqual([1, 1]);
  });

  it("of a peer that cannot be dialled are taken when it dials", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b] });
    const right = await nodes.start(b, { peers: [a], isListening: false });
    await nodes.clock.advance(60_000);
    expect([left.ups, right.ups]).toEqual([[b], [a]]);
  });

  it("come back after a cut, and stay up while nothing happens", async () => {
    const { nodes, left, right } = await pair();
    await nodes.clock.advance(600_000);
    expect(left.downs).toEqual([]);
    nodes.hub.cut(a, b);
    expect(left.downs).toMatchObject([{ peerId: b, reason: { code: "LOST" } }]);
    await nodes.clock.advance(60_000);
    expect(left.network.peers()).toEqual([]);
    nodes.hub.heal(a, b);
    await nodes.clock.advance(16_000);
    expect([left.ups, right.ups]).toEqual([
      [b, b],
      [a, a],
    ]);
  });

  it("find a restarted peer, whose new connection replaces the old", async () => {
    const { nodes, right } = await pair();
    const again = await nodes.dialRaw(a, b);
    await again.greet();
    expect(again.closed).toBeNull();
    expect(right.downs).toEqual([{ peerId: a, reason: { code: "DUPLICATE", remote: false } }]);
    expect(right.ups).toEqual([a, a]);
  });

  it("measure the round trip", async () => {
    const { nodes, left } = await pair();
    await nodes.clock.advance(6_000);
    expect(left.network.peers()[0]?.roundTripMs).toBe(2);
  });

  it.each([
    ["VERSION_MISMATCH", { protocolVersion: 2 }],
    ["GENESIS_MISMATCH", { genesisHash: hashOf(9) }],
    ["SPEC_MISMATCH", { specHash: hashOf(9) }],
  ] as const)("between different networks end with %s and are tried ever more rarely", async (code, handshake) => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b] });
    const right = await nodes.start(b, { handshake });
    await nodes.clock.advance(60_000);
    const closes = left.log.filter((event) => event.kind === "connectionClosed");
    expect(closes.length).toBeGreaterThan(3);
    expect(closes.length).toBeLessThan(20);
    expect(closes.every((event) => event.reason.code === code)).toBe(true);
    expect(left.ups).toEqual([]);
    const of = { VERSION_MISMATCH: "2", GENESIS_MISMATCH: hashOf(9), SPEC_MISMATCH: hashOf(9) }[code];
    const seen = { nodeId: b, code, theirs: of, direction: "outbound", isConfigured: true };
    expect(left.network.strangers()).toMatchObject([seen]);
    expect(right.network.strangers()).toMatchObject([{ nodeId: a, code, ours: of, isConfigured: false }]);
    const told = left.log.flatMap((event) => (event.kind === "stranger" ? [event.stranger] : []));
    expect(told).toMatchObject([seen]);
    await right.network.stop();
    await nodes.clock.advance(600_000);
    expect(left.network.strangers()).toEqual([]);
  });

  it("between networks that were one later are made, and nobody is a stranger any more", async () => {
    const nodes = new TestNodes();
    let genesisHash = hashOf(9);
    const left = await nodes.start(a, { peers: [b] });
    await nodes.start(b, {
      handshake: {
        get genesisHash() {
          return genesisHash;
        },
      },
    });
    await nodes.clock.advance(1_000);
    expect(left.network.strangers()).toHaveLength(1);
    genesisHash = handshakeOf().genesisHash;
    await nodes.clock.advance(20_000);
    expect([left.ups, left.network.strangers()]).toEqual([[b], []]);
  });

  it("to oneself are not made", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [a] });
    await nodes.clock.advance(1_000);
    expect(left.log.filter((event) => event.kind !== "listening")).toEqual([]);
    expect((await nodes.dialRaw(a, a)).closed).toBeNull();
    await nodes.clock.advance(1);
    expect(left.log.at(-1)).toMatchObject({ kind: "connectionRefused", code: "SELF" });
  });

  it("of strangers are limited, those of configured peers are not", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [c], limits: { inboundMax: 2 } });
    const strangers = [await nodes.dialRaw(nodeIdOf(10), a), await nodes.dialRaw(nodeIdOf(11), a)];
    const third = await nodes.dialRaw(nodeIdOf(12), a);
    const configured = await nodes.dialRaw(c, a);
    await configured.greet();
    expect(third.closed).toEqual({ code: "TOO_MANY_PEERS", remote: true });
    expect(strangers.map((stranger) => stranger.closed)).toEqual([null, null]);
    expect(left.ups).toEqual([c]);
    await nodes.clock.advance(5_000);
    expect(strangers.map((stranger) => stranger.closed?.code)).toEqual(["HANDSHAKE_TIMEOUT", "HANDSHAKE_TIMEOUT"]);
  });

  it("end when the network stops, without further events", async () => {
    const { nodes, left, right } = await pair();
    const request = left.network.request(b, "getFastBlocks", payload, 1_000);
    await left.network.stop();
    expect(await request).toMatchObject({ ok: false, error: { code: "PEER_GONE" } });
    await nodes.clock.advance(60_000);
    expect(left.downs).toEqual([]);
    expect(right.downs).toEqual([{ peerId: a, reason: { code: "STOPPING", remote: true } }]);
    expect(right.network.peers()).toEqual([]);
  });
});

describe("messages", () => {
  it("reach the peer with their type and bytes", async () => {
    const { nodes, left, right } = await pair();
    expect(left.network.send(b, "vote", payload)).toBe(true);
    expect(left.network.send(c, "vote", payload)).toBe(false);
    await nodes.clock.advance(5);
    expect(right.messages).toEqual([{ peerId: a, type: "vote", payload }]);
  });

  it("go to all whom the filter accepts", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b, c] });
    await nodes.start(b, { handshake: { role: "member" } });
    const miner = await nodes.start(c, { handshake: { role: "miner" } });
    await nodes.clock.advance(100);
    expect(left.network.broadcast("status", payload)).toBe(2);
    expect(left.network.broadcast("vote", payload, (peer) => peer.handshake.role === "member")).toBe(1);
    await nodes.clock.advance(5);
    expect(miner.messages.map((message) => message.type)).toEqual(["status"]);
  });

  it("overtake in the order of their classes when the link is full", async () => {
    const { nodes, left, right } = await pair();
    const large = new Uint8Array(1024 * 1024);
    left.network.send(b, "transactions", large);
    left.network.send(b, "transactions", payload);
    left.network.send(b, "newFruits", payload);
    left.network.send(b, "newSnailBlock", payload);
    left.network.send(b, "vote", payload);
    await nodes.clock.advance(10);
    expect(right.messages.map((message) => message.type)).toEqual([
      "transactions",
      "vote",
      "newSnailBlock",
      "newFruits",
      "transactions",
    ]);
  });

  it("above the size limit are our own mistake", async () => {
    const { left } = await pair();
    const oversize = new Uint8Array(MESSAGES.vote.payloadBytesMax + 1);
    expect(() => left.network.broadcast("vote", oversize)).toThrow(InvariantError);
  });
});

describe("requests", () => {
  it("are answered by their handler, concurrently and out of order", async () => {
    const { nodes, left, right } = await pair();
    right.network.onRequest("getFastBlocks", (peerId, asked) => {
      expect(peerId).toBe(a);
      return new Promise((resolve) => {
        nodes.clock.setTimer(100 - (asked[0] ?? 0), () => resolve(ok(asked.slice(0, 1))));
      });
    });
    const answers = [10, 50, 90].map((n) => left.network.request(b, "getFastBlocks", Uint8Array.of(n, 0), 1_000));
    await nodes.clock.advance(200);
    expect(await Promise.all(answers)).toEqual([10, 50, 90].map((n) => ok(Uint8Array.of(n))));
  });

  it("end with a code when there is no answer", async () => {
    const { nodes, left, right } = await pair();
    right.network.onRequest("getFastBlocks", async () => fail("NOT_FOUND", "pruned"));
    right.network.onRequest("getFruits", () => Promise.reject(new Error("disk")));
    right.network.onRequest("getSnailHeaders", () => new Promise(() => {}));
    right.network.onRequest("getSnailBlocks", () => ok(new Uint8Array(MESSAGES.snailBlocks.payloadBytesMax + 1)));
    const asked = (["getFastBlocks", "getFruits", "getTransactions", "getSnailHeaders", "getSnailBlocks"] as const).map(
      (type) => left.network.request(b, type, payload, 500),
    );
    const unknown = left.network.request(c, "getFastBlocks", payload, 500);
    await nodes.clock.advance(500);
    const codes = (await Promise.all([...asked, unknown])).map((answer) =>
      answer.ok ? "OK" : `${answer.error.code} ${answer.error.facts?.["reason"] ?? ""}`.trim(),
    );
    expect(codes).toEqual([
      "REFUSED NOT_FOUND",
      "REFUSED FAILED",
      "REFUSED UNSUPPORTED",
      "TIMEOUT",
      "REFUSED FAILED",
      "PEER_UNKNOWN",
    ]);
    expect(right.log.filter((event) => event.kind === "handlerFailed").map((event) => event.type)).toEqual([
      "getFruits",
      "getSnailBlocks",
    ]);
  });

  it("are bounded on the asking side", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b], limits: { requestsOpenMax: 2 } });
    const right = await nodes.start(b);
    right.network.onRequest("getFastBlocks", () => new Promise(() => {}));
    await nodes.clock.advance(100);
    const answers = [1, 2, 3].map(() => left.network.request(b, "getFastBlocks", payload, 50));
    await nodes.clock.advance(50);
    const codes = (await Promise.all(answers)).map((answer) => !answer.ok && answer.error.code);
    expect(codes).toEqual(["TIMEOUT", "TIMEOUT", "TOO_MANY_REQUESTS"]);
  });

  it("are bounded on the answering side, and places come free again", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b] });
    const right = await nodes.start(b, { limits: { requestsServedMax: 1 } });
    right.network.onRequest("getFastBlocks", async () => {
      await new Promise<void>((resolve) => void nodes.clock.setTimer(10, resolve));
      return ok(payload);
    });
    await nodes.clock.advance(100);
    const ask = () => left.network.request(b, "getFastBlocks", payload, 500);
    const answers = [ask(), ask()];
    await nodes.clock.advance(50);
    expect((await Promise.all(answers)).map((answer) => answer.ok)).toEqual([true, false]);
    expect(await answers[1]).toMatchObject({ error: { code: "REFUSED", facts: { reason: "BUSY" } } });
    const later = ask();
    await nodes.clock.advance(50);
    expect(await later).toEqual(ok(payload));
  });

  it("above the allowance are refused, not left to their timeout", async () => {
    const nodes = new TestNodes();
    const left = await nodes.start(a, { peers: [b] });
    const slow = { messagesPerSecond: 1, messagesBurst: 1, bytesPerSecond: 1, bytesBurst: 9_000_000 };
    const allowances = { ...DEFAULT_NETWORK_LIMITS.allowances, blocks: slow };
    const right = await nodes.start(b, { limits: { allowances } });
    right.network.onRequest("getFastBlocks", () => ok(payload));
    await nodes.clock.advance(100);
    const answers = [1, 2].map(() => left.network.request(b, "getFastBlocks", payload, 10_000));
    await nodes.clock.advance(10);
    expect(await answers[0]).toEqual(ok(payload));
    expect(await answers[1]).toMatchObject({ error: { code: "REFUSED", facts: { reason: "BUSY" } } });
  });

  it("fail at once when the connection ends", async () => {
    const { nodes, left, right } = await pair();
    right.network.onRequest("getFastBlocks", () => new Promise(() => {}));
    const answer = left.network.request(b, "getFastBlocks", payload, 60_000);
    await nodes.clock.advance(5);
    nodes.hub.cut(a, b);
    expect(await answer).toMatchObject({ ok: false, error: { code: "PEER_GONE" } });
  });
});

describe("limits", () => {
  it("that contradict each other are refused at creation", () => {
    const nodes = new TestNodes();
    const create = () =>
      createNetwork({
        transport: nodes.hub.createTransport(a),
        listen: null,
        handshake: () => handshakeOf(),
        peers: [],
        limits: { pingIntervalMs: 10_000, idleTimeoutMs: 15_000 },
        clock: new VirtualClock(),
        random: () => 0,
        events: { peerUp: () => {}, peerDown: () => {}, message: () => {} },
      });
    expect(create).toThrow(InvariantError);
  });
});
