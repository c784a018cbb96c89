import { createPrng, fail } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS } from "../src/limits.ts";
import { PENALTIES } from "../src/peer/penalty.ts";
import { encodeFrame } from "../src/wire/frameCodec.ts";
import { encodeHandshake } from "../src/wire/handshake.ts";
import { MESSAGES } from "../src/wire/messageType.ts";
import { handshakeOf, nodeIdOf } from "./samples.ts";
import { type RawPeer, type TestNode, TestNodes } from "./testNodes.ts";

const victim = nodeIdOf(1);
const attacker = nodeIdOf(7);
const payload = Uint8Array.of(1);

async function attack(limits = {}): Promise<{ nodes: TestNodes; node: TestNode; raw: RawPeer }> {
  const nodes = new TestNodes();
  const node = await nodes.start(victim, { limits });
  const raw = await nodes.dialRaw(attacker, victim);
  return { nodes, node, raw };
}

function penalties(node: TestNode): string[] {
  return node.log.flatMap((event) => (event.kind === "penalised" ? [event.code] : []));
}

describe("a hostile peer", () => {
  it.each([
    ["a message before the handshake", encodeFrame("vote", null, payload)],
    ["a handshake that does not decode", encodeFrame("handshake", null, payload)],
    ["an empty frame", new Uint8Array(0)],
  ])("that starts with %s is dropped", async (_name, frame) => {
    const { node, raw } = await attack();
    await raw.send(frame);
    expect(raw.closed).toEqual({ code: "HANDSHAKE_INVALID", remote: true });
    expect(penalties(node)).toEqual(["HANDSHAKE_INVALID"]);
    expect(node.messages).toEqual([]);
  });

  it.each([
    ["FRAME_EMPTY", new Uint8Array(0)],
    ["FRAME_TRUNCATED", Uint8Array.of(MESSAGES.getFastBlocks.number, 1)],
    ["FRAME_OVERSIZE", new Uint8Array(2 + MESSAGES.vote.payloadBytesMax).fill(MESSAGES.vote.number)],
    ["HANDSHAKE_REPEATED", encodeFrame("handshake", null, encodeHandshake(handshakeOf()))],
  ])("that sends %s is disconnected", async (code, frame) => {
    const { node, raw } = await attack();
    await raw.greet();
    await raw.send(frame);
    expect(raw.closed).toEqual({ code: "PROTOCOL_VIOLATION", remote: true });
    expect(penalties(node)).toEqual([code]);
    expect(node.downs).toHaveLength(1);
  });

  it("that sends unknown types or unasked replies pays until it is banned, and stays out for a while", async () => {
    const { nodes, node, raw } = await attack({ banMs: 60_000 });
    await raw.greet();
    await raw.send(encodeFrame("fastBlocks", 5n, payload), Uint8Array.of(0xee));
    expect(penalties(node)).toEqual(["REPLY_UNSOLICITED", "FRAME_TYPE_UNKNOWN"]);
    expect(raw.closed).toBeNull();
    for (let i = 0; i < 20; i++) await raw.send(Uint8Array.of(0xee));
    expect(raw.closed).toEqual({ code: "BANNED", remote: true });
    const again = await nodes.dialRaw(attacker, victim);
    await again.greet();
    expect(again.closed).toEqual({ code: "BANNED", remote: true });
    await nodes.clock.advance(60_000);
    const forgiven = await nodes.dialRaw(attacker, victim);
    await forgiven.greet();
    expect(forgiven.closed).toBeNull();
  });

  it("that floods is not heard beyond its allowance, and banned if it goes on", async () => {
    const allowance = { messagesPerSecond: 1, messagesBurst: 5, bytesPerSecond: 1, bytesBurst: 9_000_000 };
    const { node, raw } = await attack({
      allowances: { ...DEFAULT_NETWORK_LIMITS.allowances, transactions: allowance },
    });
    await raw.greet();
    const frame = encodeFrame("transactions", null, payload);
    await raw.send(...Array.from({ length: 20 }, () => frame));
    expect(node.messages).toHaveLength(5);
    await raw.send(encodeFrame("vote", null, payload));
    expect(node.messages.at(-1)?.type).toBe("vote");
    await raw.send(...Array.from({ length: 1_100 }, () => frame));
    expect(raw.closed?.code).toBe("BANNED");
  });

  it("is banned for what the node reports, connected or not", async () => {
    const { nodes, node, raw } = await attack();
    await raw.greet();
    node.network.penalise(attacker, "SIGNATURE_INVALID");
    expect(raw.closed).toBeNull();
    node.network.penalise(attacker, "SIGNATURE_INVALID");
    await nodes.clock.advance(1);
    expect(raw.closed?.code).toBe("BANNED");
    expect(node.downs).toEqual([{ peerId: attacker, reason: { code: "BANNED", remote: false } }]);
  });

  it("that asks nonsense pays for it", async () => {
    const { node, raw } = await attack();
    node.network.onRequest("getFastBlocks", async () => fail("REQUEST_INVALID", "not a range"));
    await raw.greet();
    await raw.send(encodeFrame("getFastBlocks", 1n, payload));
    expect(penalties(node)).toEqual(["PAYLOAD_INVALID"]);
  });

  it("that never answers pings is given up", async () => {
    const { nodes, raw } = await attack();
    await raw.greet();
    await nodes.clock.advance(15_001);
    expect(raw.closed).toEqual({ code: "IDLE_TIMEOUT", remote: true });
  });

  it("with 1,000 random and mutated frames leaves the node running, with a typed answer to each", async () => {
    const nodes = new TestNodes();
    const node = await nodes.start(victim);
    const friend = await nodes.start(nodeIdOf(2), { peers: [victim] });
    const prng = createPrng(8_545);
    const good = [
      encodeFrame("vote", null, prng.bytes(100)),
      encodeFrame("getFastBlocks", 1n, prng.bytes(20)),
      encodeFrame("ping", null, prng.bytes(8)),
    ];
    for (let i = 0; i < 1_000; i++) {
      const raw = await nodes.dialRaw(nodeIdOf(10 + (i % 200)), victim);
      if (i % 4 !== 0) await raw.greet();
      const mutated = (good[prng.below(good.length)] as Uint8Array).slice(0, 1 + prng.below(120));
      mutated[prng.below(mutated.length)] = prng.below(256);
      await raw.send(i % 2 === 0 ? prng.bytes(prng.below(200)) : mutated);
      await raw.close();
    }
    expect(penalties(node).length).toBeGreaterThan(200);
    for (const code of penalties(node)) expect(Object.keys(PENALTIES)).toContain(code);
    await nodes.clock.advance(1_000);
    expect(friend.network.peers().map((peer) => peer.nodeId)).toEqual([victim]);
    expect(friend.network.send(victim, "vote", payload)).toBe(true);
  });
});
