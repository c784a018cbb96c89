// The block to come, while blocks are made by request: what is asked about it is answered as if what waits had been run.
import { ZERO_ADDRESS } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, carol, type RunningDev, startDev } from "./devFixture.ts";

/** Each call adds one to slot 0 and answers with the sum. */
const RUNTIME = "6000546001018060005560005260206000f3";
const CREATION = `0x601280600b6000396000f3${RUNTIME}`;
/** Where hashes of earlier blocks are kept (EIP-2935). */
const HISTORY = "0x0000f90827f1c53a10cb7a02335b175320002935";
const word = (value: number): string => `0x${value.toString(16).padStart(64, "0")}`;

describe("the block to come on a development chain", () => {
  let dev: RunningDev;
  let contract: string;
  const send = (fields: object): Promise<string> => dev.call("eth_sendTransaction", fields);

  beforeAll(async () => {
    dev = await startDev();
    await dev.call("evm_setAutomine", false);
    const creation = { from: alice, data: CREATION };
    const trace = await dev.call<{ to: string }>("debug_traceCall", creation, "latest", { tracer: "callTracer" });
    contract = trace.to;
    await send(creation);
  });
  afterAll(() => dev.stop());

  it("has the code that a waiting transaction creates, and estimates calls of it", async () => {
    expect(await dev.call("eth_getCode", contract, "latest")).toBe("0x");
    expect(await dev.call("eth_getCode", contract, "pending")).toBe(`0x${RUNTIME}`);
    const first = Number(await dev.call("eth_estimateGas", { from: alice, to: contract }));
    expect(first).toBeGreaterThan(43_000);
    const empty = Number(await dev.call("eth_estimateGas", { from: alice, to: contract }, "latest"));
    expect(empty).toBe(21_000);
    await send({ from: alice, to: contract });
    const second = Number(await dev.call("eth_estimateGas", { from: bob, to: contract }, "pending"));
    expect(second).toBeLessThan(first - 10_000);
  });

  it("has balances, storage and answers of calls after them", async () => {
    await send({ from: carol, to: bob, value: "0x7" });
    const before = BigInt(await dev.call<string>("eth_getBalance", bob, "latest"));
    expect(BigInt(await dev.call<string>("eth_getBalance", bob, "pending"))).toBe(before + 7n);
    expect(await dev.call("eth_getStorageAt", contract, "0x0", "latest")).toBe(word(0));
    expect(await dev.call("eth_getStorageAt", contract, "0x0", "pending")).toBe(word(1));
    expect(await dev.call("eth_getStorageValues", { [contract]: ["0x0"] }, "pending")).toEqual({
      [contract]: [word(1)],
    });
    const account = { balance: "0x0", code: `0x${RUNTIME}`, nonce: "0x0" };
    expect(await dev.call("eth_getAccountInfo", contract, "pending")).toEqual(account);
    expect(await dev.call("eth_getAccountInfo", contract, "latest")).toEqual({ ...account, code: "0x" });
    expect(await dev.call("eth_getAccountInfo", carol, "pending")).toMatchObject({ nonce: "0x1" });
    expect(await dev.call("eth_call", { to: contract }, "latest")).toBe("0x");
    expect(await dev.call("eth_call", { to: contract }, "pending")).toBe(word(2));
    // Nothing that is asked changes it.
    expect(await dev.call("eth_call", { to: contract }, "pending")).toBe(word(2));
    const trace = await dev.call("debug_traceCall", { to: contract }, "pending", { tracer: "callTracer" });
    expect(trace).toMatchObject({ output: word(2) });
  });

  it("takes overrides as said of the state after them", async () => {
    const overrides = { [contract]: { stateDiff: { [word(0)]: word(40) } } };
    expect(await dev.call("eth_call", { to: contract }, "pending", overrides)).toBe(word(41));
  });

  it("leaves out what may not stand in it, and shows what wants to", async () => {
    const stranger = `0x${"dd".repeat(20)}`;
    await dev.call("hardhat_impersonateAccount", stranger);
    await dev.call("evm_mine");
    await dev.call("hardhat_setBalance", stranger, "0xde0b6b3a7640000");
    const waiting = await send({ from: stranger, to: contract, gas: "0x186a0" });
    const late = await send({ from: bob, to: contract, gas: "0x186a0", nonce: "0x9" });
    const cheap = await send({ from: carol, to: contract, gas: "0x186a0", maxFeePerGas: "0x8" });
    expect(await dev.call("eth_getStorageAt", contract, "0x0", "latest")).toBe(word(1));
    expect(await dev.call("eth_getStorageAt", contract, "0x0", "pending")).toBe(word(2));
    const shown = await dev.call<{ hash: string }[]>("eth_pendingTransactions");
    expect(new Set(shown.map(({ hash }) => hash))).toEqual(new Set([waiting, late, cheap]));
  });

  it("is what the block then is", async () => {
    const asked = ["eth_getBalance", alice] as const;
    const expected = await dev.call(...asked, "pending");
    const called = await dev.call("eth_call", { to: contract }, "pending");
    await dev.call("evm_mine");
    expect(await dev.call(...asked, "latest")).toBe(expected);
    expect(await dev.call("eth_call", { to: contract }, "latest")).toBe(called);
  });

  it("has room for no more gas than the block, and the hash of the one before it", async () => {
    await dev.call("evm_setBlockGasLimit", "0xea60");
    const sum = async (tag: string): Promise<number> =>
      Number(await dev.call("eth_getStorageAt", contract, "0x0", tag));
    const before = await sum("latest");
    // Each may use 50,000 of the 60,000, and does use more than 20,000.
    for (const from of [alice, bob]) await send({ from, to: contract, gas: "0xc350" });
    expect(await sum("pending")).toBe(before + 1);
    await dev.call("evm_mine");
    expect(await sum("latest")).toBe(before + 1);
    expect(await sum("pending")).toBe(before + 2);
    const { number, hash } = await dev.call<{ number: string; hash: string }>("eth_getBlockByNumber", "latest", false);
    expect(await dev.call("eth_getStorageAt", HISTORY, number, "pending")).toBe(hash);
  });
});

it("the first block to come pays whom it then does, so that estimates know whose account is warm", async () => {
  const dev = await startDev();
  try {
    await dev.call("evm_setAutomine", false);
    // COINBASE PUSH0 MSTORE PUSH1 32 PUSH0 RETURN
    const paid = async (): Promise<string> =>
      `0x${(await dev.call("eth_call", { data: "0x415f5260205ff3" }, "pending")).slice(-40)}`;
    for (const choose of [null, carol]) {
      if (choose !== null) await dev.call("hardhat_setCoinbase", choose);
      const expected = await paid();
      await dev.call("evm_mine");
      const { miner } = await dev.call<{ miner: string }>("eth_getBlockByNumber", "latest", false);
      expect([miner, miner]).toEqual([expected, choose ?? miner]);
      expect(miner).not.toBe(ZERO_ADDRESS);
    }
  } finally {
    await dev.stop();
  }
});
