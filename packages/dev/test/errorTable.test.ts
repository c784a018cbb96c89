// What is asked wrongly, and the code and the words by which geth (JSON-RPC 2.0 where it comes first) refuses it. Tools
// know failures by both.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

const HASH = `0x${"11".repeat(32)}`;
const POOR = `0x${"dd".repeat(20)}`;
const FUTURE = "0xffffff";
const WEI = "0x77359400";
const word = (value: string): string => value.padStart(64, "0");
/** Init code that reverts with the bytes, at most 255, behind it. */
const revertingWith = (hex: string): string => {
  const length = (hex.length / 2).toString(16).padStart(2, "0");
  return `0x60${length}600a5f3960${length}5ffd${hex}`;
};
const NO = `08c379a0${word("20")}${word("2")}${Buffer.from("no").toString("hex").padEnd(64, "0")}`;
const PANIC = `4e487b71${word("11")}`;
const LONG_CODE = `0x${"00".repeat(49_153)}`;
const to = (fields: object = {}): object => ({ from: alice, to: bob, ...fields });

type Expected = readonly [code: number, words: RegExp | string, data?: unknown];

describe("the envelope", () => {
  let dev: RunningDev;
  beforeAll(async () => {
    dev = await startDev();
  });
  afterAll(() => dev.stop());

  const post = async (body: string): Promise<unknown> => {
    const response = await fetch(dev.url, { method: "POST", body, headers: { "content-type": "application/json" } });
    return response.json();
  };
  const parts = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };

  it.each<[string, string, number, RegExp, number | null]>([
    ["half an object", "{", -32700, /^parse error/, null],
    ["nothing", "", -32700, /^parse error/, null],
    ["text", "hello", -32700, /^parse error/, null],
    ["a number", "1", -32600, /^invalid request/, null],
    ["null", "null", -32600, /^invalid request/, null],
    ["a JSON text", '"x"', -32600, /^invalid request/, null],
    ["an empty batch", "[]", -32600, /^empty batch$/, null],
    ["no version", JSON.stringify({ ...parts, jsonrpc: undefined }), -32600, /^invalid request/, 1],
    ["version 1.0", JSON.stringify({ ...parts, jsonrpc: "1.0" }), -32600, /^invalid request/, 1],
    ["no method", JSON.stringify({ ...parts, method: undefined }), -32600, /^invalid request/, 1],
    ["a method that is a number", JSON.stringify({ ...parts, method: 1 }), -32600, /^invalid request/, 1],
    ["an empty method", JSON.stringify({ ...parts, method: "" }), -32601, /does not exist/, 1],
    ["an id that is an object", JSON.stringify({ ...parts, id: {} }), -32600, /^invalid request/, null],
    ["an id that is an array", JSON.stringify({ ...parts, id: [] }), -32600, /^invalid request/, null],
    ["an id that is true", JSON.stringify({ ...parts, id: true }), -32600, /^invalid request/, null],
    ["params by name", JSON.stringify({ ...parts, params: {} }), -32602, /params/, 1],
    ["params that are text", JSON.stringify({ ...parts, params: "x" }), -32602, /params/, 1],
  ])("of %s", async (_, body, code, words, id) => {
    expect(await post(body)).toEqual({ jsonrpc: "2.0", id, error: { code, message: expect.stringMatching(words) } });
  });

  it("of a batch is refused call by call", async () => {
    const invalid = { jsonrpc: "2.0", id: null, error: { code: -32600, message: expect.any(String) } };
    expect(await post(JSON.stringify([parts, 2, {}]))).toEqual([
      { jsonrpc: "2.0", id: 1, result: "0x7a69" },
      invalid,
      invalid,
    ]);
  });

  it("of too large a batch is refused as a whole", async () => {
    expect(await post(JSON.stringify(Array(1_001).fill(parts)))).toEqual([
      { jsonrpc: "2.0", id: 1, error: { code: -32600, message: expect.stringMatching(/^batch too large/) } },
    ]);
  });
});

describe("a call", () => {
  let dev: RunningDev;
  let mined = "";
  beforeAll(async () => {
    dev = await startDev();
    mined = await dev.call("eth_sendTransaction", to({ value: "0x1" }));
  });
  afterAll(() => dev.stop());

  const rows: readonly (readonly [string, readonly unknown[], Expected])[] = [
    // Methods
    ["eth_nope", [], [-32601, "the method eth_nope does not exist/is not available"]],
    ["nope", [], [-32601, "the method nope does not exist/is not available"]],
    ["admin_addPeer", [], [-32601, /does not exist/]],
    ["engine_newPayloadV4", [], [-32601, /does not exist/]],
    ["constructor", [], [-32601, /does not exist/]],
    ["eth_subscribe", ["newHeads"], [-32601, /^notifications not supported/]],
    ["eth_subscribe", ["newHeads", {}, 1], [-32601, /^notifications not supported/]],
    ["eth_subscribe", [], [-32601, /^notifications not supported/]],
    // How many parameters
    ["eth_chainId", [1], [-32602, "too many arguments, want at most 0"]],
    ["eth_getBalance", [alice, "latest", 1], [-32602, "too many arguments, want at most 2"]],
    ["eth_getBalance", [], [-32602, /^address/]],
    ["eth_getBlockByNumber", [], [-32602, /^block/]],
    ["eth_getTransactionByHash", [], [-32602, /^transactionHash/]],
    ["eth_call", [], [-32602, /^transaction/]],
    ["eth_sendTransaction", [], [-32602, /^transaction/]],
    ["eth_sendRawTransaction", [], [-32602, /^transaction/]],
    ["eth_getStorageAt", [alice], [-32602, /^slot/]],
    ["eth_getLogs", [], [-32602, /^filter/]],
    ["eth_simulateV1", [], [-32602, /^payload/]],
    // Addresses and hashes
    ["eth_getBalance", ["0x1234", "latest"], [-32602, /^address/]],
    ["eth_getBalance", [`${alice}00`, "latest"], [-32602, /^address/]],
    ["eth_getBalance", [alice.slice(2), "latest"], [-32602, /^address/]],
    ["eth_getBalance", [`0x${"zz".repeat(20)}`, "latest"], [-32602, /^address/]],
    ["eth_getBalance", [1, "latest"], [-32602, /^address/]],
    ["eth_getBalance", [null, "latest"], [-32602, /^address/]],
    ["eth_getBalance", [{}, "latest"], [-32602, /^address/]],
    ["eth_getTransactionByHash", ["0x11"], [-32602, /^transactionHash/]],
    ["eth_getTransactionReceipt", ["x"], [-32602, /^transactionHash/]],
    ["eth_getBlockByHash", ["0x11", false], [-32602, /^blockHash/]],
    // Blocks
    ["eth_getBalance", [alice, "newest"], [-32602, /^block/]],
    ["eth_getBalance", [alice, "-1"], [-32602, /^block/]],
    ["eth_getBalance", [alice, "0x"], [-32602, /^block/]],
    ["eth_getBalance", [alice, `0x${"f".repeat(20)}`], [-32602, /^block/]],
    ["eth_getBalance", [alice, {}], [-32602, /^block/]],
    ["eth_getBalance", [alice, { blockHash: HASH, blockNumber: "0x0" }], [-32602, /^cannot specify both/]],
    ["eth_getBalance", [alice, FUTURE], [-32000, "header not found"]],
    ["eth_getBalance", [alice, { blockHash: HASH }], [-32000, "header for hash not found"]],
    ["eth_getBalance", [alice, HASH], [-32000, "header for hash not found"]],
    ["eth_getCode", [alice, FUTURE], [-32000, "header not found"]],
    ["eth_getTransactionCount", [alice, FUTURE], [-32000, "header not found"]],
    ["eth_getStorageAt", [alice, "0x0", FUTURE], [-32000, "header not found"]],
    ["eth_getProof", [alice, [], FUTURE], [-32000, "header not found"]],
    ["eth_call", [to(), FUTURE], [-32000, "header not found"]],
    ["eth_call", [to(), { blockHash: HASH }], [-32000, "header for hash not found"]],
    ["eth_simulateV1", [{ blockStateCalls: [{}] }, FUTURE], [-32000, "header not found"]],
    ["debug_getRawHeader", [FUTURE], [-32000, "header not found"]],
    ["debug_getRawBlock", [FUTURE], [-32000, /not found$/]],
    ["debug_getRawReceipts", [FUTURE], [-32000, /not found$/]],
    ["debug_traceCall", [to(), FUTURE], [-32000, "header not found"]],
    ["debug_traceBlockByNumber", [FUTURE], [-32000, "block #16777215 not found"]],
    ["debug_traceBlockByNumber", ["0x0"], [-32000, "genesis is not traceable"]],
    ["debug_traceBlockByHash", [HASH], [-32000, /not found$/]],
    ["debug_traceTransaction", [HASH], [-32000, "transaction not found"]],
    ["debug_traceTransaction", ["0x1"], [-32602, /^transactionHash/]],
    ["eth_getBlockByNumber", ["foo", false], [-32602, /^block/]],
    ["eth_getBlockByNumber", ["latest", "true"], [-32602, /true or false/]],
    ["eth_getTransactionByBlockNumberAndIndex", ["latest", "x"], [-32602, /^index/]],
    // State
    ["eth_getStorageAt", [alice, "zz", "latest"], [-32602, /^slot/]],
    ["eth_getStorageAt", [alice, `0x${"1".repeat(65)}`, "latest"], [-32602, /^slot/]],
    ["eth_getProof", [alice, "0x0", "latest"], [-32602, /^storageKeys/]],
    ["eth_getProof", [alice, Array(1_025).fill("0x0"), "latest"], [-32602, /^storageKeys/]],
    // Calls: their form
    ["eth_call", ["x", "latest"], [-32602, /^transaction/]],
    ["eth_call", [to({ data: "0x123" }), "latest"], [-32602, /even number/]],
    ["eth_call", [to({ data: "0x12", input: "0x34" }), "latest"], [-32602, /^both "data" and "input" are set/]],
    ["eth_call", [{ to: "0x12" }, "latest"], [-32602, /^to/]],
    ["eth_call", [to({ value: "x" }), "latest"], [-32602, /^value/]],
    ["eth_call", [to({ value: `0x1${"0".repeat(64)}` }), "latest"], [-32602, /^value/]],
    ["eth_call", [to({ gas: `0x1${"0".repeat(16)}` }), "latest"], [-32602, /^gas/]],
    ["eth_call", [to(), "latest", { [POOR]: { state: {}, stateDiff: {} } }], [-32602, /both state and stateDiff/]],
    ["eth_call", [to(), "latest", { foo: {} }], [-32602, /^address/]],
    ["eth_call", [to({ chainId: "0x1" }), "latest"], [-32000, "chainId does not match node's (have=1, want=31337)"]],
    ["eth_call", [to({ gasPrice: WEI, maxFeePerGas: WEI }), "latest"], [-32000, /^both gasPrice and \(maxFeePerGas/]],
    [
      "eth_call",
      [to({ maxFeePerGas: WEI, maxPriorityFeePerGas: "0x77359401" }), "latest"],
      [-32000, /^max priority fee per gas higher than max fee per gas/],
    ],
    // Calls: what becomes of them
    ["eth_call", [{ data: "0x5f5ffd" }, "latest"], [3, "execution reverted", "0x"]],
    ["eth_call", [{ data: revertingWith(NO) }, "latest"], [3, "execution reverted: no", `0x${NO}`]],
    [
      "eth_call",
      [{ data: revertingWith(PANIC) }, "latest"],
      [3, "execution reverted: arithmetic underflow or overflow", `0x${PANIC}`],
    ],
    ["eth_call", [{ data: revertingWith("deadbeef") }, "latest"], [3, "execution reverted", "0xdeadbeef"]],
    ["eth_call", [{ data: "0xfe" }, "latest"], [-32000, /^invalid opcode/]],
    ["eth_call", [{ data: "0x01" }, "latest"], [-32000, /^stack underflow/]],
    ["eth_call", [{ data: "0x5f56" }, "latest"], [-32000, "invalid jump destination"]],
    ["eth_call", [{ data: "0x5b5f56", gas: "0x30d40" }, "latest"], [-32000, /^out of gas/]],
    ["eth_call", [to({ gas: "0x64" }), "latest"], [-32000, /^intrinsic gas too low/]],
    [
      "eth_call",
      [to({ from: POOR, value: "0x1" }), "latest"],
      [-32000, /^insufficient funds for gas \* price \+ value/],
    ],
    ["eth_call", [to({ from: POOR, gasPrice: WEI }), "latest"], [-32000, /^insufficient funds for gas \* price/]],
    ["eth_call", [{ data: LONG_CODE }, "latest"], [-32000, /^max initcode size exceeded/]],
    ["eth_estimateGas", [{ data: LONG_CODE }], [-32000, /^max initcode size exceeded/]],
    ["eth_estimateGas", [{ data: revertingWith(NO) }], [3, "execution reverted: no", `0x${NO}`]],
    ["eth_estimateGas", [{ data: "0xfe" }], [-32000, /^invalid opcode/]],
    ["eth_estimateGas", [{ from: alice, data: "0x5b5f56" }], [-32000, /^gas required exceeds allowance \(\d+\)/]],
    ["eth_estimateGas", [to({ from: POOR, value: "0x1" })], [-32000, /^insufficient funds/]],
    ["eth_estimateGas", [to({ gas: "0x5000" })], [-32000, /^intrinsic gas too low/]],
    ["eth_createAccessList", [to({ from: POOR, value: "0x1" }), "latest"], [-32000, /^insufficient funds/]],
    ["debug_traceCall", [to(), "latest", { tracer: "nope" }], [-32602, /^tracer/]],
    ["debug_traceCall", [to(), "latest", { timeout: "x" }], [-32602, /^timeout/]],
    // Sends
    ["eth_sendTransaction", [to({ from: POOR })], [-32000, /^unknown account/]],
    ["eth_sendTransaction", [to({ nonce: "0x0" })], [-32000, /^nonce too low/]],
    ["eth_sendTransaction", [to({ value: `0x${"f".repeat(24)}`, gas: "0x5208" })], [-32000, /^insufficient funds/]],
    ["eth_sendTransaction", [to({ gas: "0x5207" })], [-32000, /^intrinsic gas too low/]],
    [
      "eth_sendTransaction",
      [to({ gas: "0x5e00", data: `0x${"ff".repeat(100)}` })],
      [-32000, /^insufficient gas for floor/],
    ],
    ["eth_sendTransaction", [to({ gas: "0x9000000" })], [-32000, /^exceeds block gas limit/]],
    [
      "eth_sendTransaction",
      [to({ gasPrice: "0x0", gas: "0x5208" })],
      [-32000, /^max fee per gas less than block base/],
    ],
    ["eth_sendTransaction", [to({ gasPrice: WEI, maxFeePerGas: WEI })], [-32000, /^both gasPrice and \(maxFeePerGas/]],
    [
      "eth_sendTransaction",
      [to({ maxFeePerGas: WEI, maxPriorityFeePerGas: "0x77359401" })],
      [-32000, /^max priority fee per gas higher than max fee per gas/],
    ],
    ["eth_sendTransaction", [{ from: alice, data: revertingWith(NO) }], [3, "execution reverted: no", `0x${NO}`]],
    ["eth_sendTransaction", [{ from: alice }], [-32000, "contract creation without any data provided"]],
    [
      "eth_sendTransaction",
      [{ from: alice, gas: "0x1000000", data: LONG_CODE }],
      [-32000, /^max initcode size exceeded/],
    ],
    ["eth_sendTransaction", [to({ chainId: "0x1" })], [-32000, /^chainId does not match node's/]],
    ["eth_sendTransaction", [to({ data: "0x1" })], [-32602, /even number/]],
    ["eth_sendTransaction", [to({ type: "0x9" })], [-32602, /^type/]],
    ["eth_sendRawTransaction", ["0x"], [-32000, /empty/]],
    ["eth_sendRawTransaction", ["02f8"], [-32602, /even number/]],
    ["eth_sendRawTransaction", ["0x1"], [-32602, /even number/]],
    ["eth_sendRawTransaction", ["0xzz"], [-32602, /even number/]],
    ["eth_sendRawTransaction", [5], [-32602, /even number/]],
    ["eth_sendRawTransaction", ["0x02"], [-32000, /missing/]],
    ["eth_sendRawTransaction", ["0xc0"], [-32000, /missing/]],
    ["eth_sendRawTransaction", ["0xf86b80"], [-32000, /cut off/]],
    ["eth_sendRawTransaction", ["0x09c0"], [-32000, /^transaction type not supported/]],
    ["eth_sendRawTransaction", ["0x03c0"], [-32000, /^transaction type not supported/]],
    ["eth_signTransaction", [to({ from: POOR })], [-32000, /^unknown account/]],
    ["eth_sign", [POOR, "0x1234"], [-32000, /^unknown account/]],
    ["eth_sign", [alice, "x"], [-32602, /^message/]],
    ["eth_signTypedData_v4", [alice, {}], [-32602, /^types/]],
    // Logs and filters
    ["eth_getLogs", [{ fromBlock: "0x1", toBlock: "0x0" }], [-32602, /^invalid block range params/]],
    ["eth_newFilter", [{ fromBlock: "0x1", toBlock: "0x0" }], [-32602, /^invalid block range params/]],
    [
      "eth_getLogs",
      [{ blockHash: HASH, fromBlock: "0x0" }],
      [-32602, "can't specify fromBlock/toBlock with blockHash"],
    ],
    ["eth_getLogs", [{ blockHash: HASH }], [-32000, "unknown block"]],
    ["eth_getLogs", [{ topics: Array(5).fill(HASH) }], [-32602, /^exceed max topics/]],
    ["eth_getLogs", [{ topics: ["0x1"] }], [-32602, /^topics/]],
    ["eth_getLogs", [{ topics: [1] }], [-32602, /^topics/]],
    ["eth_getLogs", [{ address: "0x1" }], [-32602, /^address/]],
    ["eth_getLogs", [{ fromBlock: "foo" }], [-32602, /^fromBlock/]],
    ["eth_newFilter", ["x"], [-32602, /^filter/]],
    ["eth_getFilterChanges", ["0x99"], [-32000, "filter not found"]],
    ["eth_getFilterLogs", ["0x99"], [-32000, "filter not found"]],
    ["eth_getFilterChanges", ["zz"], [-32602, /^filterId/]],
    // Fees
    ["eth_feeHistory", ["0x1", "latest", [101]], [-32000, /^invalid reward percentile/]],
    ["eth_feeHistory", ["0x1", "latest", [50, 10]], [-32000, /^invalid reward percentile/]],
    ["eth_feeHistory", ["0x1", "latest", Array(101).fill(1)], [-32000, /^invalid reward percentile/]],
    ["eth_feeHistory", ["0x1", FUTURE, []], [-32000, /^request beyond head block: requested 16777215, head \d+$/]],
    ["eth_feeHistory", ["x", "latest", []], [-32602, /^blockCount/]],
    // Simulations
    ["eth_simulateV1", [{ blockStateCalls: [] }, "latest"], [-32602, /empty input/]],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ nonce: "0x0", maxFeePerGas: WEI })] }], validation: true }, "latest"],
      [-38010, /^nonce too low/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ nonce: "0x99", maxFeePerGas: WEI })] }], validation: true }, "latest"],
      [-38011, /^nonce too high/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ maxFeePerGas: "0x1" })] }], validation: true }, "latest"],
      [-38012, /^max fee per gas less than block base fee/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ gas: "0x1" })] }] }, "latest"],
      [-38013, /^intrinsic gas too low/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ from: POOR, value: "0x1" })] }] }, "latest"],
      [-38014, /^insufficient funds/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ calls: [to({ gas: "0xffffffffff" })] }] }, "latest"],
      [-38015, /^block gas limit reached/],
    ],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ blockOverrides: { number: "0x0" } }] }, "latest"],
      [-38020, /^block numbers must be in order/],
    ],
    // What only development chains have
    ["anvil_setBalance", [alice, "x"], [-32602, /^balance/]],
    ["anvil_setBalance", [alice], [-32602, /^balance/]],
    ["evm_revert", ["x"], [-32602, /^snapshot/]],
    ["evm_increaseTime", [-5], [-32602, /^seconds/]],
    ["evm_setNextBlockTimestamp", [1], [-32602, /not later/]],
    ["hardhat_setCode", [alice, "0x1"], [-32602, /^code/]],
    ["anvil_loadState", ["0x12"], [-32602, /^state/]],
  ];

  it.each(rows)("%s %j", async (method, params, [code, words, data]) => {
    const refused = await dev.call(method, ...params).then(
      (result) => ({ result }),
      (error: unknown) => error,
    );
    const message = typeof words === "string" ? words : expect.stringMatching(words);
    expect(refused).toMatchObject({ code, message, ...(data !== undefined && { data }) });
  });

  it.each<[string, readonly unknown[]]>([
    ["eth_getBlockByNumber", [FUTURE, false]],
    ["eth_getBlockByHash", [HASH, false]],
    ["eth_getBlockReceipts", [FUTURE]],
    ["eth_getTransactionByHash", [HASH]],
    ["eth_getTransactionReceipt", [HASH]],
    ["eth_getTransactionByBlockNumberAndIndex", ["latest", "0x99"]],
    ["eth_getUncleByBlockNumberAndIndex", ["0x0", "0x0"]],
  ])("%s %j is no error: there is none", async (method, params) => {
    expect(await dev.call(method, ...params)).toBeNull();
  });

  it("names a tracer that there is not, also for a transaction that there is", async () => {
    await expect(dev.call("debug_traceTransaction", mined, { tracer: "nope" })).rejects.toMatchObject({ code: -32602 });
  });

  it("waits in the pool with words of its own", async () => {
    await dev.call("evm_setAutomine", false);
    const send = (fields: object): Promise<unknown> =>
      dev.call("eth_sendTransaction", to({ gas: "0x5208", ...fields }));
    const nonce = await dev.call("eth_getTransactionCount", alice, "pending");
    const raw = await dev.call<{ raw: string }>("eth_signTransaction", to({ gas: "0x5208", nonce, gasPrice: WEI }));
    await dev.call("eth_sendRawTransaction", raw.raw);
    await expect(dev.call("eth_sendRawTransaction", raw.raw)).rejects.toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^already known/),
    });
    await expect(send({ nonce, gasPrice: "0x77359401", value: "0x9" })).rejects.toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^replacement transaction underpriced/),
    });
  });
});
