import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { alice, bob, carol, type RunningDev, START_SECONDS, startDev } from "./devFixture.ts";

const STRANGER = `0x${"ab".repeat(20)}`;
/** Answers with what is in slot 0. */
const READER_CODE = "0x5f545f5260205ff3";
const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

describe("a development chain", () => {
  let dev: RunningDev;
  const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);
  const head = async (): Promise<number> => Number(await call("eth_blockNumber"));
  const balance = async (address: string): Promise<bigint> => BigInt(await call("eth_getBalance", address, "latest"));
  const timestamp = async (): Promise<number> =>
    Number((await call<{ timestamp: string }>("eth_getBlockByNumber", "latest", false)).timestamp);
  const send = (from: string, to: string, value: bigint, more = {}): Promise<string> =>
    call("eth_sendTransaction", { from, to, value: quantity(value), ...more });

  beforeEach(async () => {
    dev = await startDev();
  });
  afterEach(() => dev.stop());

  it("makes no block by itself, and one for each transaction, whose receipt is there with the answer", async () => {
    expect(await head()).toBe(0);
    const receipts: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      const hash = await send(alice, bob, 1n);
      receipts.push(await call("eth_getTransactionReceipt", hash));
    }
    expect(receipts).toMatchObject([
      { status: "0x1", blockNumber: "0x1" },
      { status: "0x1", blockNumber: "0x2" },
      { status: "0x1", blockNumber: "0x3" },
    ]);
    expect(await head()).toBe(3);
  });

  it("has real certificates", async () => {
    await send(alice, bob, 1n);
    expect(await call("committee_getCertificate", "0x1")).toMatchObject({
      kind: "committed",
      blockNumber: "0x1",
      signers: [0],
    });
  });

  it("takes many sends at once, from one account and from several", async () => {
    const sends = Array.from({ length: 90 }, (_, index) => send(index % 3 === 0 ? bob : alice, carol, 1n));
    const hashes = await Promise.all(sends);
    const receipts = await Promise.all(hashes.map((hash) => call("eth_getTransactionReceipt", hash)));
    expect(receipts.filter((receipt) => receipt === null)).toEqual([]);
    expect(new Set(hashes).size).toBe(90);
  });

  it("answers at once for a transaction behind a gap, and mines it with the one that fills it", async () => {
    const early = await send(alice, bob, 1n, { nonce: "0x1" });
    expect(await call("eth_getTransactionReceipt", early)).toBeNull();
    await send(alice, bob, 1n, { nonce: "0x0" });
    expect(await call("eth_getTransactionReceipt", early)).toMatchObject({ status: "0x1" });
  });

  it("answers others while it makes many blocks at once", async () => {
    let isMining = true;
    const before = Number(await call("eth_blockNumber"));
    const mining = call("hardhat_mine", "0x100").finally(() => {
      isMining = false;
    });
    const heard = new Set<number>();
    while (isMining) heard.add(Number(await call("eth_blockNumber")));
    await mining;
    expect(heard.size).toBeGreaterThan(3);
    expect(Number(await call("eth_blockNumber"))).toBe(before + 0x100);
  }, 60_000);

  it("mines on request, with times between", async () => {
    await call("hardhat_mine", "0x5", "0x3c");
    expect(await head()).toBe(5);
    const first = await call<{ timestamp: string }>("eth_getBlockByNumber", "0x1", false);
    expect((await timestamp()) - Number(first.timestamp)).toBe(240);
    await call("evm_mine");
    await call("anvil_mine");
    await call("evm_mine", { blocks: 2 });
    expect(await head()).toBe(9);
    expect(await timestamp()).toBeGreaterThanOrEqual(Number(first.timestamp) + 240);
  });

  it("waits for a request when automatic mining is off, and drops what is not wanted", async () => {
    await call("evm_setAutomine", false);
    const kept = await send(alice, bob, 1n);
    const dropped = await send(bob, alice, 1n);
    expect(await head()).toBe(0);
    expect(await call("hardhat_dropTransaction", dropped)).toBe(true);
    expect(await call("hardhat_dropTransaction", dropped)).toBe(false);
    await call("evm_mine");
    expect(await call("eth_getTransactionReceipt", kept)).toMatchObject({ status: "0x1" });
    expect(await call("eth_getTransactionByHash", dropped)).toBeNull();
    expect(await call("hardhat_getAutomine")).toBe(false);
  });

  it("mines in intervals", async () => {
    await call("evm_setAutomine", false);
    await call("evm_setIntervalMining", 20);
    const until = performance.now() + 5_000;
    while ((await head()) < 2 && performance.now() < until);
    expect(await head()).toBeGreaterThanOrEqual(2);
    expect(await call("anvil_getIntervalMining")).toBe(0.02);
    await call("evm_setIntervalMining", 0);
    expect(await call("anvil_getIntervalMining")).toBeNull();
  });

  it("lets time jump, and sets the next block's", async () => {
    await call("evm_increaseTime", 3_600);
    await call("evm_mine");
    const later = await timestamp();
    expect(later).toBeGreaterThanOrEqual(START_SECONDS + 3_600);
    await call("evm_setNextBlockTimestamp", later + 100);
    // A block that sets accounts does not use it up.
    await call("hardhat_setBalance", STRANGER, "0x1");
    await send(alice, bob, 1n);
    expect(await timestamp()).toBe(later + 100);
    await expect(call("evm_setNextBlockTimestamp", later)).rejects.toThrow("not later");
    await call("anvil_setBlockTimestampInterval", 7);
    await call("anvil_mine", 2);
    expect(await timestamp()).toBe(later + 114);
  });

  it("runs a call in the block that it names, or in the one to come", async () => {
    await call("hardhat_setCode", STRANGER, "0x435f524260205260405ff3");
    await call("anvil_mine", 2);
    const [newest, time] = [await head(), await timestamp()];
    const seenIn = async (tag: string): Promise<readonly number[]> => {
      const answer = (await call<string>("eth_call", { to: STRANGER }, tag)).slice(2);
      return [Number(`0x${answer.slice(0, 64)}`), Number(`0x${answer.slice(64)}`)];
    };
    await call("evm_setNextBlockTimestamp", time + 500);
    expect(await seenIn("latest")).toEqual([newest, time]);
    expect(await seenIn(quantity(newest - 1))).toMatchObject([newest - 1, expect.any(Number)]);
    expect(await seenIn("pending")).toEqual([newest + 1, time + 500]);
  });

  it("estimates for the block to come: what is due only then costs what it will cost", async () => {
    const time = await timestamp();
    // Slot 0 becomes whether the time is past the hour.
    await call("hardhat_setCode", STRANGER, `0x63${(time + 3_600).toString(16)}42115f55`);
    const early = Number(await call("eth_estimateGas", { from: alice, to: STRANGER }));
    await call("evm_setNextBlockTimestamp", time + 3_601);
    const due = Number(await call("eth_estimateGas", { from: alice, to: STRANGER }));
    expect(due).toBeGreaterThan(early + 19_000);
    const hash = await call("eth_sendTransaction", { from: alice, to: STRANGER });
    expect(await call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });

  it("gives each block a later second than its parent", async () => {
    const times: number[] = [];
    for (let count = 0; count < 4; count++) {
      await send(alice, bob, 1n);
      times.push(await timestamp());
    }
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other));
  });

  it("sets accounts, in blocks that count for the supply", async () => {
    await call("hardhat_setBalance", STRANGER, quantity(5n));
    await call("anvil_addBalance", STRANGER, quantity(2n));
    await call("anvil_setNonce", STRANGER, "0x9");
    await call("hardhat_setCode", STRANGER, READER_CODE);
    await call("hardhat_setStorageAt", STRANGER, "0x0", `0x${"00".repeat(31)}2a`);
    expect(await balance(STRANGER)).toBe(7n);
    expect(await call("eth_getTransactionCount", STRANGER, "latest")).toBe("0x9");
    expect(await call("eth_call", { to: STRANGER }, "latest")).toBe(`0x${"00".repeat(31)}2a`);
    const before = await balance(alice);
    await call("evm_setBalance", alice, "0x1");
    const { supply } = await call<{ supply: string }>("festina_supply", "latest").then((answer) => ({
      supply: JSON.stringify(answer),
    }));
    expect(before).toBeGreaterThan(1n);
    expect(supply).toContain(quantity(7n));
    expect(await head()).toBe(6);
  });

  it("takes transactions in the name of anybody who is impersonated, contracts too", async () => {
    await expect(send(STRANGER, bob, 1n)).rejects.toThrow("unknown account");
    await call("hardhat_setBalance", STRANGER, quantity(10n ** 18n));
    await call("hardhat_impersonateAccount", STRANGER);
    const hash = await send(STRANGER, bob, 1n);
    expect(await call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1", from: STRANGER });
    await call("hardhat_setCode", STRANGER, READER_CODE);
    expect(await call("eth_getTransactionReceipt", await send(STRANGER, bob, 1n))).toMatchObject({ status: "0x1" });
    expect(await call("hardhat_stopImpersonatingAccount", STRANGER)).toBe(true);
    expect(await call("hardhat_stopImpersonatingAccount", STRANGER)).toBe(false);
    await expect(send(STRANGER, bob, 1n)).rejects.toThrow("unknown account");
    await call("anvil_autoImpersonateAccount", true);
    await send(STRANGER, bob, 1n);
  });

  it("sets the next block's base fee, and whom blocks name", async () => {
    await call("hardhat_setNextBlockBaseFeePerGas", "0x5");
    await call("hardhat_setCoinbase", STRANGER);
    expect(await call("eth_coinbase")).toBe(STRANGER);
    await call("evm_mine");
    const block = await call<{ baseFeePerGas: string; miner: string }>("eth_getBlockByNumber", "latest", false);
    expect(block).toMatchObject({ baseFeePerGas: "0x5", miner: STRANGER });
  });

  it("goes back to snapshots: blocks, state, nonces and time, as often as one is taken", async () => {
    await send(alice, bob, 5n);
    for (let round = 0; round < 3; round++) {
      const before = { bob: await balance(bob), hash: await call("eth_getBlockByNumber", "latest", false) };
      const snapshot = await call("evm_snapshot");
      const sent = await send(alice, bob, 7n);
      await call("hardhat_setCode", STRANGER, READER_CODE);
      await call("evm_increaseTime", 86_400);
      await call("evm_mine");
      const later = await call("evm_snapshot");
      expect(await call("evm_revert", snapshot)).toBe(true);
      expect(await call("evm_revert", later)).toBe(false);
      expect(await call("evm_revert", snapshot)).toBe(false);
      expect(await balance(bob)).toBe(before.bob);
      expect(await call("eth_getBlockByNumber", "latest", false)).toEqual(before.hash);
      expect(await call("eth_getTransactionByHash", sent)).toBeNull();
      expect(await call("eth_getCode", STRANGER, "latest")).toBe("0x");
      expect(await timestamp()).toBeLessThan(START_SECONDS + 3_600);
      await send(bob, alice, 1n);
    }
    expect(await head()).toBe(4);
  });

  it("begins anew", async () => {
    const genesis = await call("eth_getBlockByNumber", "0x0", false);
    const { instanceId } = await call<{ instanceId: string }>("hardhat_metadata");
    await send(alice, bob, 1n);
    await call("hardhat_setCoinbase", STRANGER);
    await call("hardhat_reset");
    expect(await head()).toBe(0);
    expect(await call("eth_coinbase")).not.toBe(STRANGER);
    expect(await call("eth_getBlockByNumber", "0x0", false)).toEqual(genesis);
    expect(await call("hardhat_metadata")).not.toMatchObject({ instanceId });
    await send(alice, bob, 1n);
    expect(await call("eth_getBlockByNumber", "latest", false)).not.toMatchObject({ miner: STRANGER });
  });

  it("begins anew with the time that it was then, as Hardhat's and anvil's do", async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await call("evm_mine");
    const late = await timestamp();
    await call("evm_increaseTime", 1_000_000);
    await call("hardhat_reset");
    await call("evm_mine");
    expect(await timestamp()).toBeLessThan(late);
  });

  it("goes on in another process with what was dumped: the same roots, and the same next block's parent", async () => {
    await send(alice, bob, 9n);
    await call("hardhat_setCode", STRANGER, READER_CODE);
    await call("evm_increaseTime", 1_000_000);
    await call("evm_mine");
    const state = await call("anvil_dumpState");
    const block = await call<{ stateRoot: string; hash: string }>("eth_getBlockByNumber", "latest", false);
    const other = await startDev({ modes: { isAutomatic: false } });
    try {
      expect(await other.call("anvil_loadState", state)).toBe(true);
      expect(await other.call("eth_getBlockByNumber", "latest", false)).toEqual(block);
      expect(await other.call("eth_getCode", STRANGER, "latest")).toBe(READER_CODE);
      await other.call("evm_mine");
      const next = await other.call<{ parentHash: string; timestamp: string }>("eth_getBlockByNumber", "latest", false);
      expect(next.parentHash).toBe(block.hash);
      expect(Number(next.timestamp)).toBeGreaterThanOrEqual(START_SECONDS + 1_000_000);
    } finally {
      await other.stop();
    }
  });
});
