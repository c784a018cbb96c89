// eth_simulateV1 on a real chain.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, carol, READER_CODE, type RunningDev, startDev } from "./devFixture.ts";

const CONTRACT = `0x${"c0".repeat(20)}`;
const OTHER = `0x${"d0".repeat(20)}`;
const COINS = `0x${"ee".repeat(20)}`;
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const word = (value: number | bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
const topic = (address: string): string => `0x${address.slice(2).padStart(64, "0")}`;
/** Returns what the opcode answers. */
const answers = (opcode: string): string => `0x${opcode}5f5260205ff3`;

interface SimulatedCall {
  readonly status: string;
  readonly returnData: string;
  readonly gasUsed: string;
  readonly maxUsedGas: string;
  readonly logs: readonly Record<string, unknown>[];
  readonly error?: { readonly code: number; readonly message: string };
}
type SimulatedBlock = { readonly calls: readonly SimulatedCall[] } & Record<string, string>;

describe("simulated blocks", () => {
  let dev: RunningDev;
  beforeAll(async () => {
    dev = await startDev();
    await dev.call("eth_sendTransaction", { from: alice, to: bob, value: "0x1" });
  });
  afterAll(() => dev.stop());

  const simulate = (blocks: readonly unknown[], options = {}, tag = "latest"): Promise<readonly SimulatedBlock[]> =>
    dev.call("eth_simulateV1", { blockStateCalls: blocks, ...options }, tag);
  const refusal = async (blocks: readonly unknown[], options = {}): Promise<number> => {
    const error: unknown = await simulate(blocks, options).catch((reason: unknown) => reason);
    return (error as { readonly code: number }).code;
  };

  it("stand on each other: state, numbers, parents and times go on from block to block, and nothing is kept", async () => {
    const head = await dev.call<Record<string, string>>("eth_getBlockByNumber", "latest", false);
    const [first, second] = await simulate([
      { calls: [{ from: alice, to: CONTRACT, value: "0x5" }] },
      {
        stateOverrides: { [CONTRACT]: { code: answers("47") } },
        calls: [{ from: bob, to: CONTRACT }],
      },
    ]);
    expect(first).toMatchObject({ parentHash: head["hash"], number: "0x2", baseFeePerGas: "0x0" });
    expect(Number(first?.["timestamp"])).toBe(Number(head["timestamp"]) + 1);
    expect(second).toMatchObject({ parentHash: first?.["hash"], number: "0x3" });
    expect(second?.calls[0]).toMatchObject({ status: "0x1", returnData: word(5) });
    expect(first?.calls[0]).toMatchObject({ gasUsed: "0x5208", maxUsedGas: "0x5208", logs: [] });
    expect(await dev.call("eth_getBalance", CONTRACT, "latest")).toBe("0x0");
    expect(await dev.call("eth_getBlockByNumber", "latest", false)).toEqual(head);
  });

  it("have precompiled contracts where the request moves them, from block to block and nowhere else", async () => {
    const [identity, moved] = [`0x${"4".padStart(40, "0")}`, `0x${"9a".repeat(20)}`];
    // CALLDATACOPY all; CALL what was moved with it, answered into the same place; MSTORE8 0xff at 0; RETURN that
    const code = `0x365f5f37365f365f5f73${moved.slice(2)}5af15060ff5f53365ff3`;
    const stateOverrides = { [identity]: { movePrecompileToAddress: moved, code } };
    const ask = (to: string): object => ({ from: alice, to, data: "0x11223344" });
    const blocks = await simulate([{ stateOverrides, calls: [ask(identity), ask(moved)] }, { calls: [ask(moved)] }]);
    const answered = blocks.map(({ calls }) => calls.map(({ status, returnData }) => [status, returnData]));
    expect(answered).toEqual([
      [
        ["0x1", "0xff223344"],
        ["0x1", "0x11223344"],
      ],
      [["0x1", "0x"]],
    ]);
    const called = (to: string): Promise<unknown> => dev.call("eth_call", ask(to), "latest", stateOverrides);
    expect([await called(identity), await called(moved)]).toEqual(["0xff223344", "0x11223344"]);
    expect(await dev.call("eth_call", ask(identity))).toBe("0x11223344");
    const estimate = await dev.call<string>("eth_estimateGas", ask(moved), "latest", stateOverrides);
    expect(Number(estimate)).toBeGreaterThan(21_000);
    const config = { tracer: "callTracer", stateOverrides };
    expect(await dev.call("debug_traceCall", ask(identity), "latest", config)).toMatchObject({
      ...{ output: "0xff223344", calls: [{ to: moved, output: "0x11223344" }] },
    });
    expect(await refusal([{ stateOverrides: { [CONTRACT]: { movePrecompileToAddress: moved } }, calls: [] }])).toBe(
      -32000,
    );
    expect(await refusal([{ stateOverrides: { [identity]: { movePrecompileToAddress: identity } }, calls: [] }])).toBe(
      -38022,
    );
  });

  it("have the roots that a real block with the same content has", async () => {
    // Prices and nonces as they will be; a development chain pays nothing else.
    const call = { from: alice, to: carol, value: "0x7", gas: "0x5208", maxFeePerGas: "0x77359400" };
    const base = await dev.call<Record<string, string>>("eth_getBlockByNumber", "latest", false);
    const [simulated] = await simulate([{ calls: [call] }], { validation: true });
    const snapshot = await dev.call("evm_snapshot");
    await dev.call("evm_setNextBlockTimestamp", Number(base["timestamp"]) + 1);
    await dev.call("eth_sendTransaction", { ...call, maxPriorityFeePerGas: "0x0" });
    const real = await dev.call<Record<string, string>>("eth_getBlockByNumber", "latest", false);
    await dev.call("evm_revert", snapshot);
    for (const field of ["stateRoot", "receiptsRoot", "gasUsed", "baseFeePerGas", "timestamp", "number"])
      expect([field, simulated?.[field]]).toEqual([field, real[field]]);
  });

  it("fill the numbers between them, and see the hashes of those before", async () => {
    const blocks = await simulate([
      { blockOverrides: { number: "0x5", time: "0x80000000" } },
      {
        // BLOCKHASH of block 5
        stateOverrides: { [CONTRACT]: { code: answers("600540") }, [OTHER]: { code: answers("42") } },
        calls: [{ to: CONTRACT }, { to: OTHER }],
      },
    ]);
    expect(blocks.map((block) => block["number"])).toEqual(["0x2", "0x3", "0x4", "0x5", "0x6"]);
    expect(blocks[4]?.calls.map(({ returnData }) => returnData)).toEqual([blocks[3]?.["hash"], word(0x80000001)]);
  });

  it("show what fails without failing themselves", async () => {
    const [block] = await simulate([
      {
        stateOverrides: { [CONTRACT]: { code: "0x5f5ffd" }, [OTHER]: { code: "0xfe" } },
        calls: [
          { from: alice, to: CONTRACT, gas: "0x10000" },
          { from: alice, to: OTHER, gas: "0x10000" },
        ],
      },
    ]);
    expect(block?.calls).toMatchObject([
      { status: "0x0", error: { code: 3, message: "execution reverted", data: "0x" } },
      { status: "0x0", gasUsed: "0x10000", error: { code: -32015, message: "vm execution error: invalid opcode" } },
    ]);
  });

  it("show movements of coins as logs among the others, and none of what failed", async () => {
    // Pays OTHER 3 wei, logs, pays REVERTER 4 wei in vain.
    const reverter = `0x${"e1".repeat(20)}`;
    const pay = (to: string, wei: string): string => `5f5f5f5f60${wei}73${to.slice(2)}5af150`;
    const code = `0x${pay(OTHER, "03")}5f5fa0${pay(reverter, "04")}`;
    const [block] = await simulate(
      [
        {
          stateOverrides: { [CONTRACT]: { code }, [reverter]: { code: "0x5f5ffd" } },
          calls: [
            { from: alice, to: CONTRACT, value: "0x64" },
            { from: alice, to: bob, value: "0x1" },
          ],
        },
      ],
      { traceTransfers: true },
    );
    expect(block?.calls[0]?.logs).toMatchObject([
      { address: COINS, topics: [TRANSFER, topic(alice), topic(CONTRACT)], data: word(100), logIndex: "0x0" },
      { address: COINS, topics: [TRANSFER, topic(CONTRACT), topic(OTHER)], data: word(3), logIndex: "0x1" },
      { address: CONTRACT, topics: [], data: "0x", logIndex: "0x2" },
    ]);
    expect(block?.calls[1]?.logs).toMatchObject([{ logIndex: "0x3", transactionIndex: "0x1" }]);
  });

  it("show whole transactions on request", async () => {
    const [block] = await simulate([{ calls: [{ from: alice, to: bob }] }], { returnFullTransactions: true });
    expect(block?.["transactions"]).toMatchObject([{ from: alice, to: bob, type: "0x2", blockNumber: "0x2" }]);
  });

  it("ask for what real ones ask for when they are to be valid, each with its code", async () => {
    const valid = { from: alice, to: bob, maxFeePerGas: "0x77359400", gas: "0x5208" };
    const strictly = (call: object, block = {}): Promise<number> =>
      refusal([{ ...block, calls: [{ ...valid, ...call }] }], { validation: true });
    expect(await strictly({})).toBeUndefined();
    expect(await strictly({ nonce: "0x0" })).toBe(-38010);
    expect(await strictly({ nonce: "0x9" })).toBe(-38011);
    expect(await strictly({ maxFeePerGas: "0x1" })).toBe(-38012);
    expect(await strictly({ gas: "0x5207" })).toBe(-38013);
    expect(await strictly({ from: `0x${"99".repeat(20)}` })).toBe(-38014);
    expect(await strictly({}, { blockOverrides: { gasLimit: "0x5207" } })).toBe(-38015);
    expect(await strictly({ to: null, data: `0x${"00".repeat(49_153)}`, gas: "0x800000" })).toBe(-38025);
  });

  it("ask for little otherwise, and refuse what makes no sequence", async () => {
    const [block] = await simulate([
      {
        stateOverrides: { [CONTRACT]: { code: READER_CODE, stateDiff: { "0x0": word(9) } } },
        calls: [{ from: CONTRACT, to: CONTRACT, nonce: "0x99" }, { to: CONTRACT }],
      },
    ]);
    expect(block?.calls).toMatchObject([{ returnData: word(9) }, { returnData: word(9) }]);
    expect(await refusal([{ calls: [{ from: CONTRACT, to: bob, value: "0x1" }] }])).toBe(-38014);
    expect(await refusal([{ blockOverrides: { number: "0x1" } }])).toBe(-38020);
    expect(await refusal([{ blockOverrides: { time: "0x1" } }])).toBe(-38021);
    expect(await refusal([{ blockOverrides: { number: "0x102" } }])).toBe(-38026);
    expect(await refusal(Array.from({ length: 257 }, () => ({})))).toBe(-38026);
    // JUMPDEST PUSH0 JUMP, until the gas is gone: all calls together may use 50 million.
    const forever = { stateOverrides: { [CONTRACT]: { code: "0x5b5f56" } } };
    const calls = Array.from({ length: 3 }, () => ({ to: CONTRACT, gas: "0x1c00000" }));
    const blocks = [{ ...forever, calls: [calls[0]] }, { calls: [calls[1]] }, { calls: [calls[2]] }];
    expect(await refusal(blocks)).toBe(-38026);
    expect(await refusal([])).toBe(-32602);
    expect(await refusal([{ calls: [{ blobVersionedHashes: [word(1)] }] }])).toBe(-32602);
    expect(await refusal([{ blockOverrides: { withdrawals: [{}] } }])).toBe(-32602);
    expect(await refusal([{ blockOverrides: { withdrawals: [], blobBaseFee: "0x1" } }])).toBeUndefined();
  });
});
