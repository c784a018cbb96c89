import { fail, ok, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { ACCOUNTS, TOKEN } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const STRUCT = {
  ...{ tracer: "struct", withMemory: false, withStack: true, withStorage: true, withReturnData: false },
  limit: 0,
};
const fixture = () => {
  const { backend, call } = createMethods();
  const record = backend.records.find(({ transactions }) => transactions.length > 0);
  const hash = record?.block.transactions[0]?.hash ?? ZERO_HASH;
  const number = record?.block.header.number ?? 0;
  return { backend, call, hash, number, blockHash: record?.block.hash ?? ZERO_HASH };
};

describe("debug_trace", () => {
  it("hands a transaction's place and the options on, and the trace back", async () => {
    const { backend, call, hash, number } = fixture();
    expect(await call("debug_traceTransaction", hash)).toEqual({ gas: 21_000 });
    await call("debug_traceTransaction", hash, {
      enableMemory: true,
      disableStack: true,
      disableStorage: true,
      limit: 3,
    });
    await call("debug_traceTransaction", hash, {
      tracer: "callTracer",
      tracerConfig: { withLog: true },
      timeout: "500ms",
    });
    await call("debug_traceTransaction", hash, {
      tracer: "prestateTracer",
      tracerConfig: { diffMode: true, disableCode: true },
    });
    await call("debug_traceTransaction", hash, { timeout: "10m", reexec: 128, tracer: null, tracerConfig: null });
    const place = { number, index: 0 };
    expect(backend.traced).toEqual([
      { place, options: STRUCT, timeoutMs: 2_000 },
      {
        place,
        options: { ...STRUCT, withMemory: true, withStack: false, withStorage: false, limit: 3 },
        timeoutMs: 2_000,
      },
      { place, options: { tracer: "call", onlyTopCall: false, withLogs: true }, timeoutMs: 500 },
      { place, options: { tracer: "prestate", diffMode: true, withCode: false, withStorage: true }, timeoutMs: 2_000 },
      { place, options: STRUCT, timeoutMs: 2_000 },
    ]);
  });

  it("traces a block by number, tag and hash", async () => {
    const { backend, call, hash, number, blockHash } = fixture();
    const traced = await call("debug_traceBlockByNumber", `0x${number.toString(16)}`);
    expect(traced).toContainEqual({ txHash: hash, result: { gas: 21_000 } });
    expect(await call("debug_traceBlockByHash", blockHash, { tracer: "callTracer" })).toHaveLength(
      (traced as []).length,
    );
    expect(backend.traced.map(({ place }) => place)).toEqual([
      { number, index: null },
      { number, index: null },
    ]);
    await expect(call("debug_traceBlockByNumber", "0x0")).rejects.toMatchObject({
      message: "genesis is not traceable",
    });
    await expect(call("debug_traceBlockByNumber", "0x99")).rejects.toMatchObject({ code: -32000 });
    await expect(call("debug_traceBlockByHash", ZERO_HASH)).rejects.toMatchObject({ code: -32000 });
  });

  it("traces a call on a block", async () => {
    const { backend, call } = fixture();
    const request = { from: ACCOUNTS[0], to: TOKEN, data: "0x1234", value: "0x5" };
    await call("debug_traceCall", request, "0x1", { tracer: "callTracer" });
    expect(backend.calls).toMatchObject([{ to: TOKEN, valueWei: 5n }]);
    expect(backend.traced).toMatchObject([{ place: { number: 1 }, options: { tracer: "call" } }]);
  });

  it("adds the reasons of reverts that are text to calls, however deep", async () => {
    const { backend, call, hash } = fixture();
    const text = Buffer.from("no luck").toString("hex").padEnd(64, "0");
    const output = `0x08c379a0${"20".padStart(64, "0")}${"7".padStart(64, "0")}${text}`;
    const inner = { type: "CALL", error: "execution reverted", output };
    const custom = { type: "CALL", error: "execution reverted", output: "0xe450d38c" };
    backend.traceAnswer = ok({ type: "CALL", output: "0x", calls: [inner, custom] });
    expect(await call("debug_traceTransaction", hash, { tracer: "callTracer" })).toEqual({
      ...{ type: "CALL", output: "0x" },
      calls: [{ ...inner, revertReason: "no luck" }, custom],
    });
  });

  it.each([
    ["TRACE_STATE_MISSING", -32000],
    ["TRACE_LIMIT", -32005],
    ["TRACE_REFUSED", -32000],
    ["TRACE_UNAVAILABLE", -32000],
  ] as const)("%s is said with a code", async (code, rpcCode) => {
    const { backend, call, hash } = fixture();
    backend.traceAnswer = fail(code, "why not");
    await expect(call("debug_traceTransaction", hash)).rejects.toMatchObject({ code: rpcCode, message: "why not" });
  });

  it.each([
    [{ tracer: "{ step: function() {} }" }],
    [{ tracer: 7 }],
    [{ tracer: "muxTracer", tracerConfig: { muxTracer: {} } }],
    [{ tracer: "muxTracer", tracerConfig: { "": {} } }],
    [{ tracer: "muxTracer", tracerConfig: { callTracer: { withLog: "yes" } } }],
    [{ tracer: "muxTracer", tracerConfig: { __proto__: null, toString: {} } }],
    [{ tracer: "muxTracer", tracerConfig: [1] }],
    [{ tracer: "muxTracer", tracerConfig: Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}`, {}])) }],
    [{ tracer: "callTracer", tracerConfig: { withLog: "yes" } }],
    [{ tracer: "callTracer", tracerConfig: [] }],
    [{ tracer: "prestateTracer", tracerConfig: { diffMode: 1 } }],
    [{ enableMemory: "true" }],
    [{ disableStack: 1 }],
    [{ limit: -1 }],
    [{ limit: "0x5" }],
    [{ limit: 1.5 }],
    [{ timeout: 5 }],
    [{ timeout: "5 parsecs" }],
    [{ timeout: "-1s" }],
    [{ stateOverrides: [] }],
    [{ blockOverrides: 5 }],
    [{ txIndex: "0x1" }],
    ["callTracer"],
    [[]],
    [7],
  ])("refuses %j as a configuration", async (config) => {
    const { call, hash, backend } = fixture();
    await expect(call("debug_traceTransaction", hash, config)).rejects.toMatchObject({ code: -32602 });
    await expect(call("debug_traceCall", { to: TOKEN }, "latest", config)).rejects.toMatchObject({ code: -32602 });
    await expect(call("debug_traceBlockByNumber", "latest", config)).rejects.toMatchObject({ code: -32602 });
    expect(backend.traced).toEqual([]);
  });

  it("takes overrides for calls only", async () => {
    const { call, hash, backend } = fixture();
    const config = { stateOverrides: { [TOKEN]: { balance: "0x1" } }, blockOverrides: { number: "0x2" } };
    await call("debug_traceCall", { to: TOKEN }, "latest", config);
    expect(backend.calls[0]?.overrides).toEqual({
      ...{ accounts: new Map([[TOKEN, { balanceWei: 1n }]]), block: { number: 2 } },
    });
    await expect(call("debug_traceTransaction", hash, config)).rejects.toMatchObject({ code: -32602 });
    await expect(call("debug_traceBlockByNumber", "latest", config)).rejects.toMatchObject({ code: -32602 });
  });

  it("refuses what is no hash, and does not find what is not there", async () => {
    const { call } = fixture();
    for (const value of [undefined, null, 7, "0x", "0x12", {}])
      await expect(call("debug_traceTransaction", value)).rejects.toMatchObject({ code: -32602 });
    await expect(call("debug_traceTransaction", ZERO_HASH)).rejects.toMatchObject({ code: -32000 });
    await expect(call("debug_traceCall", "latest")).rejects.toMatchObject({ code: -32602 });
  });
});
