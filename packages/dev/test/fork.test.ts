import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { alice, bob, COIN, carol, type RunningDev, startFork } from "./devFixture.ts";
import {
  type Block,
  blockOf,
  call,
  DESTRUCT_CODE,
  DYING,
  HASHER,
  HEIR,
  hex,
  LOG_CODE,
  LOGGER,
  PAID,
  read,
  STORE,
  STORE_CODE,
  send,
  startForkedRemote,
  word,
  write,
} from "./forkFixture.ts";

let remote: RunningDev;
let fork: RunningDev;
let border: number;
let paymentHash: string;

beforeAll(async () => {
  ({ remote, border, paymentHash } = await startForkedRemote());
});
afterAll(() => remote.stop());

beforeEach(async () => {
  fork = await startFork({ url: remote.client.url, blockNumber: border });
});
afterEach(() => fork.stop());

describe("a fork", () => {
  test("begins with the other chain's accounts, code and storage", async () => {
    expect(Number(await fork.call("eth_blockNumber"))).toBe(border);
    expect(await fork.call("eth_chainId")).toBe(await remote.call("eth_chainId"));
    expect(await fork.call("eth_getBalance", PAID, "latest")).toBe("0x7");
    expect(await fork.call("eth_getCode", STORE, "latest")).toBe(STORE_CODE);
    expect(await fork.call("eth_getStorageAt", STORE, "0x3", "latest")).toBe(`0x${word(33)}`);
    expect(await read(fork, 2)).toBe(`0x${word(22)}`);
    expect(await read(fork, 4)).toBe(`0x${word(0)}`);
    expect(await fork.call("eth_getBalance", "0x00000000000000000000000000000000000000bb", "latest")).toBe("0x0");
  });

  test("funds its development accounts, who keep their nonces", async () => {
    expect(await fork.call("eth_getBalance", alice, "latest")).toBe(hex(100n * COIN));
    expect(await fork.call("eth_getTransactionCount", alice, "latest")).toBe("0x2");
    expect(await fork.call("eth_getTransactionCount", alice, "pending")).toBe("0x2");
    expect(await fork.call("eth_getBalance", carol, "latest")).toBe(hex(100n * COIN));
    expect(await fork.call("eth_getBalance", carol, hex(border - 1))).toBe(hex(COIN));
  });

  test("goes on in blocks of its own, with time and fee", async () => {
    const [own, other] = [
      await fork.call<Block>("eth_getBlockByNumber", "pending", false),
      await blockOf(remote, border),
    ];
    expect(await blockOf(fork, border)).toEqual(other);
    const hash = await write(fork, 2, 77);
    const receipt = await fork.call<Record<string, string>>("eth_getTransactionReceipt", hash);
    expect(receipt).toMatchObject({ status: "0x1", blockNumber: hex(border + 1) });
    const block = await blockOf(fork, border + 1);
    expect(block.parentHash).toBe(other.hash);
    expect(await fork.call("eth_getBlockByHash", block.hash, false)).toEqual(block);
    expect(Number(block.timestamp)).toBeGreaterThan(Number(other.timestamp));
    expect(Number(block.timestamp)).toBeLessThan(Number(other.timestamp) + 100);
    const next = await remote.call<{ baseFeePerGas: string[] }>("eth_feeHistory", "0x1", hex(border), []);
    expect([block.baseFeePerGas, own.baseFeePerGas]).toEqual([next.baseFeePerGas[1], next.baseFeePerGas[1]]);
    expect(await read(fork, 2)).toBe(`0x${word(77)}`);
    expect(await read(remote, 2)).toBe(`0x${word(22)}`);
    expect(await read(fork, 2, hex(border))).toBe(`0x${word(22)}`);
    expect(await fork.call("eth_getStorageAt", STORE, "0x2", hex(border - 1))).toBe(`0x${word(22)}`);
  });

  test("does not hear of what the other chain does afterwards", async () => {
    await write(remote, 3, 99);
    const later = await remote.call<Block>("eth_getBlockByNumber", "latest", false);
    const laterSend = await send(remote, PAID, "0x", { value: "0x1" });
    expect(await read(fork, 3)).toBe(`0x${word(33)}`);
    expect(await fork.call("eth_getBlockByHash", later.hash, false)).toBeNull();
    expect(await fork.call("eth_getTransactionByHash", laterSend)).toBeNull();
    expect(await fork.call("eth_getTransactionReceipt", laterSend)).toBeNull();
    expect(await blockOf(fork, border + 1)).toBeNull();
    expect(await fork.call("eth_getBalance", PAID, "latest")).toBe("0x7");
    await remote.call("hardhat_setStorageAt", STORE, "0x3", `0x${word(33)}`);
  });

  test("has what was cleared here stay cleared", async () => {
    await write(fork, 1, 0);
    expect(await read(fork, 1)).toBe(`0x${word(0)}`);
    await fork.call("hardhat_setStorageAt", STORE, "0x2", `0x${word(0)}`);
    expect(await fork.call("eth_getStorageAt", STORE, "0x2", "latest")).toBe(`0x${word(0)}`);
    await fork.call("evm_mine");
    expect(await read(fork, 1)).toBe(`0x${word(0)}`);
    expect(await read(fork, 1, hex(border))).toBe(`0x${word(11)}`);
    await write(fork, 1, 5);
    expect(await read(fork, 1)).toBe(`0x${word(5)}`);
    // Each of the states between is still what it was.
    expect(await read(fork, 1, hex(border + 1))).toBe(`0x${word(0)}`);
    // A slot that was never read before it was written to zero.
    await write(fork, 3, 0);
    expect(await read(fork, 3)).toBe(`0x${word(0)}`);
  });

  test("moves what a contract of the other chain has when it destroys itself", async () => {
    await send(fork, DYING, "0x");
    expect(await fork.call("eth_getBalance", DYING, "latest")).toBe("0x0");
    expect(await fork.call("eth_getBalance", HEIR, "latest")).toBe("0x5");
    // EIP-6780: it was not made in that transaction.
    expect(await fork.call("eth_getCode", DYING, "latest")).toBe(DESTRUCT_CODE);
  });

  test("has code see the hashes of older blocks", async () => {
    await fork.call("hardhat_mine", "0x2");
    const hashOf = (number: number) => call(fork, HASHER, `0x${word(number)}`);
    expect(await hashOf(border)).toBe((await blockOf(remote, border)).hash);
    expect(await hashOf(border - 2)).toBe((await blockOf(remote, border - 2)).hash);
    expect(await hashOf(0)).toBe((await blockOf(remote, 0)).hash);
    expect(await hashOf(border + 1)).toBe((await blockOf(fork, border + 1)).hash);
    expect(await hashOf(border + 50)).toBe(`0x${word(0)}`);
    const hash = await send(fork, HASHER, `0x${word(border - 1)}`);
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });

  test("answers about older blocks and transactions as the other chain does", async () => {
    const { hash } = await blockOf(remote, border - 1);
    const asked: [string, ...unknown[]][] = [
      ["eth_getBlockByNumber", "earliest", true],
      ["eth_getBlockByNumber", hex(border), true],
      ["eth_getBlockByHash", hash, true],
      ["eth_getBlockReceipts", hex(border - 1)],
      ["eth_getBlockReceipts", hash],
      ["eth_getBlockTransactionCountByNumber", hex(border)],
      ["eth_getBlockTransactionCountByHash", hash],
      ["eth_getTransactionByBlockNumberAndIndex", hex(border), "0x0"],
      ["eth_getTransactionByHash", paymentHash],
      ["eth_getTransactionReceipt", paymentHash],
      ["debug_traceTransaction", paymentHash, { tracer: "callTracer" }],
      ["eth_getBalance", alice, hex(border - 1)],
      ["eth_getBalance", alice, { blockHash: hash }],
      ["eth_getTransactionCount", alice, hex(border - 2)],
      ["eth_getStorageAt", STORE, "0x1", hex(border - 1)],
      ["eth_call", { to: STORE, data: `0x${word(1)}` }, hex(border - 1)],
      ["eth_feeHistory", "0x3", hex(border), [50]],
      ["eth_getLogs", { fromBlock: "0x0", toBlock: hex(border), address: LOGGER }],
      ["eth_getProof", alice, [], hex(border - 1)],
    ];
    await fork.call("evm_mine");
    for (const [method, ...params] of asked)
      expect([method, await fork.call<unknown>(method, ...params)]).toEqual([
        method,
        await remote.call<unknown>(method, ...params),
      ]);
  });

  test("answers about both sides of the border at once", async () => {
    const hash = await send(fork, LOGGER, `0x${word(2)}`);
    const topics = (logs: readonly { topics: string[] }[]) => logs.map((log) => BigInt(log.topics[0] as string));
    const logs = (filter: object) => fork.call<{ topics: string[]; transactionHash: string }[]>("eth_getLogs", filter);
    const all = await logs({ fromBlock: "earliest", address: LOGGER });
    expect(topics(all)).toEqual([1n, 2n]);
    expect(all[1]?.transactionHash).toBe(hash);
    expect(topics(await logs({ fromBlock: hex(border + 1), toBlock: "latest" }))).toEqual([2n]);
    expect(topics(await logs({ fromBlock: "0x0", toBlock: hex(border) }))).toEqual([1n]);
    expect(topics(await logs({ blockHash: (await blockOf(remote, border)).hash }))).toEqual([1n]);
    expect(topics(await logs({ blockHash: (await blockOf(fork, border + 1)).hash }))).toEqual([2n]);
    await expect(logs({ fromBlock: "0x0", address: "0x12" })).rejects.toThrow("address");
    const filter = await fork.call("eth_newFilter", { fromBlock: "0x0", address: LOGGER });
    expect(topics(await fork.call("eth_getFilterLogs", filter))).toEqual([1n, 2n]);
    expect(await fork.call("eth_getFilterChanges", filter)).toEqual([]);
    const fees = await fork.call<Record<string, unknown[]>>("eth_feeHistory", "0x3", "latest", [50]);
    const older = await remote.call<Record<string, unknown[]>>("eth_feeHistory", "0x2", hex(border), [50]);
    expect(fees["oldestBlock"]).toBe(hex(border - 1));
    expect(fees["baseFeePerGas"]).toHaveLength(4);
    expect(fees["baseFeePerGas"]?.slice(0, 3)).toEqual(older["baseFeePerGas"]);
    expect([fees["gasUsedRatio"]?.length, fees["reward"]?.length]).toEqual([3, 3]);
  });

  test("goes back, and is set, as any development chain is", async () => {
    const snapshot = await fork.call("evm_snapshot");
    await write(fork, 1, 0);
    await fork.call("hardhat_setBalance", PAID, "0x64");
    await fork.call("anvil_addBalance", DYING, "0x1");
    await fork.call("hardhat_setStorageAt", STORE, "0x9", `0x${word(9)}`);
    await fork.call("hardhat_setNonce", bob, "0x20");
    await fork.call("hardhat_setCode", LOGGER, STORE_CODE);
    expect(await fork.call("eth_getBalance", PAID, "latest")).toBe("0x64");
    expect(await fork.call("eth_getBalance", DYING, "latest")).toBe("0x6");
    expect([await read(fork, 9), await read(fork, 2)]).toEqual([`0x${word(9)}`, `0x${word(22)}`]);
    expect(await fork.call("eth_getCode", LOGGER, "latest")).toBe(STORE_CODE);
    await fork.call("hardhat_impersonateAccount", STORE);
    await fork.call("hardhat_setBalance", STORE, hex(COIN));
    const sent = await fork.call("eth_sendTransaction", { from: STORE, to: PAID, value: "0x1" });
    expect(await fork.call("eth_getTransactionReceipt", sent)).toMatchObject({ status: "0x1", from: STORE });
    expect(await fork.call("evm_revert", snapshot)).toBe(true);
    expect(Number(await fork.call("eth_blockNumber"))).toBe(border);
    expect([await read(fork, 1), await read(fork, 9)]).toEqual([`0x${word(11)}`, `0x${word(0)}`]);
    expect(await fork.call("eth_getBalance", PAID, "latest")).toBe("0x7");
    expect(await fork.call("eth_getCode", LOGGER, "latest")).toBe(LOG_CODE);
    await write(fork, 1, 6);
    await fork.call("anvil_rollback", 1);
    expect(await read(fork, 1)).toBe(`0x${word(11)}`);
    await fork
      .call("anvil_dealERC20", alice, STORE, "0x1")
      .catch((error: Error) => expect(error.message).toContain("slot"));
  });

  test("makes contracts", async () => {
    // Stores 1 in slot 0 and reads a slot that nobody has written, then returns no code.
    const hash = await fork.call("eth_sendTransaction", { from: alice, data: "0x60015f5560015450", gas: "0x30000" });
    const { contractAddress, status } = await fork.call<Record<string, string>>("eth_getTransactionReceipt", hash);
    expect(status).toBe("0x1");
    expect(await fork.call("eth_getStorageAt", contractAddress, "0x0", "latest")).toBe(`0x${word(1)}`);
    expect(await fork.call("eth_getTransactionCount", contractAddress, "latest")).toBe("0x1");
  });

  test("traces its own blocks", async () => {
    const hash = await write(fork, 2, 5);
    const trace = await fork.call<Record<string, unknown>>("debug_traceTransaction", hash, {
      tracer: "prestateTracer",
    });
    expect(trace[STORE]).toMatchObject({ code: STORE_CODE, storage: { [`0x${word(2)}`]: `0x${word(22)}` } });
    const called = await fork.call<Record<string, string>>(
      "debug_traceCall",
      { from: bob, to: STORE, data: `0x${word(1)}` },
      "latest",
      { tracer: "callTracer" },
    );
    expect(called["output"]).toBe(`0x${word(11)}`);
    const list = await fork.call<{ accessList: unknown[] }>("eth_createAccessList", {
      to: STORE,
      data: `0x${word(3)}`,
    });
    expect(list.accessList).toEqual([{ address: STORE, storageKeys: [`0x${word(3)}`] }]);
    const simulated = await fork.call<{ calls: { returnData: string }[] }[]>(
      "eth_simulateV1",
      { blockStateCalls: [{ calls: [{ to: STORE, data: `0x${word(3)}` }] }] },
      "latest",
    );
    expect(simulated[0]?.calls[0]?.returnData).toBe(`0x${word(33)}`);
    const overridden = await fork.call("eth_call", { to: STORE, data: `0x${word(1)}` }, "latest", {
      [STORE]: { state: { [`0x${word(2)}`]: `0x${word(1)}` } },
    });
    expect(overridden).toBe(`0x${word(0)}`);
  });

  test("proves nothing", async () => {
    await expect(fork.call("eth_getProof", alice, [], "latest")).rejects.toMatchObject({
      data: { code: "FORK_NO_PROOF" },
    });
  });

  test("runs many transactions that were sent at once", async () => {
    const slots = Array.from({ length: 20 }, (_, index) => index);
    const hashes = await Promise.all(slots.map((slot) => write(fork, slot, slot + 1)));
    for (const hash of hashes)
      expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    for (const slot of slots) expect(await read(fork, slot)).toBe(`0x${word(slot + 1)}`);
  });

  test("mines what waited by request", async () => {
    await fork.call("evm_setAutomine", false);
    const hash = await write(fork, 2, 6);
    expect(await read(fork, 2)).toBe(`0x${word(22)}`);
    expect(await read(fork, 2, "pending")).toBe(`0x${word(6)}`);
    await fork.call("evm_mine");
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    expect(await read(fork, 2)).toBe(`0x${word(6)}`);
  });
});
