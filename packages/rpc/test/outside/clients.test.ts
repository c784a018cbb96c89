import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Block, JsonRpcProvider, Network, Transaction, WebSocketProvider } from "ethers";
import { createPublicClient, type Hex, http, parseAbiItem, webSocket } from "viem";
import { ACCOUNTS, makeBlock, sampleTransactions, TOKEN, TRANSFER_TOPIC } from "../../testing/fakeChain.ts";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

/** The two libraries most programs use, reading what the fake node has. */

let fixture: RpcFixture;
const [ALICE, BOB, CAROL] = ACCOUNTS;
const { legacy, accessList, feeMarket, creation, setCode } = sampleTransactions();
const TRANSFER = "event Transfer(address indexed from, address indexed to, uint256 amount)";
const balanceOf = (account: string): bigint => BigInt(account) % 1_000_000n;
const hashOf = (number: number): Hex => fixture.backend.records[number]!.block.hash;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

describe("viem", () => {
  const connect = () => createPublicClient({ transport: http(fixture.server.url, { retryCount: 0 }) });

  it("reads blocks", async () => {
    const client = connect();
    const block = await client.getBlock({ blockNumber: 2n, includeTransactions: true });
    expect(block).toMatchObject({ number: 2n, hash: hashOf(2), parentHash: hashOf(1), baseFeePerGas: 1_000_000_000n });
    expect(block.transactions.map(({ hash, type }) => [hash, type])).toEqual([
      [accessList.hash, "eip2930"],
      [feeMarket.hash, "eip1559"],
    ]);
    expect(await client.getBlock({ blockTag: "finalized" })).toMatchObject({ hash: hashOf(4) });
    expect(await client.getBlock({ blockTag: "pending" })).toMatchObject({ number: 5n, hash: null });
    expect(await client.getBlockNumber()).toBe(4n);
    await expect(client.getBlock({ blockNumber: 99n })).rejects.toThrow("could not be found");
  });

  it("reads transactions and receipts", async () => {
    const client = connect();
    expect(await client.getTransaction({ hash: legacy.hash })).toMatchObject({
      type: "legacy",
      from: ALICE,
      chainId: 1337,
    });
    expect(await client.getTransaction({ hash: feeMarket.hash })).toMatchObject({ value: 5n, gas: 90_000n, nonce: 2 });
    expect(await client.getTransaction({ hash: setCode.hash })).toMatchObject({
      type: "eip7702",
      authorizationList: [{ address: TOKEN, chainId: 1337, nonce: 9 }],
    });
    expect(await client.getTransactionReceipt({ hash: creation.hash })).toMatchObject({
      status: "success",
      contractAddress: TOKEN,
      gasUsed: 60_000n,
    });
    expect((await client.waitForTransactionReceipt({ hash: feeMarket.hash })).logs).toHaveLength(2);
  });

  it("reads logs, balances, fees and calls", async () => {
    const client = connect();
    const logs = await client.getLogs({
      address: TOKEN,
      event: parseAbiItem(TRANSFER),
      fromBlock: 0n,
      toBlock: "latest",
    });
    expect(logs.map(({ args }) => args.amount)).toEqual([1n, 2n, 3n]);
    expect(await client.getBalance({ address: ALICE })).toBe(balanceOf(ALICE));
    expect((await client.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] })).reward).toHaveLength(2);
    expect(await client.estimateFeesPerGas()).toMatchObject({ maxPriorityFeePerGas: 1_000_000_000n });
    expect(await client.call({ to: TOKEN })).toEqual({ data: "0x0102" });
  });

  it("watches heads over a WebSocket", async () => {
    const url = fixture.server.url.replace("http", "ws");
    const client = createPublicClient({
      transport: webSocket(url, { retryCount: 0, reconnect: false, keepAlive: false }),
    });
    const before = fixture.backend.listeners.size;
    const seen = new Promise((resolve, reject) => {
      client.watchBlocks({ onBlock: resolve, onError: reject });
    });
    while (fixture.backend.listeners.size === before) await new Promise(setImmediate);
    fixture.backend.append(makeBlock(fixture.backend.records.at(-1)!, []));
    expect(await seen).toMatchObject({ number: BigInt(fixture.backend.chain.head()) });
    (await client.transport.getRpcClient()).close();
    fixture.backend.records.length = 5;
  });
});

describe("ethers", () => {
  const network = Network.from(1337);
  const reading = async <T>(read: (provider: JsonRpcProvider) => Promise<T>): Promise<T> => {
    const provider = new JsonRpcProvider(fixture.server.url, network, { staticNetwork: network });
    try {
      return await read(provider);
    } finally {
      provider.destroy();
    }
  };

  it("reads blocks", async () => {
    const block = (await reading((provider) => provider.getBlock(2, true))) as Block;
    expect(block.hash).toBe(hashOf(2));
    expect(block.prefetchedTransactions.map(({ type }) => type)).toEqual([1, 2]);
    expect((await reading((provider) => provider.getBlock("finalized")))?.number).toBe(4);
    expect(await reading((provider) => provider.getBlock(99))).toBeNull();
  });

  it("rebuilds each transaction with the same hash and sender", async () => {
    for (const [{ hash }, sender] of [
      [legacy, ALICE],
      [accessList, ALICE],
      [feeMarket, ALICE],
      [creation, ALICE],
    ] as const) {
      const answered = await reading((provider) => provider.getTransaction(hash));
      const rebuilt = Transaction.from(answered!.toJSON());
      rebuilt.signature = answered!.signature;
      expect([rebuilt.hash, rebuilt.from?.toLowerCase()]).toEqual([hash, sender]);
    }
  });

  it("reads receipts, logs and balances", async () => {
    const receipt = await reading((provider) => provider.getTransactionReceipt(feeMarket.hash));
    expect(receipt).toMatchObject({ status: 1, gasUsed: 50_000n, blockNumber: 2, index: 1 });
    const logs = await reading((provider) => provider.getLogs({ topics: [TRANSFER_TOPIC], fromBlock: 0, toBlock: 4 }));
    expect(logs.map(({ data }) => Number(data))).toEqual([1, 2, 3]);
    expect(await reading((provider) => provider.getBalance(CAROL))).toBe(balanceOf(CAROL));
    expect(await reading((provider) => provider.getTransactionCount(BOB))).toBe(0);
    expect((await reading((provider) => provider.getFeeData())).maxPriorityFeePerGas).toBe(1_000_000_000n);
  });

  it("recognises refusals by their text", async () => {
    fixture.backend.submitAnswer = { code: "POOL_NONCE_TOO_LOW", message: "5 is used" };
    const sent = reading((provider) =>
      provider.broadcastTransaction(`0x${Buffer.from(feeMarket.encoded).toString("hex")}`),
    );
    await expect(sent).rejects.toMatchObject({ code: "NONCE_EXPIRED" });
    fixture.backend.submitAnswer = null;
  });

  it("hears of heads over a WebSocket", async () => {
    const provider = new WebSocketProvider(fixture.server.url.replace("http", "ws"), network, {
      staticNetwork: network,
    });
    const before = fixture.backend.listeners.size;
    const seen = new Promise<number>((resolve, reject) => {
      provider.on("block", resolve).catch(reject);
    });
    while (fixture.backend.listeners.size === before) await new Promise(setImmediate);
    fixture.backend.append(makeBlock(fixture.backend.records.at(-1)!, []));
    expect(await seen).toBe(fixture.backend.chain.head());
    await provider.destroy();
    fixture.backend.records.length = 5;
  });
});
