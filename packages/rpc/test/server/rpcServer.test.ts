import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createRpcServer, DEFAULT_RPC_LIMITS } from "../../src/index.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";
import { type RpcFixture, startFixture, testClock } from "../../testing/rpcFixture.ts";

let fixture: RpcFixture;

beforeEach(async () => {
  fixture = await startFixture({ hosts: ["Node.Example"], limits: { ...DEFAULT_RPC_LIMITS, bodyBytesMax: 2_048 } });
});

afterEach(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

const CHAIN_ID = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" });

/** Sends the text over a bare socket and answers with all that comes back until the server ends it. */
function raw(text: string, port = fixture.server.port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
  });
}

const post = (host: string, headers = ""): Promise<string> =>
  raw(
    `POST / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}Content-Length: ${CHAIN_ID.length}\r\n\r\n${CHAIN_ID}`,
  );

describe("HTTP server", () => {
  it("answers POST with JSON", async () => {
    const response = await fetch(fixture.server.url, { method: "POST", body: CHAIN_ID });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.json()).toEqual({ jsonrpc: "2.0", id: 1, result: "0x539" });
  });

  it("answers notifications with an empty 204, GET with a line for people, other methods with 405", async () => {
    expect(await fixture.post('{"jsonrpc":"2.0","method":"eth_chainId"}')).toEqual({ status: 204, text: "" });
    const page = await fetch(fixture.server.url);
    expect(await page.text()).toContain("festina/0.1.0/test");
    expect((await fetch(fixture.server.url, { method: "PUT", body: CHAIN_ID })).status).toBe(405);
    expect((await fetch(fixture.server.url, { method: "OPTIONS" })).status).toBe(405);
  });

  it.each([
    ["localhost", 200],
    ["LOCALHOST:8545", 200],
    ["127.0.0.1:1", 200],
    ["[::1]:8545", 200],
    ["node.example:80", 200],
    ["evil.example", 403],
    ["localhost.evil.example", 403],
    ["", 403],
  ])("for Host %p answers %p", async (host, status) => {
    expect(await post(host)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it("takes from a page of another site only what a browser asks leave for", async () => {
    const foreign = "Origin: http://evil.example\r\n";
    expect(await post("localhost", `${foreign}Content-Type: text/plain\r\n`)).toMatch(/^HTTP\/1.1 415 /);
    expect(await post("localhost", foreign)).toMatch(/^HTTP\/1.1 415 /);
    expect(await post("localhost", `${foreign}Content-Type: application/json; charset=utf-8\r\n`)).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });

  it("refuses a body above the limit with 413, announced or not, and goes on", async () => {
    const large = `"${"x".repeat(3_000)}"`;
    expect((await fixture.post(large)).status).toBe(413);
    // More than socket buffers hold: the client still writes while the answer comes.
    expect((await fixture.post("x".repeat(8_000_000))).status).toBe(413);
    const chunked = await raw(
      `POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1.1 413 /);
    expect(chunked).toContain("body exceeds 2048 bytes");
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it("keeps a connection for as long as people's tools pause, and not for ever", async () => {
    const kept = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${CHAIN_ID.length}\r\n\r\n${CHAIN_ID}`;
    const response = await fetch(fixture.server.url, { method: "POST", body: CHAIN_ID });
    expect(response.headers.get("keep-alive")).toBe("timeout=120");
    await response.text();
    const brief = await startFixture({ limits: { ...DEFAULT_RPC_LIMITS, idleTimeoutMs: 50 } });
    // Comes back when the server has closed it.
    expect(await raw(kept, brief.server.port)).toMatch(/^HTTP\/1.1 200 /);
    await brief.close();
  });

  it("answers what is not HTTP with 400 and closes", async () => {
    expect(await raw("\x00\x01 nonsense\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it("survives clients that go away in the middle", async () => {
    for (const text of [
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
      "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(fixture.server.port, "127.0.0.1", () =>
          socket.write(text, () => setImmediate(() => socket.resetAndDestroy())),
        );
        socket.on("close", () => resolve());
      });
    }
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it("says in one line that its port is taken, and leaves no listener behind", async () => {
    const backend = new FakeBackend();
    await expect(
      createRpcServer(backend, {
        host: "127.0.0.1",
        port: fixture.server.port,
        clock: testClock,
      }),
    ).rejects.toMatchObject({
      name: "OperationError",
      code: "PORT_IN_USE",
      message: expect.stringContaining(`port ${fixture.server.port} is already in use`),
    });
    expect(backend.listeners.size).toBe(0);
    await expect(createRpcServer(backend, { host: "192.0.2.1", port: 0, clock: testClock })).rejects.toMatchObject({
      code: "LISTEN_FAILED",
    });
  });

  it("writes an IPv6 address into its URL as a client needs it", async () => {
    const server = await createRpcServer(new FakeBackend(), { host: "::1", port: 0, clock: testClock }).catch(
      () => null,
    );
    if (server === null) return; // no IPv6 on this machine
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    await server.close();
  });

  it("stops listening when closed", async () => {
    const other = await startFixture();
    await other.close();
    expect(other.backend.listeners.size).toBe(0);
    await expect(fetch(other.server.url)).rejects.toThrow();
  });
});
