import { signTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { Method } from "../../src/jsonRpc/dispatch.ts";
import { FilterRegistry } from "../../src/namespaces/filters.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";
import {
  ACCOUNTS,
  address,
  fields as aTransaction,
  makeBlock,
  SECRET_KEYS,
  TOKEN,
  TRANSFER_TOPIC,
  transferLog,
  word,
} from "../../testing/fakeChain.ts";

const [ALICE, BOB] = ACCOUNTS;

function setUp() {
  const backend = new FakeBackend();
  const clock = { nowMs: 0 };
  const registry = new FilterRegistry(backend, () => clock.nowMs);
  const methods = registry.methods();
  const call = async (method: string, ...params: unknown[]): Promise<never> =>
    (await (methods[method] as Method)(params, {})) as never;
  const addTransfers = (amount: number): string => {
    const transaction = signTransaction(aTransaction({ nonce: BigInt(100 + amount) }), SECRET_KEYS[0]!);
    const record = makeBlock(backend.records.at(-1)!, [{ transaction, logs: [transferLog(ALICE, BOB, amount)] }]);
    backend.append(record);
    return record.block.hash;
  };
  return { backend, clock, registry, call, addTransfers };
}

/** A block of 200,001 logs, far above what an answer holds. Only its roots are those of one log. */
function addManyLogs(backend: FakeBackend): void {
  const log = { ...transferLog(ALICE, BOB, 9), data: new Uint8Array(0) };
  const transaction = signTransaction(aTransaction({ nonce: 50n }), SECRET_KEYS[0]!);
  const record = makeBlock(backend.records.at(-1)!, [{ transaction, logs: [log] }]);
  const transactions = record.transactions.map((executed) => ({ ...executed, logs: Array(200_001).fill(log) }));
  backend.append({ ...record, transactions });
}

const amounts = (logs: { data: string }[]): number[] => logs.map(({ data }) => (data === "0x" ? 0 : Number(data)));

describe("eth_getLogs", () => {
  it.each<[string, object, number[]]>([
    ["everything", {}, []],
    ["a range", { fromBlock: "0x0", toBlock: "latest" }, [1, 2, 3, 0]],
    ["an empty range", { fromBlock: "0x3", toBlock: "0x4", address: TOKEN }, []],
    ["an address", { fromBlock: "earliest", address: TOKEN }, [1, 2, 3]],
    ["an address in capitals", { fromBlock: "earliest", address: TOKEN.toUpperCase().replace("0X", "0x") }, [1, 2, 3]],
    ["several addresses", { fromBlock: "0x0", address: [TOKEN, address("71")] }, [1, 2, 3, 0]],
    ["an unknown address", { fromBlock: "0x0", address: address("99") }, []],
    ["a topic", { fromBlock: "0x0", topics: [TRANSFER_TOPIC] }, [1, 2, 3]],
    ["a position left open", { fromBlock: "0x0", topics: [null, word(ALICE.slice(2))] }, [1]],
    ["a choice", { fromBlock: "0x0", topics: [TRANSFER_TOPIC, [word(ALICE.slice(2)), word(BOB.slice(2))]] }, [1, 2]],
    ["a choice of anything", { fromBlock: "0x0", topics: [[null, word("7")]] }, [1, 2, 3, 0]],
    ["what is not there yet", { fromBlock: "0x63" }, []],
    ["no choice at all", { fromBlock: "0x0", topics: [[], []] }, [1, 2, 3]],
    ["more positions than the log has topics", { fromBlock: "0x0", address: address("71"), topics: [null, null] }, []],
    ["a range above the head", { fromBlock: "0x2", toBlock: "0xffff" }, [1, 2, 3, 0]],
  ])("finds %s", async (_, filter, expected) => {
    const { call } = setUp();
    expect(amounts(await call("eth_getLogs", filter))).toEqual(expected);
  });

  it("reads one block by hash", async () => {
    const { backend, call } = setUp();
    const { hash } = backend.records[2]!.block;
    const logs = await call("eth_getLogs", { blockHash: hash, fromBlock: null });
    expect(amounts(logs)).toEqual([1, 2, 3]);
    expect((logs as { logIndex: string; transactionIndex: string }[]).map((log) => log.logIndex)).toEqual([
      "0x0",
      "0x1",
      "0x2",
    ]);
  });

  it.each<[string, object, number]>([
    ["a hash and a range", { blockHash: word("1"), fromBlock: "0x1" }, -32602],
    ["an unknown hash", { blockHash: word("1") }, -32000],
    ["a range upside down", { fromBlock: "0x3", toBlock: "0x2" }, -32602],
    ["too many topics", { topics: [null, null, null, null, null] }, -32602],
    ["a topic that is none", { topics: ["0x12"] }, -32602],
    ["topics that are no list", { topics: "0x" }, -32602],
    ["an address that is none", { address: ["0x12"] }, -32602],
    ["a tag that is none", { fromBlock: "newest" }, -32602],
    ["tags inside each other", { fromBlock: { blockNumber: { blockNumber: "0x1" } } }, -32602],
  ])("refuses %s", async (_, filter, code) => {
    await expect(setUp().call("eth_getLogs", filter)).rejects.toMatchObject({ name: "RpcError", code });
  });

  it("refuses ranges and answers above its limits", async () => {
    const { backend, call } = setUp();
    addManyLogs(backend);
    await expect(call("eth_getLogs", {})).rejects.toMatchObject({ code: -32005 });
    backend.records = Array(100_001).fill(backend.records[0]);
    await expect(call("eth_getLogs", { fromBlock: "0x0" })).rejects.toMatchObject({ code: -32005 });
  });

  it("lets others have their turn while it reads a long range", async () => {
    const { backend, call } = setUp();
    backend.records = Array(1_000).fill(backend.records[0]);
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 1_000) setImmediate(count);
    };
    setImmediate(count);
    await call("eth_getLogs", { fromBlock: "0x0" });
    expect(turns).toBeGreaterThan(10);
    turns = 1_000;
  });
});

describe("filters", () => {
  it("give each new block once", async () => {
    const { call, addTransfers } = setUp();
    const id = await call("eth_newBlockFilter");
    expect(await call("eth_getFilterChanges", id)).toEqual([]);
    const hashes = [addTransfers(10), addTransfers(11)];
    expect(await call("eth_getFilterChanges", id)).toEqual(hashes);
    expect(await call("eth_getFilterChanges", id)).toEqual([]);
  });

  it("give new logs as changes and the whole range as logs", async () => {
    const { call, addTransfers } = setUp();
    const id = await call("eth_newFilter", { fromBlock: "0x0", address: TOKEN });
    addTransfers(10);
    expect(amounts(await call("eth_getFilterChanges", id))).toEqual([10]);
    expect(amounts(await call("eth_getFilterChanges", id))).toEqual([]);
    expect(amounts(await call("eth_getFilterLogs", id))).toEqual([1, 2, 3, 10]);
  });

  it("keep to a range that begins later and ends", async () => {
    const { call, addTransfers } = setUp();
    const later = await call("eth_newFilter", { fromBlock: "0x6" });
    const bounded = await call("eth_newFilter", { fromBlock: 5, toBlock: 6 });
    const oneBlock = await call("eth_newFilter", { blockHash: setUp().backend.records[2]!.block.hash });
    for (const amount of [5, 6, 7]) addTransfers(amount);
    expect(amounts(await call("eth_getFilterChanges", later))).toEqual([6, 7]);
    expect(amounts(await call("eth_getFilterChanges", bounded))).toEqual([5, 6]);
    expect(amounts(await call("eth_getFilterChanges", oneBlock))).toEqual([]);
    expect(amounts(await call("eth_getFilterLogs", oneBlock))).toEqual([1, 2, 3]);
  });

  it("give the rest of too many changes with the next poll", async () => {
    const { backend, call, addTransfers } = setUp();
    const id = await call("eth_newFilter", {});
    addManyLogs(backend);
    addTransfers(12);
    expect(await call("eth_getFilterChanges", id)).toHaveLength(200_001);
    expect(amounts(await call("eth_getFilterChanges", id))).toEqual([12]);
  });

  it("collect waiting transactions, up to a limit", async () => {
    const { backend, call } = setUp();
    const id = await call("eth_newPendingTransactionFilter");
    for (let i = 0; i < 10_001; i++) backend.emit({ kind: "pendingTransaction", hash: word(i.toString(16)) });
    const hashes: string[] = await call("eth_getFilterChanges", id);
    expect([hashes.length, hashes[0]]).toEqual([10_000, word("0")]);
    expect(await call("eth_getFilterChanges", id)).toEqual([]);
    await expect(call("eth_getFilterLogs", id)).rejects.toMatchObject({ code: -32000 });
  });

  it("end when uninstalled, when idle for five minutes, and with their registry", async () => {
    const { backend, clock, registry, call } = setUp();
    const [gone, used, idle] = [
      await call("eth_newBlockFilter"),
      await call("eth_newFilter", {}),
      await call("eth_newBlockFilter"),
    ];
    expect(await call("eth_uninstallFilter", gone)).toBe(true);
    expect(await call("eth_uninstallFilter", gone)).toBe(false);
    clock.nowMs = 299_000;
    await call("eth_getFilterChanges", used);
    clock.nowMs = 301_000;
    for (const id of [gone, idle, "0xff"]) {
      await expect(call("eth_getFilterChanges", id)).rejects.toMatchObject({ message: "filter not found" });
    }
    expect(await call("eth_getFilterChanges", used)).toEqual([]);
    expect(backend.listeners.size).toBe(1);
    registry.close();
    expect(backend.listeners.size).toBe(0);
  });

  it("are bounded in number until some expire", async () => {
    const { clock, call } = setUp();
    for (let i = 0; i < 1_000; i++) await call("eth_newBlockFilter");
    await expect(call("eth_newBlockFilter")).rejects.toMatchObject({ code: -32005 });
    clock.nowMs = 301_000;
    expect(await call("eth_newBlockFilter")).toMatch(/^0x/);
  });
});
