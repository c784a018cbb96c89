import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import {
  encodeFrame,
  encodeHandshake,
  type Frame,
  type Handshake,
  MESSAGES,
  type MessageType,
  type PeerAddress,
  PROTOCOL_VERSION,
  parsePeerAddress,
} from "@festina/network";
import { concatBytes, createPrng, encodeRlp, type Hash32, rlpInteger } from "@festina/primitives";
import { specHash } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { GarbagePeer, type Reaction } from "./garbagePeer.ts";
import { type MarkedCaller, openMarkedCaller } from "./markedCaller.ts";
import { mutateBytes, mutateRlp } from "./mutate.ts";
import { chooseType, learn, pickReal, rawFrame } from "./peerGarbage.ts";
import { sendInTls, sendRaw } from "./rawSockets.ts";
import { waitForReceipt } from "./receipts.ts";
import { createRpcGarbage, describedMethods } from "./rpcGarbage.ts";

// A thousand random and damaged messages at each door of one member. It must answer what can be answered with typed
// errors, end what cannot be continued with a code, and go on finalising. Seeds make a failure repeatable.

const RPC_MESSAGES = 1_000;
const PEER_MESSAGES = 1_000;
/** Messages of each type to damage: those of the current view reach deepest. */
const NEWEST_KEPT = 8;
const CODES = { internal: -32603 };

interface RpcAnswer {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

describe("garbage", () => {
  let devnet: DevnetProcess;
  let processIds: readonly number[];
  let methods: readonly string[];

  beforeAll(async () => {
    devnet = await startDevnet();
    await devnet.waitForBlock(2);
    processIds = devnet.processIds();
    methods = await describedMethods(devnet.rpc());
  }, 120_000);

  afterAll(async () => {
    expect(await devnet.stop()).toEqual({ exitCode: 0, leftOver: [] });
  }, 60_000);

  /** The same processes, a payment through the attacked member becomes final everywhere, nothing was given up. */
  async function expectHealthy(): Promise<void> {
    expect([...devnet.processIds()].sort()).toEqual([...processIds].sort());
    const [from, to] = [devnet.accounts[0]?.address, devnet.accounts[1]?.address];
    const hash = await devnet.rpc().call<string>("eth_sendTransaction", [{ from, to, value: "0x1" }]);
    for (const name of devnet.urls.keys())
      expect(await waitForReceipt(devnet.rpc(name), hash)).toMatchObject({ status: "0x1" });
    await devnet.waitForBlock((await devnet.head()) + 2);
    expect(devnet.output).not.toMatch(/is down|HAZARD/);
    const events = devnet
      .log()
      .split("\n")
      .filter((line) => /"event":"(fatal|rpcFailed|hazard|syncFailed)"/.test(line));
    expect(events).toEqual([]);
  }

  function expectTyped(answer: RpcAnswer, sent: Uint8Array): void {
    const { error } = answer;
    if (error === undefined) return;
    const seen = { code: error.code, message: error.message, sent: Buffer.from(sent).toString().slice(0, 400) };
    expect(seen).toEqual({ ...seen, code: expect.any(Number), message: expect.stringMatching(/./) });
    // "Internal error" is what a failure of our own looks like from outside.
    expect(seen).not.toMatchObject({ code: CODES.internal });
  }

  const answersIn = (text: string): readonly RpcAnswer[] => [JSON.parse(text)].flat() as RpcAnswer[];

  it("on the RPC port over HTTP is answered with typed errors", async () => {
    const prng = createPrng(1);
    const outcomes = new Map<string, number>();
    for (let count = 0; count < RPC_MESSAGES; count++) {
      const body = createRpcGarbage(prng, methods);
      const headers = { "content-type": "application/json" };
      const response = await fetch(devnet.url(), { method: "POST", headers, body });
      const text = await response.text();
      expect([200, 204]).toContain(response.status);
      if (response.status === 204) continue;
      for (const answer of answersIn(text)) {
        expectTyped(answer, body);
        const outcome = `${answer.error?.code ?? "result"}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    for (const expected of ["-32700", "-32600", "-32601", "-32602", "result"])
      expect(outcomes.get(expected)).toBeGreaterThan(5);
    await expectHealthy();
  }, 120_000);

  it("on the RPC port over WebSocket is answered in order with typed errors", async () => {
    const prng = createPrng(2);
    const closeCodes = new Map<number, number>();
    let caller: MarkedCaller | null = null;
    for (let count = 0; count < RPC_MESSAGES; count++) {
      caller ??= await openMarkedCaller(devnet.webSocketUrl());
      const sent = createRpcGarbage(prng, methods);
      const { answers, closeCode } = await caller.send(sent, prng.below(2) === 0);
      for (const text of answers) for (const answer of answersIn(text)) expectTyped(answer, sent);
      if (closeCode === null) continue;
      // RFC 6455 wants a text message that is no UTF-8 to end the connection so; nothing else may.
      expect(closeCode).toBe(1007);
      closeCodes.set(closeCode, (closeCodes.get(closeCode) ?? 0) + 1);
      caller = null;
    }
    caller?.close();
    expect(closeCodes.get(1007)).toBeLessThan(RPC_MESSAGES / 4);
    await expectHealthy();
  }, 120_000);

  it("below JSON on the RPC port ends that connection only", async () => {
    const prng = createPrng(3);
    const { hostname, port } = new URL(devnet.url());
    for (let count = 0; count < 60; count++) {
      const noise = prng.bytes(1 + prng.below(500));
      const start = count % 3 === 0 ? "" : count % 3 === 1 ? "POST / HTTP/1.1\r\nHost: localhost\r\n" : "GET /\u0000";
      await sendRaw(Number(port), hostname, concatBytes(Buffer.from(start), noise));
    }
    const large = await fetch(devnet.url(), { method: "POST", body: "[".repeat(2 * 1024 * 1024) }).catch(() => null);
    if (large !== null) expect(large.status).toBe(413);
    await expectHealthy();
  }, 60_000);

  describe("on the peer port", () => {
    let address: PeerAddress;
    let handshake: Handshake;

    beforeAll(async () => {
      const config = JSON.parse(readFileSync(join(devnet.dataDir, "member-2/config.json"), "utf8"));
      const parsed = parsePeerAddress(config.network.peers[0]);
      if (!parsed.ok) throw new Error(parsed.error.message);
      address = parsed.value;
      const spec = checkChainSpec(parseChainSpecJson(readFileSync(join(devnet.dataDir, "chainspec.json"), "utf8")));
      if (!spec.ok) throw new Error(spec.error.message);
      const genesis = await devnet.rpc().call<{ hash: Hash32 }>("eth_getBlockByNumber", ["0x0", false]);
      handshake = {
        protocolVersion: PROTOCOL_VERSION,
        specHash: specHash(spec.value),
        genesisHash: genesis.hash,
        role: "observer",
        agent: "stranger/1.0",
        headNumber: 0,
        snailNumber: 0,
      };
    });

    it("noise below and inside TLS is refused", async () => {
      const prng = createPrng(4);
      const record = Uint8Array.of(0x16, 0x03, 0x01, 0x01, 0x00, 0x01);
      for (let count = 0; count < 150; count++) {
        const noise = prng.bytes(1 + prng.below(600));
        const start = [new Uint8Array(), record, Buffer.from("GET /festina HTTP/1.1\r\n\r\n")][count % 3]!;
        await sendRaw(address.port, address.host, concatBytes(start, noise));
      }
      for (let count = 0; count < 100; count++) {
        const noise = Buffer.from(prng.bytes(1 + prng.below(600)));
        const path = count % 4 === 2 ? "/festina" : "/other";
        const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
        await sendInTls(address, count % 2 === 0 ? Buffer.concat([Buffer.from(request), noise]) : noise, count % 4 < 2);
      }
      await expectHealthy();
    }, 120_000);

    it("anything but the right handshake comes first and ends the connection with a code", async () => {
      const prng = createPrng(5);
      const peer = new GarbagePeer(address, handshake);
      const good = encodeHandshake(handshake);
      const seen = new Set<Reaction>();
      for (let count = 0; count < 150; count++) {
        const frames = [
          () => prng.bytes(1 + prng.below(200)),
          () => encodeFrame("handshake", null, mutateRlp(prng, good).slice(0, 1_024)),
          () => encodeFrame("handshake", null, mutateBytes(prng, good).slice(0, 1_024)),
          () => encodeFrame("vote", null, prng.bytes(100)),
        ];
        const reaction = await peer.sayFirst(frames[count % frames.length]!());
        // Damage to the agent's name or the heads leaves a handshake that is as good as any.
        expect(["ALIVE", "HANDSHAKE_INVALID", "VERSION_MISMATCH", "SPEC_MISMATCH", "GENESIS_MISMATCH"]).toContain(
          reaction,
        );
        seen.add(reaction);
      }
      expect(seen.size).toBeGreaterThan(2);
      await peer.close();
      await expectHealthy();
    }, 120_000);

    it("damaged messages of every kind cost the sender its connection, not the node its work", async () => {
      const prng = createPrng(6);
      const real = new Map<MessageType, Uint8Array[]>();
      const reactions = new Map<Reaction, number>();
      // What the node itself says is the best raw material; what it asks is answered with damaged answers.
      const keep = ({ type, requestId, payload }: Frame): void => {
        real.set(type, [payload.slice(), ...(real.get(type) ?? [])].slice(0, NEWEST_KEPT));
        const spec = MESSAGES[type];
        if (spec.kind === "request" && requestId !== null)
          peer.answer(encodeFrame(spec.reply, requestId, mutateRlp(prng, pickReal(real, spec.reply, prng))));
      };
      const peer = new GarbagePeer(address, handshake, keep);
      await learn(peer, real);
      for (let count = 0; count < PEER_MESSAGES; count++) {
        const type = chooseType(prng);
        const payload = pickReal(real, type, prng);
        const damaged = prng.below(4) === 0 ? mutateBytes(prng, payload) : mutateRlp(prng, payload);
        const reaction = await peer.say(rawFrame(type, damaged));
        expect(["ALIVE", "BANNED", "PROTOCOL_VIOLATION"]).toContain(reaction);
        reactions.set(reaction, (reactions.get(reaction) ?? 0) + 1);
      }
      expect(reactions.get("BANNED")).toBeGreaterThan(20);
      await peer.close();
      await expectHealthy();
    }, 240_000);

    it("numbers beyond any chain are answered at once", async () => {
      const peer = new GarbagePeer(address, handshake);
      const far = rlpInteger(2n ** 48n - 1n);
      for (const payload of [encodeRlp([far, rlpInteger(256)]), encodeRlp([rlpInteger(1), far]), encodeRlp([far, far])])
        for (const type of ["getFastBlocks", "getSnailBlocks", "getCertificate", "status"] as const)
          expect(await peer.say(rawFrame(type, payload))).toBe("ALIVE");
      await peer.close();
      await expectHealthy();
    }, 60_000);
  });
});
