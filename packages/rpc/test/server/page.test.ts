import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createPage } from "../../src/index.ts";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

const SHELL = "<!doctype html><title>shell</title>";
const SCRIPT = "console.log('a script that is long enough to be worth compressing, worth compressing')";

let folder: string;
let fixture: RpcFixture;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "festina-page-"));
  writeFileSync(join(folder, "index.html"), SHELL);
  writeFileSync(join(folder, "page-1.js"), SCRIPT);
  writeFileSync(join(folder, "page-1.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, "page-1.js.gz"), gzipSync(SCRIPT));
  writeFileSync(join(folder, "secret.key"), "not for anybody");
  fixture = await startFixture({ page: createPage(folder) });
});

afterAll(async () => {
  await fixture.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(fixture.server.url + path, { headers });
const asBrowser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("a page at the RPC's address", () => {
  it("is what a browser gets, whatever path it comes to", async () => {
    for (const path of ["/", "/anything", "/a/b?c=d", "/%2e%2e/x", "/index.html"]) {
      const response = await get(path, asBrowser);
      expect([path, response.status, await response.text()]).toEqual([path, 200, SHELL]);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    }
  });

  it("lets nothing in from elsewhere", async () => {
    const { headers } = await get("/", asBrowser);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("leaves tools their line of text, and POST to JSON-RPC", async () => {
    expect(await (await get("/")).text()).toContain("festina/0.1.0/test");
    expect(await (await get("/nothing.js")).text()).toContain("JSON-RPC 2.0");
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it.each([
    ["br, gzip", "br"],
    ["gzip", "gzip"],
    ["gzip;q=1.0, br;q=0", "gzip"],
    ["identity", null],
  ])("sends a file for %p as %p", async (accepted, coding) => {
    const response = await get("/page-1.js", { "accept-encoding": accepted });
    expect(response.headers.get("content-encoding")).toBe(coding);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(await response.text()).toBe(SCRIPT);
  });

  it("says nothing new to who has the same already", async () => {
    const first = await get("/", asBrowser);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = await get("/", { ...asBrowser, "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const other = await get("/", { ...asBrowser, "if-none-match": '"another"' });
    expect(other.status).toBe(200);
  });

  it("never leaves its folder, nor shows what is no file of a page", () => {
    const page = createPage(folder);
    for (const path of [
      "/secret.key",
      "/../secret.key",
      "/%2e%2e/%2e%2e/etc/passwd",
      "//etc/passwd",
      "/page-1.js/../x",
    ])
      expect([path, page.answer(path, {})]).toEqual([path, undefined]);
    expect(page.answer("/page-1.js?v=2", {})?.status).toBe(200);
  });

  it("is refused to a foreign host name as everything is", async () => {
    const page = createPage(folder);
    expect(page.answer("/", asBrowser)?.status).toBe(200);
    const { status } = await fixture.post("{}", { origin: "http://evil.example", "content-type": "text/plain" });
    expect(status).toBe(415);
  });

  it("is not there where nothing was built", () => {
    expect(createPage(join(folder, "missing")).answer("/", asBrowser)).toBeUndefined();
  });
});
