import { RPC_CODE } from "@festina/rpc";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { alice, bob, carol, type RunningDev, startDev } from "./devFixture.ts";

interface Block {
  readonly hash: string;
  readonly parentHash: string;
  readonly number: string;
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

const STRANGER = `0x${"ab".repeat(20)}`;
/** Logs one topic, its caller: CALLER PUSH0 PUSH0 LOG1. */
const LOGGER_CODE = "0x335f5fa100";
const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

let dev: RunningDev;
const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);
const head = async (): Promise<number> => Number(await call("eth_blockNumber"));
const block = (tag: number | string): Promise<Block> =>
  call("eth_getBlockByNumber", typeof tag === "number" ? quantity(tag) : tag, false);
const balance = async (address: string): Promise<bigint> => BigInt(await call("eth_getBalance", address, "latest"));
const send = (value: number, more = {}): Promise<string> =>
  call("eth_sendTransaction", { from: alice, to: bob, value: quantity(value), ...more });

beforeEach(async () => {
  dev = await startDev();
});
afterEach(() => dev.stop());

describe("anvil_rollback", () => {
  it("undoes the newest block, or as many as it is told", async () => {
    const before = await balance(bob);
    await send(1);
    await send(2);
    const third = await send(3);
    const second = await block(2);
    expect(await call("anvil_rollback")).toBeNull();
    expect(await block("latest")).toEqual(second);
    expect(await call("eth_getTransactionReceipt", third)).toBeNull();
    expect(await balance(bob)).toBe(before + 3n);
    expect(await call("anvil_rollback", "0x2")).toBeNull();
    expect(await head()).toBe(0);
    expect(await balance(bob)).toBe(before);
    await send(4);
    expect(await balance(bob)).toBe(before + 4n);
    expect(await block("finalized")).toEqual(await block(1));
    expect(await call("anvil_rollback", 0)).toBeNull();
    expect(await head()).toBe(1);
  });

  it("leaves snapshots of what stays, and uses up those of what goes", async () => {
    await send(1);
    const early = await call("evm_snapshot");
    await send(2);
    const late = await call("evm_snapshot");
    await send(3);
    await call("anvil_rollback", 2);
    expect(await call("evm_revert", late)).toBe(false);
    await send(5);
    await send(6);
    expect(await call("evm_revert", early)).toBe(true);
    expect(await head()).toBe(1);
    await call("anvil_rollback", 1);
    expect(await head()).toBe(0);
  });

  it("lets wait what waited", async () => {
    await send(1);
    await send(2);
    await call("evm_setAutomine", false);
    const waiting = await call("eth_sendTransaction", { from: carol, to: bob, value: "0x5" });
    await call("anvil_rollback", 1);
    expect(await call("txpool_status")).toMatchObject({ pending: "0x1" });
    await call("evm_mine");
    expect(await call("eth_getTransactionReceipt", waiting)).toMatchObject({ status: "0x1", blockNumber: "0x2" });
  });

  it("is refused below the first block, by code below what is remembered, and where it makes no sense", async () => {
    await call("anvil_mine", 300);
    await expect(call("anvil_rollback", 301)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
    await expect(call("anvil_rollback", 300)).rejects.toMatchObject({
      code: RPC_CODE.server,
      data: { code: "ROLLBACK_TOO_DEEP" },
    });
    for (const depth of ["zz", -1, 1.5, {}, [], "0x", `0x${"f".repeat(64)}`, true])
      await expect(call("anvil_rollback", depth)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
    expect(await head()).toBe(300);
    await call("anvil_rollback", 200);
    expect(await head()).toBe(100);
    await send(1);
  }, 60_000);
});

describe("anvil_reorg", () => {
  it("puts other blocks in the place of the newest, at their times", async () => {
    await send(1);
    const gone = await send(2);
    await send(3);
    const before = await Promise.all([1, 2, 3].map(block));
    expect(await call("anvil_reorg", 2, [])).toBeNull();
    const after = await Promise.all([1, 2, 3].map(block));
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.hash).not.toBe(before[1]?.hash);
    expect(after.map(({ timestamp }) => timestamp)).toEqual(before.map(({ timestamp }) => timestamp));
    expect(after.map(({ transactions }) => transactions.length)).toEqual([1, 0, 0]);
    expect(await call("eth_getTransactionReceipt", gone)).toBeNull();
    expect(await call("eth_getBlockByHash", before[2]?.hash, false)).toBeNull();
    // Empty blocks, too.
    expect(await call("anvil_reorg", 2)).toBeNull();
    expect((await block(3)).hash).not.toBe(after[2]?.hash);
    await send(4);
    expect(await head()).toBe(4);
  });

  it("puts transactions where it is told, with nonces that count from there", async () => {
    for (const value of [1, 2, 3]) await send(value);
    const { raw } = await call<{ raw: string }>("eth_signTransaction", {
      ...{ from: carol, to: STRANGER, value: "0x9", nonce: "0x0" },
    });
    await call("anvil_impersonateAccount", bob);
    await call("anvil_reorg", 3, [
      [{ from: alice, to: STRANGER, value: "0x7" }, 2],
      [{ from: alice, to: STRANGER, value: "0x5" }, 0],
      [raw, 1],
      [{ from: alice, to: STRANGER, value: "0x6" }, "0x0"],
    ]);
    const blocks = await Promise.all([1, 2, 3].map(block));
    expect(blocks.map(({ transactions }) => transactions.length)).toEqual([2, 1, 1]);
    expect(await balance(STRANGER)).toBe(27n);
    expect(await call("eth_getTransactionCount", alice, "latest")).toBe("0x3");
    expect(await call("hardhat_getAutomine")).toBe(true);
  });

  it("says which transactions are in none of the blocks", async () => {
    await send(1);
    await send(2);
    const nonce = "0x0";
    const stale = await call<{ raw: string; tx: { hash: string } }>("eth_signTransaction", {
      from: alice,
      to: STRANGER,
      value: "0x1",
      nonce,
    });
    await expect(call("anvil_reorg", 1, [[stale.raw, 0]])).rejects.toMatchObject({
      code: RPC_CODE.server,
      data: { code: "POOL_NONCE_TOO_LOW", transactionHashes: [stale.tx.hash] },
    });
    expect((await block("latest")).transactions).toEqual([]);
    expect(await head()).toBe(2);
  });

  it("changes nothing where it is told nonsense", async () => {
    await send(1);
    await send(2);
    const before = await block("latest");
    const sound = [{ from: alice, to: bob }, 0];
    const GARBAGE = [
      ...[[], [3], ["zz"], [-1, []], [{}], [1, {}], [1, "0x"], [1, [[]]], [1, [sound, [sound]]], [1, [[sound[0], 1]]]],
      ...[
        [1, [["0xzz", 0]]],
        [1, [[5, 0]]],
        [1, [[null, 0]]],
        [1, [[sound[0], -1]]],
        [1, [[sound[0]]]],
        [1, [["0x", 0, 0]]],
      ],
    ];
    for (const params of GARBAGE)
      await expect(call("anvil_reorg", ...params)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
    for (const raw of ["0x", "0x1234", "0x02c0"])
      await expect(call("anvil_reorg", 1, [[raw, 0]])).rejects.toMatchObject({ code: RPC_CODE.server });
    await expect(call("anvil_reorg", 1, [[{ from: STRANGER, to: bob }, 0]])).rejects.toMatchObject({
      code: RPC_CODE.server,
    });
    expect(await block("latest")).toEqual(before);
  });
});

describe("who watches a chain that goes back", () => {
  const setLogger = () => call("anvil_setCode", STRANGER, LOGGER_CODE);
  const changes = (filter: string): Promise<{ removed: boolean; blockNumber: string; transactionHash: string }[]> =>
    call("eth_getFilterChanges", filter);

  it.each<[string, () => Promise<unknown>]>([
    ["evm_revert", () => call("evm_revert", "0x1")],
    ["anvil_rollback", () => call("anvil_rollback", 2)],
  ])("hears by a filter what %s took back, once, the last first, and what came instead", async (_, goBack) => {
    await setLogger();
    await call("evm_snapshot");
    const logs = await call("eth_newFilter", { address: STRANGER });
    const blocks = await call("eth_newBlockFilter");
    const first = await call("eth_sendTransaction", { from: alice, to: STRANGER });
    const second = await call("eth_sendTransaction", { from: bob, to: STRANGER });
    expect((await changes(logs)).map(({ removed }) => removed)).toEqual([false, false]);
    expect(await changes(blocks)).toHaveLength(2);
    await goBack();
    expect(await changes(logs)).toMatchObject([
      { removed: true, transactionHash: second, blockNumber: "0x3" },
      { removed: true, transactionHash: first, blockNumber: "0x2" },
    ]);
    expect(await changes(logs)).toEqual([]);
    const instead = await call("eth_sendTransaction", { from: carol, to: STRANGER });
    expect(await changes(logs)).toMatchObject([{ removed: false, transactionHash: instead, blockNumber: "0x2" }]);
    expect(await changes(blocks)).toEqual([(await block(2)).hash]);
  });

  it("does not hear of logs that it was not told of", async () => {
    await setLogger();
    const logs = await call("eth_newFilter", { address: STRANGER });
    await call("eth_sendTransaction", { from: alice, to: STRANGER });
    await call("anvil_rollback");
    expect(await changes(logs)).toEqual([]);
    await call("eth_sendTransaction", { from: alice, to: STRANGER });
    expect(await changes(logs)).toMatchObject([{ removed: false }]);
    await call("hardhat_reset");
    expect(await changes(logs)).toMatchObject([{ removed: true }]);
  });
});
