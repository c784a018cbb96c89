// Short form of `npm run fuzz -- rpc`, and answers that it must complain of.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { faultIn } from "./rpcVerdict.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const METHODS = new Set(["eth_chainId", "eth_sendTransactionSync"]);

function judge(sent: unknown, answered: unknown, status = 200): string | null {
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  return faultIn({ sent: Buffer.from(text(sent)), status, answered: text(answered) }, METHODS);
}
const call = (fields: object = {}) => ({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [], ...fields });
const result = { jsonrpc: "2.0", id: 1, result: "0x1" };
const error = (code: number, message = "no") => ({ jsonrpc: "2.0", id: 1, error: { code, message } });

describe("the judge of malformed requests", () => {
  it("takes what JSON-RPC and geth prescribe", () => {
    expect(judge("{", error(-32_700))).toBeNull();
    expect(judge([], error(-32_600))).toBeNull();
    expect(judge(5, error(-32_600))).toBeNull();
    expect(judge(call({ jsonrpc: "1.0" }), error(-32_600))).toBeNull();
    expect(judge(call({ method: "eth_" }), error(-32_601))).toBeNull();
    expect(judge(call({ params: {} }), error(-32_602))).toBeNull();
    for (const code of [-32_602, 3, -32_000, -32_005, -38_013]) expect(judge(call(), error(code))).toBeNull();
    expect(judge(call({ method: "eth_sendTransactionSync" }), error(4))).toBeNull();
    expect(judge(call(), result)).toBeNull();
    expect(judge({ ...call(), id: undefined }, "", 204)).toBeNull();
    expect(judge([call(), 5, { ...call(), id: undefined }], [result, error(-32_600)])).toBeNull();
  });

  it("complains of anything else", () => {
    expect(judge("{", error(-32_600))).toBe("-32600 instead of -32700");
    expect(judge(call(), error(4))).toBe("the code 4");
    expect(judge(call({ method: "eth_" }), result)).toBe("a result instead of -32601");
    expect(judge(call(), error(-32_603))).toBe("the code -32603");
    expect(judge(call(), error(-32_000, ""))).toBe("an error without a message");
    expect(judge(call(), { jsonrpc: "2.0", id: 1 })).toBe("neither a result nor an error, or both");
    expect(judge(call(), { id: 1, result: 1 })).toBe("not an answer of JSON-RPC 2.0");
    expect(judge(call(), "<html>")).toBe("an answer that is not JSON");
    expect(judge(call(), "", 500)).toBe("status 500");
    expect(judge([call(), call()], [result])).toBe("1 answers to 2 requests");
    expect(judge([call()], result)).toBe("a batch for a single request, or the other way round");
    expect(judge({ ...call(), id: undefined }, result)).toBe("an answer to notifications");
  });
});

describe("npm run fuzz -- rpc", () => {
  it("finds nothing wrong with festina dev, and goes on where it lies", async () => {
    const folder = mkdtempSync(join(tmpdir(), "festina-fuzz-rpc-"));
    try {
      const fuzz = async (requests: number) => {
        const json = join(folder, "report.json");
        const options = ["--requests", String(requests), "--state", folder, "--json", json];
        await run(process.execPath, [join(ROOT, "scripts/fuzz.mjs"), "rpc", ...options], { cwd: ROOT });
        return JSON.parse(readFileSync(json, "utf8"));
      };
      expect(await fuzz(1_600)).toMatchObject({ requests: 1_600, faults: [], isAlive: true });
      const { outcomes } = await fuzz(1_600);
      for (const code of ["-32700", "-32600", "-32601", "-32602"]) expect(outcomes[code]).toBeGreaterThan(50);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
