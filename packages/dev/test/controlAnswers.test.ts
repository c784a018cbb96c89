// Hardhat's and anvil's own words: what 1.7.1 of anvil and Hardhat 2 answer when a control has done what it was told.
import { RPC_CODE } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, carol, READER_CODE, type RunningDev, START_SECONDS, startDev } from "./devFixture.ts";

const STRANGER = `0x${"ab".repeat(20)}`;
const NOBODY = `0x${"ac".repeat(20)}`;
const HASH = `0x${"11".repeat(32)}`;
const WORD = `0x${"07".padStart(64, "0")}`;

let dev: RunningDev;
const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);

beforeAll(async () => {
  dev = await startDev();
});
afterAll(() => dev.stop());

describe("what controls answer", () => {
  it.each<[string, readonly unknown[], unknown, unknown]>([
    ["setBalance", [STRANGER, "0x10"], null, true],
    ["addBalance", [STRANGER, "0x10"], null, true],
    ["setCode", [STRANGER, READER_CODE], null, true],
    ["setNonce", [STRANGER, "0x5"], null, true],
    ["setStorageAt", [STRANGER, "0x0", WORD], true, true],
    ["impersonateAccount", [STRANGER], null, true],
    ["stopImpersonatingAccount", [STRANGER], null, true],
    ["stopImpersonatingAccount", [NOBODY], null, false],
    ["autoImpersonateAccount", [false], null, true],
    ["dropTransaction", [HASH], null, false],
    ["dropAllTransactions", [], null, null],
    ["setNextBlockBaseFeePerGas", ["0x3b9aca00"], null, true],
    ["setCoinbase", [STRANGER], null, true],
    ["setBlockGasLimit", ["0x1c9c380"], true, true],
    ["setLoggingEnabled", [true], null, true],
    ["mine", [], null, true],
    ["mine", ["0x2"], null, true],
    ["reset", [], null, true],
  ])("%s %j: nothing by anvil, true by Hardhat, or as both do", async (name, params, byAnvil, byHardhat) => {
    await call("anvil_impersonateAccount", STRANGER);
    expect(await call(`anvil_${name}`, ...params)).toBe(byAnvil);
    await call("anvil_impersonateAccount", STRANGER);
    expect(await call(`hardhat_${name}`, ...params)).toBe(byHardhat);
  });

  it.each<[string, readonly unknown[], unknown]>([
    ["anvil_setAutomine", [true], null],
    ["evm_setAutomine", [true], true],
    ["anvil_setIntervalMining", [0], null],
    ["anvil_setBlockTimestampInterval", [5], null],
    ["anvil_removeBlockTimestampInterval", [], true],
    ["anvil_removeBlockTimestampInterval", [], false],
    ["evm_mine", [], "0x0"],
    ["anvil_setNextBlockTimestamp", [START_SECONDS + 90_000], null],
    ["evm_setNextBlockTimestamp", [START_SECONDS + 90_001], `${START_SECONDS + 90_001}`],
    ["anvil_removePoolTransactions", [STRANGER], null],
    ["evm_setAccountNonce", [STRANGER, "0x9"], true],
    ["tenderly_setBalance", [STRANGER, "0x9"], null],
    ["tenderly_addBalance", [STRANGER, "0x9"], null],
    ["anvil_getGenesisTime", [], START_SECONDS],
    ["anvil_getBlobByHash", [HASH], null],
    ["anvil_getBlobsByTransactionHash", [HASH], null],
    ["anvil_setNextBlockPrevRandao", [HASH], null],
  ])("%s %j", async (method, params, answer) => {
    expect(await call(method, ...params)).toBe(answer);
  });

  it("anvil_setTime: by how many seconds the clock was set forward", async () => {
    await call("evm_mine");
    const { timestamp } = await call<{ timestamp: string }>("eth_getBlockByNumber", "latest", false);
    const forward = await call<number>("anvil_setTime", Number(timestamp) + 10_000);
    expect(Math.abs(forward - 10_000)).toBeLessThan(100);
    expect(await call("anvil_setTime", 1_000)).toBe(0);
  });

  it("a transaction that is dropped: its hash by anvil, true by Hardhat", async () => {
    await call("evm_setAutomine", false);
    try {
      for (const [method, answer] of [
        ["anvil_dropTransaction", null],
        ["hardhat_dropTransaction", true],
      ] as const) {
        const hash = await call("eth_sendTransaction", { from: carol, to: bob });
        expect(await call(method, hash)).toBe(answer ?? hash);
      }
    } finally {
      await call("evm_setAutomine", true);
    }
  });

  it.each(["evm_mine_detailed", "anvil_mine_detailed"])("%s shows what it made", async (method) => {
    // Error("nope"): what it takes to revert with a reason, from slot to slot.
    const reason = `08c379a0${"20".padStart(64, "0")}${"4".padStart(64, "0")}${"6e6f7065".padEnd(64, "0")}`;
    await call("anvil_setCode", NOBODY, `0x6064600c5f3960645ffd${"00".repeat(2)}${reason}`);
    await call("anvil_setCode", STRANGER, READER_CODE);
    await call("evm_setAutomine", false);
    await call("eth_sendTransaction", { from: alice, to: NOBODY, gas: "0x186a0" });
    await call("eth_sendTransaction", { from: alice, to: STRANGER, gas: "0x186a0" });
    const head = Number(await call("eth_blockNumber"));
    const blocks = await call<{ number: string; hash: string; transactions: unknown[] }[]>(method, { blocks: 2 });
    await call("evm_setAutomine", true);
    expect(blocks.map(({ number }) => Number(number))).toEqual([head + 1, head + 2]);
    expect(blocks[0]?.transactions).toMatchObject([
      { to: NOBODY, revertReason: "nope", output: `0x${reason}` },
      { to: STRANGER, output: expect.stringMatching(/^0x0{62}/) },
    ]);
    expect(blocks[0]?.transactions[1]).not.toHaveProperty("revertReason");
    expect(blocks[1]).toMatchObject(await call("eth_getBlockByNumber", "latest", true));
  });
});

describe("PREVRANDAO", () => {
  /** Returns it: PREVRANDAO PUSH0 MSTORE PUSH1 32 PUSH0 RETURN. */
  const RANDOM_CODE = "0x445f5260205ff3";

  it.each([
    ["hardhat_setPrevRandao", "0x5e", `0x${"5e".padStart(64, "0")}`],
    ["anvil_setNextBlockPrevRandao", `0x${"f".repeat(64)}`, `0x${"f".repeat(64)}`],
    ["hardhat_setPrevRandao", "0x0", `0x${"0".repeat(64)}`],
  ])("%s %s is what code of the next block reads", async (method, value, word) => {
    await call("anvil_setCode", STRANGER, RANDOM_CODE);
    await call(method, value);
    // A block that sets accounts does not use it up.
    await call("anvil_setBalance", NOBODY, "0x1");
    await call("eth_sendTransaction", { from: alice, to: bob });
    expect(await call("eth_getBlockByNumber", "latest", false)).toMatchObject({ mixHash: word });
    expect(await call("eth_call", { to: STRANGER }, "latest")).toBe(word);
    await call("evm_mine");
    expect(await call("eth_getBlockByNumber", "latest", false)).not.toMatchObject({ mixHash: word });
  });
});

describe("what this chain cannot do", () => {
  it.each<[string, readonly unknown[], number, string]>([
    ["anvil_setChainId", [1], RPC_CODE.notSupported, "--chain-id"],
    ["anvil_setRpcUrl", ["http://127.0.0.1:1"], RPC_CODE.notSupported, "fork"],
    ["anvil_impersonateSignature", [`0x${"11".repeat(65)}`, STRANGER], RPC_CODE.notSupported, "impersonateAccount"],
    ["anvil_setMinGasPrice", ["0x1"], RPC_CODE.invalidParams, "EIP-1559"],
    ["hardhat_setMinGasPrice", ["0x1"], RPC_CODE.server, "EIP-1559"],
    ["anvil_reset", [{ forking: { jsonRpcUrl: "http://127.0.0.1:1" } }], RPC_CODE.server, "cannot be reached"],
    ["anvil_reset", [{ forking: { jsonRpcUrl: "file:///etc/passwd" } }], RPC_CODE.server, "HTTP"],
    ["hardhat_reset", [{ forking: {} }], RPC_CODE.server, "jsonRpcUrl"],
    ["hardhat_reset", [{ forking: 7 }], RPC_CODE.invalidParams, "forking"],
    ["hardhat_reset", [{ forking: { jsonRpcUrl: 7 } }], RPC_CODE.invalidParams, "jsonRpcUrl"],
    ["anvil_reset", [{ forking: { blockNumber: "x" } }], RPC_CODE.invalidParams, "blockNumber"],
    ["anvil_reset", [{ forking: { blockNumber: `0x${"f".repeat(20)}` } }], RPC_CODE.invalidParams, "blockNumber"],
  ])("%s says so by code", async (method, params, code, words) => {
    await expect(call(method, ...params)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it("nonsense is refused before", async () => {
    const METHODS = [
      ...["anvil_setChainId", "anvil_setRpcUrl", "anvil_impersonateSignature", "anvil_setMinGasPrice"],
      ...["anvil_getBlobByHash", "anvil_getBlobsByTransactionHash", "hardhat_setPrevRandao"],
      ...["anvil_setNextBlockPrevRandao", "anvil_dropTransaction", "tenderly_setBalance", "tenderly_addBalance"],
      ...["hardhat_setMinGasPrice", "evm_mine_detailed"],
    ];
    for (const method of METHODS)
      for (const params of [["zz", "zz"], [-1.5], [[]], [true, false], [`0x${"f".repeat(65)}`]]) {
        if (method === "anvil_setRpcUrl" && typeof params[0] === "string") continue;
        await expect(call(method, ...params)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
      }
  });
});
