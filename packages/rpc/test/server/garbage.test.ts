import { createPrng, type Prng, ZERO_HASH } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { RPC_CODE } from "../../src/index.ts";
import { ACCOUNTS, sampleTransactions, TOKEN } from "../../testing/fakeChain.ts";
import { type Answer, type RpcFixture, SocketReader, startFixture } from "../../testing/rpcFixture.ts";
import { createMethods } from "../namespaces/methodFixture.ts";

const MESSAGES = 1_000;
const CODES: readonly number[] = Object.values(RPC_CODE).filter((code) => code !== RPC_CODE.internal);
const { methods } = createMethods();
const METHODS = [...methods.keys()];

/** Parameters that are right somewhere, nearly right, and never right. */
const PIECES: readonly unknown[] = [
  ACCOUNTS[0],
  TOKEN,
  ZERO_HASH,
  sampleTransactions().feeMarket.hash,
  "latest",
  "pending",
  "earliest",
  "newHeads",
  "logs",
  "0x0",
  "0x1",
  "0x2",
  "0x",
  "0xffffffffffffffffff",
  "",
  "__proto__",
  null,
  true,
  false,
  0,
  3,
  -1,
  1.5,
  1e300,
  [],
  [[]],
  ["0x1"],
  {},
  { to: TOKEN, data: "0x12" },
  { from: ACCOUNTS[0], gas: "0x5208", to: null },
  { fromBlock: "0x0", topics: [null, []] },
  { blockHash: ZERO_HASH },
  { blockNumber: { blockNumber: {} } },
  JSON.parse('{"__proto__": {"to": "0x1"}, "constructor": 1}'),
];

const pick = <T>(prng: Prng, from: readonly T[]): T => from[prng.below(from.length)] as T;

function aRequest(prng: Prng): unknown {
  const params = Array.from({ length: prng.below(4) }, () => pick(prng, PIECES));
  return { jsonrpc: "2.0", id: prng.below(1_000), method: pick(prng, METHODS), params };
}

/** Changed in a few characters, cut, or doubled: mostly no JSON any more, sometimes another request. */
function mutate(prng: Prng, text: string): string {
  const at = prng.below(text.length);
  switch (prng.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(32 + prng.below(95)) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + pick(prng, ["{", "[", '"', "\\u0000", "null,", "1e999"]) + text.slice(at);
    default:
      return `[${text},${text},${text.slice(at)}]`;
  }
}

function garbage(prng: Prng): string {
  switch (prng.below(4)) {
    case 0:
      return Buffer.from(prng.bytes(prng.below(200))).toString("latin1");
    case 1:
      return JSON.stringify(pick(prng, PIECES));
    case 2:
      return JSON.stringify(aRequest(prng));
    default:
      return mutate(prng, JSON.stringify(aRequest(prng)));
  }
}

let fixture: RpcFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

function expectTyped(text: string): void {
  const parsed = JSON.parse(text) as Answer | Answer[];
  for (const { jsonrpc, error } of Array.isArray(parsed) ? parsed : [parsed]) {
    expect(jsonrpc).toBe("2.0");
    if (error !== undefined) expect([CODES, error]).toEqual([expect.arrayContaining([error.code]), error]);
  }
}

describe("garbage", () => {
  it("over HTTP gets typed answers, and the server goes on", async () => {
    const prng = createPrng(1);
    for (let sent = 0; sent < MESSAGES; sent += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => fixture.post(garbage(prng))));
      for (const { status, text } of answers) {
        expect([200, 204]).toContain(status);
        if (status === 200) expectTyped(text);
      }
    }
    expect(fixture.methodErrors).toEqual([]);
    expect(await fixture.result("eth_chainId")).toBe("0x539");
  });

  it("over WebSocket gets typed answers, and the connection goes on", async () => {
    const prng = createPrng(2);
    const reader = await SocketReader.open(fixture.server.port);
    for (let sent = 0; sent < MESSAGES; sent++) {
      reader.socket.send(garbage(prng));
      if (sent % 20 !== 0) continue;
      // A question after each handful: answers come in order, so all before it has been answered by then.
      reader.socket.send(`{"jsonrpc":"2.0","id":"mark ${sent}","method":"eth_chainId"}`);
      for (let message: unknown = null; (message as Answer | null)?.id !== `mark ${sent}`; ) {
        message = await reader.next();
        if ((message as { method?: string }).method === undefined) expectTyped(JSON.stringify(message));
      }
    }
    expect(fixture.methodErrors).toEqual([]);
    reader.socket.terminate();
  });

  it("in the parameters of any method is refused as such, never as a failure of ours", async () => {
    const prng = createPrng(3);
    const { call } = createMethods();
    for (const method of METHODS) {
      for (let turn = 0; turn < 60; turn++) {
        const params = Array.from({ length: prng.below(4) }, () => pick(prng, PIECES));
        const failed = await call(method, ...params).catch((error: unknown) => error);
        if (failed instanceof Error)
          expect([method, params, failed]).toEqual([method, params, expect.objectContaining({ name: "RpcError" })]);
      }
    }
  });

  it("of great depth does not exhaust the stack", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const tag = `${'{"blockNumber":'.repeat(30_000)}1${"}".repeat(30_000)}`;
    for (const params of [deep, `[${tag}]`, `[{"topics":${deep}}]`]) {
      const { text } = await fixture.post(
        `{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":${params}}`,
      );
      expectTyped(text);
    }
    expect(fixture.methodErrors).toEqual([]);
  });
});
