import { afterEach, describe, expect, it } from "@jest/globals";
import { parseOrigin } from "../../src/index.ts";
import { type RpcFixture, SocketReader, startFixture } from "../../testing/rpcFixture.ts";

const CHAIN_ID = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" });
const APP = "https://app.example";
const EVIL = "https://evil.example";

let fixture: RpcFixture;
let refused: string[];

async function start(origins?: readonly string[]): Promise<void> {
  refused = [];
  const granted = origins === undefined ? {} : { origins };
  fixture = await startFixture({ ...granted, onOriginRefused: (origin) => refused.push(origin) });
}

afterEach(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

const preflight = (origin: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(fixture.server.url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
      ...headers,
    },
  });
const post = (origin: string, type = "application/json"): Promise<Response> =>
  fetch(fixture.server.url, { method: "POST", body: CHAIN_ID, headers: { origin, "content-type": type } });
const grant = (response: Response): string | null => response.headers.get("access-control-allow-origin");

describe("pages of other origins", () => {
  it("are refused with a sentence that names the option, and told of once", async () => {
    await start();
    for (let times = 0; times < 2; times++) {
      const answer = await preflight("http://localhost:3000");
      expect(answer.status).toBe(403);
      expect(grant(answer)).toBeNull();
      expect(await answer.text()).toMatch(/http:\/\/localhost:3000 .* --cors/);
    }
    await expect(SocketReader.open(fixture.server.port, { origin: EVIL })).rejects.toThrow("403");
    expect(refused).toEqual(["http://localhost:3000", EVIL]);
    expect(grant(await post(EVIL))).toBeNull();
  });

  it("that are named may ask and read, others may not", async () => {
    await start([APP, "http://localhost:3000"]);
    const leave = await preflight(APP);
    expect([leave.status, grant(leave), await leave.text()]).toEqual([204, APP, ""]);
    expect(leave.headers.get("access-control-allow-methods")).toBe("POST");
    expect(leave.headers.get("access-control-allow-headers")).toBe("*");
    expect(leave.headers.get("access-control-allow-private-network")).toBeNull();
    expect(leave.headers.get("vary")).toBe("origin");
    const answer = await post(APP);
    expect([grant(answer), await answer.json()]).toEqual([APP, { jsonrpc: "2.0", id: 1, result: "0x539" }]);
    expect((await post(APP, "text/plain")).status).toBe(200);

    expect((await preflight(EVIL)).status).toBe(403);
    const foreign = await post(EVIL);
    expect([grant(foreign), foreign.headers.get("vary")]).toEqual([null, "origin"]);
    expect((await post(EVIL, "text/plain")).status).toBe(415);
    expect((await preflight("https://app.example.evil.example")).status).toBe(403);
    const socket = await SocketReader.open(fixture.server.port, { origin: APP });
    expect(await socket.ask("eth_chainId")).toMatchObject({ result: "0x539" });
    await expect(SocketReader.open(fixture.server.port, { origin: EVIL })).rejects.toThrow("403");
  });

  it("may all read where all are named, also what was refused", async () => {
    await start(["*"]);
    for (const origin of [EVIL, "null", "chrome-extension://abcdef"]) {
      expect(grant(await preflight(origin))).toBe("*");
      expect(grant(await post(origin))).toBe("*");
      await SocketReader.open(fixture.server.port, { origin });
    }
    const asked = await preflight(EVIL, { "access-control-request-private-network": "true" });
    expect(asked.headers.get("access-control-allow-private-network")).toBe("true");
    expect(grant(await fetch(fixture.server.url, { method: "PUT", headers: { origin: EVIL } }))).toBe("*");
    expect(refused).toEqual([]);
  });

  it("are told of up to a limit", async () => {
    await start();
    for (let number = 0; number < 70; number++) await preflight(`http://${number}.example`);
    expect(refused).toHaveLength(64);
  });

  it("are named by origins, not by anything else", () => {
    expect(parseOrigin(" https://App.example/ ")).toBe(APP);
    expect(parseOrigin("http://localhost:3000")).toBe("http://localhost:3000");
    expect(parseOrigin("*")).toBe("*");
    for (const text of ["", "app.example", "https://", "https://a.example/path", "https://a b", "https://u@a.example"])
      expect(parseOrigin(text)).toBeNull();
  });
});
