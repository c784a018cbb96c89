// A fork whose other chain is slow, busy, gone, or not what it says it is.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { alice, READER_CODE, type RunningDev, startDev, startFork } from "./devFixture.ts";
import {
  answering,
  BEHAVES,
  type FaultyRemote,
  type Misbehaviour,
  saying,
  startFaultyRemote,
  withStatus,
} from "./remoteFixture.ts";

const READER = "0x0000000000000000000000000000000000004ead";
/** A leader's view ends before. */
const SLOW_MS = 3_000;
const STRANGER = "0x00000000000000000000000000000000000000aa";
const OTHER = "0x00000000000000000000000000000000000000ab";
/** Of tests in which nothing is answered. */
const impatience = { timeoutMs: 1_000, pausesMs: [] };

let chain: RunningDev;
let remote: FaultyRemote;
let fork: RunningDev;

beforeAll(async () => {
  chain = await startDev();
  await chain.call("hardhat_setCode", READER, READER_CODE);
  await chain.call("hardhat_setBalance", STRANGER, "0x9");
});
afterAll(() => chain.stop());

beforeEach(async () => {
  remote = await startFaultyRemote(chain.client.url);
  fork = await startFork({ url: remote.url });
});
afterEach(async () => {
  await fork.stop();
  await remote.stop();
});

/** The code of the error that a call fails with. */
const failureOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    (value) => `answered with ${JSON.stringify(value)}`,
    (error: { data?: { code?: string }; message: string }) => error.data?.code ?? error.message,
  );

const FAULTS: readonly (readonly [name: string, code: string, fault: Misbehaviour])[] = [
  ["hangs up", "FORK_UNREACHABLE", (_body, response) => response.destroy() !== undefined],
  ["takes no more requests", "FORK_RATE_LIMITED", withStatus(429)],
  ["is broken", "FORK_UNREACHABLE", withStatus(503)],
  [
    "says in JSON that it takes no more",
    "FORK_RATE_LIMITED",
    answering(() => ({ error: { code: -32005, message: "limit" } })),
  ],
  ["is no chain", "FORK_ANSWER_INVALID", saying("<html>")],
  ["answers with nothing", "FORK_ANSWER_INVALID", saying("")],
  ["answers with a number", "FORK_ANSWER_INVALID", saying("7")],
  ["answers with lists of nothing", "FORK_ANSWER_INVALID", saying("[]")],
  ["answers about other requests", "FORK_ANSWER_INVALID", answering(() => ({ id: "other", result: "0x1" }))],
  ["has no result", "FORK_ANSWER_INVALID", answering(() => ({}))],
  ["has an error that is none", "FORK_ANSWER_INVALID", answering(() => ({ error: "no" }))],
  ["answers with null", "FORK_ANSWER_INVALID", answering(() => ({ result: null }))],
  ["answers with words", "FORK_ANSWER_INVALID", answering(() => ({ result: "many" }))],
  ["answers with too large a number", "FORK_ANSWER_INVALID", answering(() => ({ result: `0x1${"00".repeat(32)}` }))],
  ["answers with objects", "FORK_ANSWER_INVALID", answering(() => ({ result: {} }))],
  [
    "keeps no old states",
    "FORK_STATE_MISSING",
    answering(() => ({ error: { code: -32000, message: "missing trie node 12" } })),
  ],
  ["refuses", "FORK_REFUSED", answering(() => ({ error: { code: -32601, message: "no such method" } }))],
];

describe("a remote that", () => {
  test.each(FAULTS)("%s fails what needs it, by %s, and nothing else", async (_name, code, fault) => {
    const head = await fork.call("eth_blockNumber");
    remote.misbehaves = fault;
    expect(await failureOf(fork.call("eth_getBalance", STRANGER, "latest"))).toBe(code);
    expect(await failureOf(fork.call("eth_call", { to: READER }, "latest"))).toBe(code);
    expect(await failureOf(fork.call("eth_sendTransaction", { from: alice, to: READER, gas: "0x10000" }))).toBe(code);
    expect(await failureOf(fork.call("hardhat_setBalance", OTHER, "0x1"))).toBe(code);
    // Nothing of that is in a block or waits for one.
    expect(await fork.call("eth_blockNumber")).toBe(head);
    expect(await fork.call("eth_getTransactionCount", alice, "pending")).toBe("0x0");
    expect(await fork.call("eth_pendingTransactions")).toEqual([]);
    // Ours goes on.
    await fork.call("evm_mine");
    remote.misbehaves = BEHAVES;
    expect(await fork.call("eth_getBalance", STRANGER, "latest")).toBe("0x9");
    const hash = await fork.call("eth_sendTransaction", { from: alice, to: READER });
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });

  test("hangs fails what needs it, after a while", async () => {
    const impatient = await startFork({ url: remote.url }, { patience: impatience });
    try {
      remote.misbehaves = () => true;
      expect(await failureOf(impatient.call("eth_sendTransaction", { from: alice, to: READER, gas: "0x10000" }))).toBe(
        "FORK_TIMEOUT",
      );
      expect(await impatient.call("eth_pendingTransactions")).toEqual([]);
      await expect(startFork({ url: remote.url }, { patience: impatience })).rejects.toThrow("FORK_TIMEOUT");
    } finally {
      await impatient.stop();
    }
  });

  test("is busy for a moment is asked again", async () => {
    let refusals = 2;
    remote.misbehaves = (body, response) => --refusals >= 0 && withStatus(429)(body, response);
    expect(await fork.call("eth_getBalance", STRANGER, "latest")).toBe("0x9");
  });

  test("takes no batches is asked one by one", async () => {
    remote.misbehaves = (body, response) => Array.isArray(body) && saying('{"error":"no batches"}')(body, response);
    expect(await fork.call("eth_getBalance", STRANGER, "latest")).toBe("0x9");
    expect(await fork.call("eth_call", { to: READER }, "latest")).toBe(`0x${"00".repeat(32)}`);
  });

  test("is gone and comes back is found again, and what is known is not asked for", async () => {
    expect(await fork.call("eth_getBalance", STRANGER, "latest")).toBe("0x9");
    const port = Number(new URL(remote.url).port);
    await remote.stop();
    expect(await fork.call("eth_getBalance", STRANGER, "latest")).toBe("0x9");
    expect(await failureOf(fork.call("eth_getBalance", OTHER, "latest"))).toBe("FORK_UNREACHABLE");
    expect(await failureOf(fork.call("eth_getBlockByNumber", "0x0", false))).toBe("FORK_UNREACHABLE");
    expect(await failureOf(fork.call("eth_getLogs", { fromBlock: "0x0" }))).toBe("FORK_UNREACHABLE");
    remote = await startFaultyRemote(chain.client.url, port);
    expect(await fork.call("eth_getBalance", OTHER, "latest")).toBe("0x0");
    expect(remote.asked).toEqual(["eth_getBalance", "eth_getTransactionCount", "eth_getCode"]);
  });

  test("answers garbage about blocks makes no garbage of them", async () => {
    const asked: [string, ...unknown[]][] = [
      ["eth_getBlockByHash", `0x${"12".repeat(32)}`, false],
      ["eth_getTransactionReceipt", `0x${"12".repeat(32)}`],
      ["eth_getLogs", { fromBlock: "0x0" }],
      ["eth_feeHistory", "0x3", "latest", []],
    ];
    await fork.call("evm_mine");
    remote.misbehaves = answering(() => ({ result: "0x5" }));
    for (const [method, ...params] of asked)
      expect(await failureOf(fork.call(method, ...params))).toBe("FORK_ANSWER_INVALID");
    remote.misbehaves = answering(() => ({ error: { code: -32_000, message: "\u001b[31mno\nlogs", data: "0x" } }));
    const refused = fork.call("eth_getLogs", { fromBlock: "0x0" });
    await expect(refused).rejects.toMatchObject({ code: -32_000, message: " [31mno logs", data: "0x" });
  });
});

describe("a block that is made", () => {
  test("asks nothing that a send has found out", async () => {
    await fork.call("evm_setAutomine", false);
    const hash = await fork.call("eth_sendTransaction", { from: alice, to: STRANGER, value: "0x1" });
    remote.asked.length = 0;
    await fork.call("evm_mine");
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    expect(remote.asked).toEqual([]);
  });

  /** Reads the slot that the block's number names: NUMBER SLOAD PUSH0 SSTORE. */
  const BY_NUMBER = "0x43545f5500";

  test("waits for what a transaction reads for the first time, longer than for a leader's view", async () => {
    const hash = await sendEarly();
    const head = Number(await fork.call("eth_blockNumber"));
    remote.asked.length = 0;
    remote.misbehaves = (body, response) => {
      const { id } = body as { id: number };
      setTimeout(() => response.end(JSON.stringify({ jsonrpc: "2.0", id, result: "0x5" })), SLOW_MS);
      return true;
    };
    await fork.call("evm_mine");
    expect(remote.asked).toEqual(["eth_getStorageAt"]);
    remote.misbehaves = BEHAVES;
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    expect(await fork.call("eth_getStorageAt", READER, "0x0", "latest")).toBe(`0x${"5".padStart(64, "0")}`);
    await fork.call("evm_mine");
    expect(Number(await fork.call("eth_blockNumber"))).toBe(head + 2);
  });

  /** Sent for the next block, and then there for the one after it. */
  async function sendEarly(): Promise<string> {
    await fork.call("hardhat_setCode", READER, BY_NUMBER);
    await fork.call("evm_setAutomine", false);
    const hash = await fork.call("eth_sendTransaction", { from: alice, to: READER, gas: "0x20000" });
    await fork.call("hardhat_setBalance", alice, "0xde0b6b3a7640000");
    return hash;
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test("by request is not made where what waits needs a remote that has gone", async () => {
    const hash = await sendEarly();
    const head = await fork.call("eth_blockNumber");
    remote.misbehaves = withStatus(503);
    expect(await failureOf(fork.call("evm_mine"))).toBe("FORK_UNREACHABLE");
    expect(await fork.call("eth_blockNumber")).toBe(head);
    remote.misbehaves = BEHAVES;
    await fork.call("evm_mine");
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });

  test("by the clock is made without what cannot be run, which is given up", async () => {
    const hash = await sendEarly();
    remote.misbehaves = withStatus(503);
    await fork.call("evm_setIntervalMining", 50);
    await until(async () => (await fork.call<unknown[]>("eth_pendingTransactions")).length === 0);
    remote.misbehaves = BEHAVES;
    await fork.call("evm_setIntervalMining", 0);
    expect(await fork.call("eth_getTransactionReceipt", hash)).toBeNull();
    expect(await fork.call("eth_getTransactionCount", alice, "pending")).toBe("0x0");
    await fork.call("evm_setAutomine", true);
    const again = await fork.call("eth_sendTransaction", { from: alice, to: READER, gas: "0x20000" });
    expect(await fork.call("eth_getTransactionReceipt", again)).toMatchObject({ status: "0x1" });
  });

  test("waits for what a transaction reads while it is made", async () => {
    const hash = await sendEarly();
    // As often as it is asked for what waits before the block is begun.
    let refusals = 3;
    remote.misbehaves = (body, response) => --refusals >= 0 && withStatus(503)(body, response);
    await fork.call("evm_setIntervalMining", 50);
    await until(async () => (await fork.call<unknown[]>("eth_pendingTransactions")).length === 0);
    await fork.call("evm_setIntervalMining", 0);
    expect(await fork.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });
});

describe("a fork that cannot begin", () => {
  test.each([
    ["http://127.0.0.1:1", undefined, "FORK_UNREACHABLE"],
    ["ftp://127.0.0.1", undefined, "FORK_URL_INVALID"],
    ["nonsense", undefined, "FORK_URL_INVALID"],
  ])("%s: %s", async (url, blockNumber, code) => {
    await expect(startFork({ url, ...(blockNumber === undefined ? {} : { blockNumber }) })).rejects.toThrow(code);
  });

  test("of a block that is not there", async () => {
    await expect(startFork({ url: remote.url, blockNumber: 1_000 })).rejects.toThrow("FORK_BLOCK_UNKNOWN");
  });

  // What it begins with every node has.
  const AT_FIRST = FAULTS.filter(([, code]) => code !== "FORK_STATE_MISSING");
  test.each(AT_FIRST)("of a remote that %s: %s", async (_name, code, fault) => {
    remote.misbehaves = fault;
    await expect(startFork({ url: remote.url })).rejects.toThrow(code);
  });
});
