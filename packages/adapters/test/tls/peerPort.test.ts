import { encodeFrame, encodeHandshake, PENALTIES } from "@festina/network";
import { createPrng } from "@festina/primitives";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { CallerMeter } from "../../src/tls/callerMeter.ts";
import { createNodeIdentity } from "../../src/tls/nodeKey.ts";
import { HANDSHAKE, LOOPBACK, type TlsNode, TlsNodes, until } from "./tlsNodes.ts";

describe("nodes over TLS", () => {
  let nodes: TlsNodes;
  beforeEach(() => {
    nodes = new TlsNodes();
  });
  afterEach(() => nodes.close());

  it("join as one connection when both are configured, talk, and find each other after a restart", async () => {
    const left = await nodes.node();
    const right = await nodes.node();
    left.network.addPeer({ nodeId: right.identity.nodeId, ...right.at });
    right.network.addPeer({ nodeId: left.identity.nodeId, ...left.at });
    await until(() => left.network.peers().length === 1 && right.network.peers().length === 1, "the connection");

    right.network.onRequest("getFastBlocks", (_peer, payload) => ({ ok: true, value: payload }));
    const payload = Uint8Array.of(4, 5, 6);
    expect(left.network.send(right.identity.nodeId, "vote", payload)).toBe(true);
    const answer = await left.network.request(right.identity.nodeId, "getFastBlocks", payload, 5_000);
    expect(answer).toEqual({ ok: true, value: payload });
    await until(() => right.messages.length > 0, "the vote");
    expect(right.messages[0]).toEqual(payload);
    expect([left.ups.length, right.ups.length, left.downs.length, right.downs.length]).toEqual([1, 1, 0, 0]);

    const upsBefore = left.ups.length;
    await right.network.stop();
    await until(() => left.network.peers().length === 0, "the peer's end");
    expect(left.downs.at(-1)).toMatchObject({ code: "STOPPING", remote: true });
    const again = await nodes.node({ identity: right.identity, port: right.at.port });
    await until(() => left.network.peers().length === 1, "the peer's return");
    expect(left.ups.length).toBe(upsBefore + 1);
    await until(() => again.ups.length === 1, "the return on the other side");
  });
});

describe("callers of one address", () => {
  const nodes = new TlsNodes();
  afterAll(() => nodes.close());

  it("are cut off before any handshake when they call too often, and are heard again later", async () => {
    const node = await nodes.node({ limits: { callersPerSecond: 4, callersBurst: 3 } });
    const call = async () => (await nodes.transport({}).dial({ nodeId: node.identity.nodeId, ...node.at })).ok;
    for (let served = 0; served < 3; served++) expect(await call()).toBe(true);
    const refused = () => node.transportLog.filter(({ kind }) => kind === "callerRefused");
    for (let tries = 0; tries < 8; tries++) await call();
    expect(refused().length).toBeGreaterThan(0);
    expect(refused()[0]).toEqual({ kind: "callerRefused", remoteHost: LOOPBACK });
    expect(node.transportLog.every(({ kind }) => kind === "callerRefused")).toBe(true);
    let isHeard = false;
    for (let tries = 0; tries < 100 && !isHeard; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      isHeard = await call();
    }
    expect(isHeard).toBe(true);
  });

  it("are counted by address", () => {
    const meter = new CallerMeter({ callersPerSecond: 2, callersBurst: 2 });
    const admitted = (host: string, nowMs: number) => meter.admit(host, nowMs);
    expect([admitted("10.0.0.1", 0), admitted("10.0.0.1", 0), admitted("10.0.0.1", 0)]).toEqual([true, true, false]);
    expect(admitted("10.0.0.2", 0)).toBe(true);
    expect([admitted("10.0.0.1", 500), admitted("10.0.0.1", 500)]).toEqual([true, false]);
  });
});

describe("the peer port", () => {
  const nodes = new TlsNodes();
  const identity = createNodeIdentity();
  const credentials = { key: identity.privateKeyPem, cert: identity.certificatePem };
  let node: TlsNode;
  let friend: TlsNode;

  /** Connected, with a key of its own, and free to say anything. */
  async function openStranger(): Promise<WebSocket> {
    const { certificatePem, privateKeyPem } = createNodeIdentity();
    const socket = new WebSocket(`wss://${LOOPBACK}:${node.at.port}/festina`, {
      key: privateKeyPem,
      cert: certificatePem,
      rejectUnauthorized: false,
    });
    socket.on("error", () => {});
    await until(() => socket.readyState === WebSocket.OPEN, "the connection");
    return socket;
  }

  beforeAll(async () => {
    // All that attack it here come from one address.
    node = await nodes.node({ limits: { callersPerSecond: 1_000, callersBurst: 1_000 } });
    friend = await nodes.node();
    friend.network.addPeer({ nodeId: node.identity.nodeId, ...node.at });
    await until(() => node.network.peers().length === 1, "a friend");
  });
  afterAll(() => nodes.close());
  /** Whatever a test did to the port, the node lives and its friend is still there. */
  afterEach(async () => {
    const before = node.messages.length;
    expect(friend.network.send(node.identity.nodeId, "vote", Uint8Array.of(1))).toBe(true);
    await until(() => node.messages.length > before, "a message after the attack");
    expect(friend.downs).toEqual([]);
  });

  const refusals = (): string[] =>
    node.transportLog.map((event) => `${event.kind} ${"code" in event ? event.code : ""}`);

  async function answerOf(text: string, options = {}): Promise<string> {
    const socket = nodes.tls(node.at, { ...credentials, ...options });
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString();
    });
    socket.on("secureConnect", () => socket.write(text));
    await until(() => socket.destroyed || socket.readableEnded, "the refusal");
    return answer.split("\r\n")[0] ?? "";
  }

  const upgrade = (path: string, key = "AAAAAAAAAAAAAAAAAAAAAA==") =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;

  it("survives raw TCP garbage", async () => {
    const prng = createPrng(2);
    const before = node.transportLog.length;
    const sockets = Array.from({ length: 40 }, (_, i) => {
      const socket = nodes.tcp(node.at);
      socket.write(i % 2 === 0 ? prng.bytes(1 + prng.below(400)) : "GET / HTTP/1.1\r\n\r\n");
      if (i % 5 === 0) socket.end();
      return socket;
    });
    await until(() => node.transportLog.length >= before + 36, "the refusals");
    for (const socket of sockets) socket.destroy();
    const refused = node.transportLog.slice(before);
    expect(new Set(refused.map((event) => event.kind))).toEqual(new Set(["tlsRefused"]));
    expect(refused.length).toBeLessThanOrEqual(40);
  });

  it("refuses older TLS", async () => {
    const socket = nodes.tls(node.at, { ...credentials, maxVersion: "TLSv1.2" });
    await until(() => socket.destroyed, "the refusal");
    expect(refusals().at(-1)).toBe("tlsRefused ERR_SSL_UNSUPPORTED_PROTOCOL");
  });

  it("refuses whoever shows no certificate or one of another kind", async () => {
    expect(await answerOf(upgrade("/festina"), { key: undefined, cert: undefined })).toBe("HTTP/1.1 403 Forbidden");
    expect(refusals().at(-1)).toBe("upgradeRefused CERTIFICATE_MISSING");
    expect(await answerOf(upgrade("/festina"), P256_CREDENTIALS)).toBe("HTTP/1.1 403 Forbidden");
    expect(refusals().at(-1)).toBe("upgradeRefused CERTIFICATE_UNSUPPORTED");
  });

  it("refuses garbage, plain requests, other paths and broken upgrades inside TLS", async () => {
    expect(await answerOf("\u0000garbage\r\n\r\n")).toBe("HTTP/1.1 400 Bad Request");
    expect(await answerOf("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).toBe("HTTP/1.1 426 Upgrade Required");
    expect(await answerOf(upgrade("/other"))).toBe("HTTP/1.1 403 Forbidden");
    expect(await answerOf(upgrade("/festina", "short"))).toBe("HTTP/1.1 400 Bad Request");
    expect(await answerOf(`GET /festina HTTP/1.1\r\nX: ${"a".repeat(10_000)}\r\n\r\n`)).toBe(
      "HTTP/1.1 400 Bad Request",
    );
    expect(refusals().slice(-5)).toEqual([
      "httpRefused HPE_INVALID_METHOD",
      "upgradeRefused UPGRADE_MISSING",
      "upgradeRefused PATH_UNKNOWN",
      "upgradeRefused WEB_SOCKET_INVALID",
      "httpRefused HPE_HEADER_OVERFLOW",
    ]);
  });

  it.each([
    ["text", (socket: WebSocket) => socket.send("text"), "WEB_SOCKET_TEXT"],
    ["a ping of the layer below", (socket: WebSocket) => socket.ping(), "WEB_SOCKET_PING"],
    [
      "a frame above the limit",
      (socket: WebSocket) => socket.send(Buffer.alloc(9_000_000)),
      "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
    ],
  ])("drops a peer that sends %s", async (_name, misbehave, code) => {
    const socket = await openStranger();
    misbehave(socket);
    await until(() => socket.readyState === WebSocket.CLOSED, "the close");
    expect(refusals().at(-1)).toBe(`framingBroken ${code}`);
    expect(node.log.some((event) => event.kind === "penalised" && event.code.startsWith("FRAM"))).toBe(true);
  });

  it("reads nothing more of a peer that it has cut off", async () => {
    const socket = await openStranger();
    const frame = Buffer.alloc(1_024 * 1_024);
    let written = 0;
    socket.send(encodeFrame("vote", null, Uint8Array.of(1)));
    for (let index = 0; index < 64; index++)
      socket.send(frame, (error) => {
        if (error == null) written += 1;
      });
    await until(() => socket.readyState === WebSocket.CLOSED, "the close");
    expect(node.log.at(-1)).toMatchObject({ kind: "connectionClosed", reason: { code: "HANDSHAKE_INVALID" } });
    // The rest never left: sockets hold some megabytes.
    expect(written).toBeLessThan(48);
  });

  it("takes 1,000 random and mutated frames with a typed answer to each, and goes on", async () => {
    const prng = createPrng(8_545);
    const good = [
      encodeFrame("handshake", null, encodeHandshake(HANDSHAKE)),
      encodeFrame("vote", null, prng.bytes(100)),
      encodeFrame("getFastBlocks", 1n, prng.bytes(20)),
      encodeFrame("ping", null, prng.bytes(8)),
    ];
    const logBefore = node.log.length;
    let sentCount = 0;
    while (sentCount < 1_000) {
      const attacker = nodes.transport({});
      const dialed = await attacker.dial({ nodeId: node.identity.nodeId, ...node.at });
      expect(dialed).toMatchObject({ ok: true });
      if (!dialed.ok) return;
      let isClosed = false;
      dialed.value.onClose(() => {
        isClosed = true;
      });
      dialed.value.onFrame(() => {});
      if (sentCount % 2 === 0) dialed.value.send(good[0] as Uint8Array);
      for (let i = 0; i < 25 && sentCount < 1_000; i++) {
        const mutated = (good[prng.below(good.length)] as Uint8Array).slice();
        mutated[prng.below(mutated.length)] = prng.below(256);
        dialed.value.send(i % 2 === 0 ? prng.bytes(prng.below(200)) : mutated);
        sentCount += 1;
      }
      dialed.value.close("STOPPING");
      await until(() => isClosed || !dialed.value.isWritable, "the close");
    }
    const codes = node.log.slice(logBefore).flatMap((event) => (event.kind === "penalised" ? [event.code] : []));
    expect(codes.length).toBeGreaterThan(30);
    for (const code of codes) expect(Object.keys(PENALTIES)).toContain(code);
  });
});

/** Of `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256`; guards nothing. */
const P256_CREDENTIALS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo1wRFNH3+xmFAEwc
PuI5vfNhRMRqa2Zzz64VBER4SzyhRANCAASeUP3MsM8QmQ8LRlLmqXZ3HjH0DdAv
ibhqIIef5J80BbKO6T+R09DdZ4Q+kUJahdZQg5wTTjhs5fYGqVKFlyoC
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUBhnd0QBdaTlwFojrX9c6S0vPS6AwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjEwNTExMTNaGA8yMTI2MTAyODA1MTExM1ow
DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ5Q/cywzxCZ
DwtGUuapdnceMfQN0C+JuGogh5/knzQFso7pP5HT0N1nhD6RQlqF1lCDnBNOOGzl
9gapUoWXKgKjUzBRMB0GA1UdDgQWBBR0cHroKKSaMa7RlSbxzvUo1NQ8dzAfBgNV
HSMEGDAWgBR0cHroKKSaMa7RlSbxzvUo1NQ8dzAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIQCSQdmQ2t92JAuif2k96c6RY0x92moCvtbHB1gHblbB
9gIgNMzN8vihzZp4QbdgZNBqFZBU1wcXl4IOR05knk03t1w=
-----END CERTIFICATE-----
`,
};
