// Traces of a real chain in the forms of other clients: flat lists, differences of states, and Otterscan's.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

const OUTER = `0x${"c0".repeat(20)}`;
const REVERTER = `0x${"d0".repeat(20)}`;
const RICH = `0x${"e0".repeat(20)}`;
const STORED = `0x${"f0".repeat(20)}`;
const word = (value: number): string => `0x${value.toString(16).padStart(64, "0")}`;

/** Pays 3 wei, calls the identity contract, calls what reverts with 4 wei, creates a contract of one byte with 1 wei. */
const OUTER_CODE = `0x${[
  `5f5f5f5f600373${RICH.slice(2)}5af150`,
  "5f5f5f5f5f60045af150",
  `5f5f5f5f600473${REVERTER.slice(2)}5af150`,
  // Init code PUSH1 1 PUSH0 RETURN, at 28: a contract of one zero byte.
  "6360015ff35f526004601c6001f050",
].join("")}`;
/** Reverts with a word. */
const REVERTER_CODE = "0x602a5f5260205ffd";
/** Slot 0 becomes what slot 1 is plus one: PUSH1 1 SLOAD PUSH1 1 ADD PUSH0 SSTORE; then slot 1 is cleared. */
const STORED_CODE = "0x6001546001015f555f600155";

interface Flat {
  readonly action: Record<string, string>;
  readonly result?: Record<string, string> | null;
  readonly error?: string;
  readonly type: string;
  readonly subtraces: number;
  readonly traceAddress: readonly number[];
  readonly transactionHash: string;
}

interface VmTrace {
  readonly code: string;
  readonly ops: readonly {
    readonly pc: number;
    readonly cost: number;
    readonly ex: {
      readonly used: number;
      readonly push: string[];
      readonly mem: object;
      readonly store: object;
    } | null;
    readonly sub: VmTrace | null;
  }[];
}

describe("traces in other forms", () => {
  let dev: RunningDev;
  let nested: string;
  let storing: string;
  let block: string;
  let made: string;
  beforeAll(async () => {
    dev = await startDev();
    await dev.call("hardhat_setCode", OUTER, OUTER_CODE);
    await dev.call("hardhat_setCode", REVERTER, REVERTER_CODE);
    await dev.call("hardhat_setCode", STORED, STORED_CODE);
    await dev.call("hardhat_setStorageAt", STORED, "0x1", word(5));
    await dev.call("evm_setAutomine", false);
    for (let count = 0; count !== 2; ) {
      const snapshot = await dev.call("evm_snapshot");
      nested = await dev.call("eth_sendTransaction", { from: alice, to: OUTER, value: "0x64", gas: "0x40000" });
      await dev.call("eth_sendTransaction", { from: bob, to: REVERTER, gas: "0x10000" });
      await dev.call("evm_mine");
      block = await dev.call("eth_blockNumber");
      count = Number(await dev.call("eth_getBlockTransactionCountByNumber", block));
      // A machine that is very busy may close the block after the first.
      if (count !== 2) await dev.call("evm_revert", snapshot);
    }
    storing = await dev.call("eth_sendTransaction", { from: alice, to: STORED, gas: "0x20000" });
    await dev.call("evm_mine");
    await dev.call("evm_setAutomine", true);
    const traces = await dev.call<Flat[]>("trace_transaction", nested);
    made = traces.find(({ type }) => type === "create")?.result?.["address"] ?? "";
  });
  afterAll(() => dev.stop());

  it("list calls with their way from the top, without precompiled contracts", async () => {
    const traces = await dev.call<Flat[]>("trace_transaction", nested);
    const shown = traces.map(({ type, traceAddress, subtraces, error }) => [type, traceAddress, subtraces, error]);
    expect(shown).toEqual([
      ["call", [], 3, undefined],
      ["call", [0], 0, undefined],
      ["call", [1], 0, "Reverted"],
      ["create", [2], 0, undefined],
    ]);
    expect(traces[0]).toMatchObject({
      action: { callType: "call", from: alice, to: OUTER, value: "0x64", input: "0x" },
      blockNumber: Number(block),
      transactionHash: nested,
      transactionPosition: 0,
    });
    expect(traces[2]?.result).toMatchObject({ output: word(42) });
    expect(traces[3]).toMatchObject({ action: { creationMethod: "create", from: OUTER, value: "0x1" } });
    expect(traces[3]?.result).toMatchObject({ code: "0x00" });
    expect(await dev.call("trace_get", nested, ["0x2"])).toEqual(traces[3]);
    expect(await dev.call("trace_get", nested, ["0x9"])).toBeNull();
    expect(await dev.call("trace_transaction", word(1))).toBeNull();
  });

  it("are the same by geth's tracer, with its own errors and precompiled contracts on request", async () => {
    const traced = (tracerConfig: object): Promise<Flat[]> =>
      dev.call("debug_traceTransaction", nested, { tracer: "flatCallTracer", tracerConfig });
    expect(await traced({ convertParityErrors: true })).toEqual(await dev.call("trace_transaction", nested));
    expect((await traced({ includePrecompiles: true })).map(({ traceAddress }) => traceAddress)).toHaveLength(5);
    expect((await traced({})).map(({ error }) => error)).toContain("execution reverted");
    const counts = await dev.call("debug_traceCall", { to: STORED, data: "0x1234567800" }, "latest", {
      tracer: "4byteTracer",
    });
    expect(counts).toEqual({ "0x12345678-1": 1 });
  });

  it("of several tracers stand under their names, and of none are empty", async () => {
    const traced = (tracer: string, tracerConfig: object = {}): Promise<unknown> =>
      dev.call("debug_traceTransaction", nested, { tracer, tracerConfig });
    expect(await traced("noopTracer")).toEqual({});
    const many = { callTracer: { onlyTopCall: true }, prestateTracer: { diffMode: true }, noopTracer: null };
    const together = {
      callTracer: await traced("callTracer", many.callTracer),
      prestateTracer: await traced("prestateTracer", many.prestateTracer),
      noopTracer: {},
    };
    expect(await traced("muxTracer", many)).toEqual(together);
    expect(await traced("muxTracer")).toEqual({});
    const config = { tracer: "muxTracer", tracerConfig: many };
    const [first, second] = await dev.call<{ txHash: string; result: object }[]>(
      "debug_traceBlockByNumber",
      block,
      config,
    );
    expect(first).toEqual({ txHash: nested, result: together });
    expect(Object.keys(second?.result ?? {})).toEqual(Object.keys(many));
    const call = { from: alice, to: RICH };
    expect(await dev.call("debug_traceCall", call, "latest", config)).toMatchObject({
      callTracer: { type: "CALL", to: RICH },
    });
  });

  it("of a block are those of its transactions; of a range, those that are asked for", async () => {
    const traces = await dev.call<Flat[]>("trace_block", block);
    expect(traces).toHaveLength(5);
    const range = { fromBlock: "earliest", toBlock: "latest" };
    const filter = (more: object): Promise<Flat[]> => dev.call("trace_filter", { ...range, ...more });
    expect((await filter({})).slice(0, 5)).toEqual(traces);
    expect(await filter({ fromAddress: [OUTER] })).toEqual(traces.slice(1, 4));
    expect(await filter({ fromAddress: [OUTER], after: 1, count: 1 })).toEqual(traces.slice(2, 3));
    expect(await filter({ fromAddress: [bob], toAddress: [REVERTER] })).toHaveLength(1);
    expect(await filter({ toAddress: [made] })).toEqual(traces.slice(3, 4));
    await expect(filter({ fromAddress: "0x1" })).rejects.toMatchObject({ code: -32602 });
  });

  it("tell what a transaction changed", async () => {
    const replayed = await dev.call<{ stateDiff: Record<string, unknown>; trace: unknown[]; output: string }>(
      "trace_replayTransaction",
      storing,
      ["trace", "stateDiff"],
    );
    expect(replayed.trace).toHaveLength(1);
    expect(replayed.stateDiff[STORED]).toEqual({
      balance: "=",
      code: "=",
      nonce: "=",
      storage: {
        [word(0)]: { "*": { from: word(0), to: word(6) } },
        [word(1)]: { "*": { from: word(5), to: word(0) } },
      },
    });
    expect(replayed.stateDiff[alice]).toMatchObject({ nonce: { "*": { from: "0x1", to: "0x2" } } });
    const both = await dev.call<{ stateDiff: Record<string, unknown>; transactionHash: string }[]>(
      "trace_replayBlockTransactions",
      block,
      ["stateDiff"],
    );
    expect(both[0]?.transactionHash).toBe(nested);
    expect(both[0]?.stateDiff[made]).toMatchObject({ balance: { "+": "0x1" }, code: { "+": "0x00" } });
    expect(both[0]?.stateDiff[REVERTER]).toBeUndefined();
    const called = await dev.call("trace_call", { from: alice, to: REVERTER }, ["trace"], "latest");
    expect(called).toMatchObject({ output: word(42), stateDiff: null, vmTrace: null, trace: [{ error: "Reverted" }] });
    await expect(dev.call("trace_call", {}, ["steps"])).rejects.toMatchObject({ code: -32602 });
  });

  it("tell every instruction, with what it called", async () => {
    const replayed = await dev.call<{ vmTrace: VmTrace; trace: unknown[] }>("trace_replayTransaction", storing, [
      "vmTrace",
    ]);
    expect(replayed).toMatchObject({ trace: [], stateDiff: null });
    const { code, ops } = replayed.vmTrace;
    expect(code).toBe(STORED_CODE);
    const gas = ops[0]?.cost === undefined ? 0 : (ops[0].ex?.used ?? 0) + ops[0].cost;
    let left = gas;
    for (const { cost, ex, sub } of ops) {
      left -= cost;
      expect([ex?.used, sub]).toEqual([left, null]);
    }
    expect(ops.map(({ pc, ex }) => [pc, ex?.push, ex?.store])).toEqual([
      [0, ["0x1"], null],
      [2, ["0x5"], null],
      [3, ["0x1"], null],
      [5, ["0x6"], null],
      [6, ["0x0"], null],
      [7, [], { key: "0x0", val: "0x6" }],
      [8, ["0x0"], null],
      [9, ["0x1"], null],
      [11, [], { key: "0x1", val: "0x0" }],
      // The end of the code.
      [12, [], null],
    ]);
    const both = await dev.call<{ vmTrace: VmTrace }[]>("trace_replayBlockTransactions", block, ["vmTrace"]);
    const top = both[0]?.vmTrace;
    const subs = top?.ops.flatMap(({ sub, pc, ex }) => (sub === null ? [] : [{ sub, pc, ex }])) ?? [];
    // Neither who has no code nor a precompiled contract.
    expect(subs.map(({ sub }) => sub.code)).toEqual([REVERTER_CODE, "0x60015ff3"]);
    expect(subs[0]?.sub.ops.map(({ ex }) => ex?.mem)).toEqual([
      null,
      null,
      { off: 0, data: word(42) },
      null,
      null,
      null,
    ]);
    expect(subs[0]?.ex?.push).toEqual(["0x0"]);
    expect(subs[1]?.ex?.push).toEqual([made.replace(/^0x0*/, "0x")]);
    const many = await dev.call<{ vmTrace: VmTrace | null }[]>("trace_callMany", [
      [{ from: alice, to: bob }, ["vmTrace"]],
      // PUSH1 1 JUMP: nowhere to jump to.
      [{ from: alice, data: "0x600156" }, ["stateDiff", "vmTrace"]],
      [{ from: alice, to: STORED }, []],
    ]);
    expect(many[0]?.vmTrace).toEqual({ code: "0x", ops: [] });
    expect(many[1]?.vmTrace?.ops.map(({ ex }) => ex === null)).toEqual([false, true]);
    expect(many[1]).toMatchObject({ stateDiff: { [alice]: {} } });
    expect(many[2]?.vmTrace).toBeNull();
  });

  it("tell what calls change one after the other", async () => {
    const change = [{ from: alice, to: STORED }, ["stateDiff"]];
    type Replay = { stateDiff: Record<string, { storage: object; nonce: unknown }> | null; trace: unknown[] };
    const [first, second, third] = await dev.call<Replay[]>("trace_callMany", [
      change,
      change,
      [{ from: alice, to: REVERTER }, ["trace"]],
    ]);
    const slotOf = (replay: Replay | undefined, slot: number) =>
      (replay?.stateDiff?.[STORED]?.storage as Record<string, unknown> | undefined)?.[word(slot)];
    // Slot 1 is 0 by now, so slot 0, which is 6, becomes 1; and then it is 1 already.
    expect(slotOf(first, 0)).toEqual({ "*": { from: word(6), to: word(1) } });
    expect(slotOf(second, 0)).toBeUndefined();
    expect(first?.stateDiff?.[alice]?.nonce).not.toEqual(second?.stateDiff?.[alice]?.nonce);
    expect(third).toMatchObject({ output: word(42), stateDiff: null, trace: [{ error: "Reverted" }] });
    // Nothing of it stays.
    expect(await dev.call("eth_getStorageAt", STORED, "0x0", "latest")).toBe(word(6));
    expect(await dev.call("trace_callMany", [], "latest")).toEqual([]);
    for (const calls of [{}, [1], [[{}]], [[{}, ["trace"], 1]], Array(257).fill(change)])
      await expect(dev.call("trace_callMany", calls, "latest")).rejects.toMatchObject({ code: -32602 });
    const poor = { from: `0x${"77".repeat(20)}`, to: REVERTER, value: "0x1" };
    await expect(dev.call("trace_callMany", [[poor, ["trace"]]])).rejects.toMatchObject({ code: -32000 });
  });

  it("serve Otterscan", async () => {
    expect(await dev.call("ots_getApiLevel")).toBe(8);
    expect(await dev.call("ots_hasCode", OUTER, "latest")).toBe(true);
    expect(await dev.call("ots_hasCode", alice, "latest")).toBe(false);
    expect(await dev.call("ots_getInternalOperations", nested)).toEqual([
      { type: 0, from: OUTER, to: RICH, value: "0x3" },
      { type: 2, from: OUTER, to: made, value: "0x1" },
    ]);
    const entries = await dev.call<{ depth: number; type: string }[]>("ots_traceTransaction", nested);
    expect(entries.map(({ depth }) => depth)).toEqual([0, 1, 1, 1, 1]);
    const hashes = await dev.call<{ transactions: string[] }>("eth_getBlockByNumber", block, false);
    expect(await dev.call("ots_getTransactionError", hashes.transactions[1])).toBe(word(42));
    expect(await dev.call("ots_getTransactionError", nested)).toBe("0x");
    const details = await dev.call<{ block: object; totalFees: string }>("ots_getBlockDetails", block);
    expect(details.block).toMatchObject({ number: block, transactionCount: 2 });
    expect(details.block).not.toHaveProperty("logsBloom");
    const { hash } = await dev.call<{ hash: string }>("eth_getBlockByNumber", block, false);
    expect(await dev.call("ots_getBlockDetailsByHash", hash)).toEqual(details);
    const page = (number: number): Promise<object> => dev.call("ots_getBlockTransactions", block, number, 1);
    expect(await page(0)).toMatchObject({ fullblock: { transactions: [{ from: bob }] }, receipts: [{ logs: null }] });
    expect(await page(1)).toMatchObject({ fullblock: { transactions: [{ hash: nested }] } });
    expect(await page(2)).toMatchObject({ fullblock: { transactions: [], transactionCount: 2 }, receipts: [] });
    expect(await dev.call("erigon_getHeaderByNumber", block)).toMatchObject({ number: block, hash });
  });

  it("find transactions by who took part", async () => {
    const hashesOf = (found: { txs: { hash: string }[] }): string[] => found.txs.map((transaction) => transaction.hash);
    const before = await dev.call<{ txs: { hash: string }[]; firstPage: boolean; lastPage: boolean }>(
      "ots_searchTransactionsBefore",
      alice,
      0,
      10,
    );
    expect(hashesOf(before)).toEqual([storing, nested]);
    expect(before).toMatchObject({ firstPage: true, lastPage: true, receipts: [{ status: "0x1" }, { status: "0x1" }] });
    for (const inside of [RICH, made])
      expect(hashesOf(await dev.call("ots_searchTransactionsBefore", inside, 0, 10))).toEqual([nested]);
    const newest = await dev.call<typeof before>("ots_searchTransactionsBefore", alice, 0, 1);
    expect([hashesOf(newest), newest.lastPage]).toEqual([[storing], false]);
    const after = await dev.call<typeof before>("ots_searchTransactionsAfter", alice, Number(block), 5);
    expect(hashesOf(after)).toEqual([storing]);
    expect(after).toMatchObject({ firstPage: true, lastPage: false });
    expect(await dev.call("ots_getTransactionBySenderAndNonce", alice, "0x1")).toBe(storing);
    expect(await dev.call("ots_getTransactionBySenderAndNonce", alice, "0x7")).toBeNull();
    expect(await dev.call("ots_getContractCreator", made)).toEqual({ hash: nested, creator: OUTER });
    expect(await dev.call("ots_getContractCreator", alice)).toBeNull();
    expect(await dev.call("ots_getContractCreator", OUTER)).toBeNull();
    await expect(dev.call("ots_searchTransactionsAfter", alice, 0, 101)).rejects.toMatchObject({ code: -32602 });
  });

  it("have an address for a creation that failed, which Otterscan reads", async () => {
    const failed = await dev.call("eth_sendTransaction", { from: alice, data: REVERTER_CODE, gas: "0x20000" });
    const entries = await dev.call("ots_traceTransaction", failed);
    expect(entries).toMatchObject([{ type: "CREATE", to: `0x${"00".repeat(20)}`, output: word(42) }]);
  });
});
