import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DEFAULT_RPC_LIMITS } from "../../src/index.ts";
import { makeBlock } from "../../testing/fakeChain.ts";
import { type RpcFixture, SocketReader, startFixture } from "../../testing/rpcFixture.ts";

let fixture: RpcFixture;
let reader: SocketReader;

beforeEach(async () => {
  fixture = await startFixture({ limits: { ...DEFAULT_RPC_LIMITS, bodyBytesMax: 4_096, connectionsMax: 3 } });
  reader = await SocketReader.open(fixture.server.port);
});

afterEach(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

describe("WebSocket server", () => {
  it("answers calls and batches in the order of the questions", async () => {
    let open: () => void = () => undefined;
    fixture.backend.callGate = new Promise((resolve) => {
      open = resolve;
    });
    reader.send("eth_call", {});
    reader.socket.send('[{"jsonrpc":"2.0","id":"b","method":"eth_chainId"},{"jsonrpc":"2.0","method":"eth_chainId"}]');
    open();
    expect(await reader.next()).toEqual({ jsonrpc: "2.0", id: 1, result: "0x0102" });
    expect(await reader.next()).toEqual([{ jsonrpc: "2.0", id: "b", result: "0x539" }]);
  });

  it("takes binary frames as text", async () => {
    reader.socket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'));
    expect(await reader.next()).toMatchObject({ result: "0x539" });
  });

  it("refuses foreign hosts and pages of foreign sites", async () => {
    const { port } = fixture.server;
    await expect(SocketReader.open(port, { headers: { host: "evil.example" } })).rejects.toThrow("403");
    for (const origin of ["http://evil.example", "http://localhost.evil.example", "null", "chrome-extension://abc"]) {
      await expect(SocketReader.open(port, { origin })).rejects.toThrow("403");
    }
    const own = await SocketReader.open(port, { origin: "http://localhost:3000" });
    expect(await own.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("refuses connections above its limit, and takes new ones when others end", async () => {
    const others = [await SocketReader.open(fixture.server.port), await SocketReader.open(fixture.server.port)];
    // Sockets above the limit are dropped before they can say anything, or told so.
    await expect(SocketReader.open(fixture.server.port)).rejects.toThrow();
    others[0]?.socket.close();
    await others[0]?.closed();
    // The server hears of the end a moment after the client.
    let next: SocketReader | null = null;
    while (next === null) next = await SocketReader.open(fixture.server.port).catch(() => null);
    expect(await next.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("ends a connection that sends too large a message, and only that", async () => {
    const other = await SocketReader.open(fixture.server.port);
    reader.socket.send("x".repeat(5_000));
    expect(await reader.closed()).toBe(1009);
    expect(await other.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("ends a connection that piles up requests", async () => {
    fixture.backend.callGate = new Promise(() => undefined);
    const padding = "x".repeat(3_000);
    for (let i = 0; i < 8; i++) reader.send("eth_call", {}, "latest", null, padding);
    expect(await reader.closed()).toBe(1013);
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it("begins nothing for a client that has gone", async () => {
    let open: () => void = () => undefined;
    fixture.backend.callGate = new Promise((resolve) => {
      open = resolve;
    });
    const before = fixture.backend.listeners.size;
    const batch = [
      { jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] },
      { jsonrpc: "2.0", id: 2, method: "eth_call", params: [{}] },
      { jsonrpc: "2.0", id: 3, method: "eth_subscribe", params: ["newHeads"] },
    ];
    reader.socket.send(JSON.stringify(batch));
    reader.send("eth_subscribe", "newHeads");
    while (fixture.backend.calls.length === 0) await new Promise(setImmediate);
    expect(fixture.backend.listeners.size).toBe(before + 1);
    reader.socket.terminate();
    while (fixture.backend.listeners.size > before) await new Promise(setImmediate);
    open();
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(fixture.backend.listeners.size).toBe(before);
  });

  it("tells a subscription's id before its first event", async () => {
    let open: () => void = () => undefined;
    fixture.backend.callGate = new Promise((resolve) => {
      open = resolve;
    });
    const batch = [
      { jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] },
      { jsonrpc: "2.0", id: 2, method: "eth_call", params: [{}] },
    ];
    reader.socket.send(JSON.stringify(batch));
    while (fixture.backend.calls.length === 0) await new Promise(setImmediate);
    const added = makeBlock(fixture.backend.records.at(-1)!, []);
    fixture.backend.append(added);
    open();
    const [announced] = (await reader.next()) as [{ result: string }];
    expect(await reader.next()).toMatchObject({
      method: "eth_subscription",
      params: { subscription: announced.result, result: { hash: added.block.hash } },
    });
  });

  it("survives frames that are not WebSocket", async () => {
    const socket = connect(fixture.server.port, "127.0.0.1");
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.write(Buffer.alloc(64, 0xff));
    await new Promise((resolve) => socket.once("close", resolve).resume());
    expect(await reader.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });
});
