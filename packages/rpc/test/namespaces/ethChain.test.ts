import { ZERO_ADDRESS } from "@festina/primitives";
import { EMPTY_OMMERS_HASH, EMPTY_ROOT, encodeEthereumBlock } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { ACCOUNTS, address, sampleTransactions, TOKEN, word } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const { backend, call } = createMethods();
const [ALICE, BOB, CAROL] = ACCOUNTS;
const { legacy, unprotected, accessList, feeMarket, creation, setCode, sponsored } = sampleTransactions();
const hashOf = (number: number): string => backend.records[number]!.block.hash;

describe("what a node says of itself", () => {
  it("is whom its blocks pay, and what gas costs next", async () => {
    const { backend, call } = createMethods();
    expect(await call("eth_coinbase")).toBe(backend.coinbase());
    expect(await call("eth_baseFee")).toBe(`0x${backend.chain.nextBaseFeeWei().toString(16)}`);
    expect(await call("eth_blobBaseFee")).toBe("0x1");
    backend.coinbase = () => null as never;
    await expect(call("eth_coinbase")).rejects.toMatchObject({ code: -32000 });
  });
});

describe("blocks", () => {
  it("have the fields of an Ethereum block after the merge", async () => {
    const { block } = backend.records[1]!;
    expect(await call("eth_getBlockByNumber", "0x1", false)).toEqual({
      number: "0x1",
      hash: block.hash,
      parentHash: hashOf(0),
      sha3Uncles: EMPTY_OMMERS_HASH,
      miner: address("c0"),
      stateRoot: word("5a1"),
      transactionsRoot: block.header.transactionsRoot,
      receiptsRoot: block.header.receiptsRoot,
      logsBloom: `0x${"00".repeat(256)}`,
      difficulty: "0x0",
      totalDifficulty: "0x0",
      gasLimit: "0x1c9c380",
      gasUsed: "0xa410",
      timestamp: "0x6b49d200",
      timestampMs: `0x${(1_800_000_000_500).toString(16)}`,
      extraData: "0x0100000000000100000000000101f4",
      mixHash: word("be"),
      nonce: "0x0000000000000000",
      baseFeePerGas: "0x3b9aca00",
      withdrawalsRoot: EMPTY_ROOT,
      withdrawals: [],
      blobGasUsed: "0x0",
      excessBlobGas: "0x0",
      parentBeaconBlockRoot: word("50"),
      requestsHash: block.header.requestsHash,
      size: `0x${encodeEthereumBlock(block).length.toString(16)}`,
      uncles: [],
      transactions: [legacy.hash, unprotected.hash],
    });
  });

  it.each<[unknown, number]>([
    ["latest", 4],
    ["safe", 4],
    ["finalized", 4],
    ["earliest", 0],
    ["anchored", 2],
    ["0x3", 3],
    ["0x03", 3],
    [3, 3],
    [{ blockNumber: "0x1" }, 1],
    [{ blockNumber: "earliest" }, 0],
    [{ blockHash: backend.records[2]!.block.hash, requireCanonical: true }, 2],
  ])("are found by %j", async (tag, number) => {
    expect(await call("eth_getBlockByNumber", tag, false)).toMatchObject({ hash: hashOf(number) });
  });

  it.each([[undefined], [null], [{}], ["0x"], ["newest"], [-1], [1.5], [true], [[]], ["0x1ffffffffffffff"]])(
    "are not found by %j",
    async (tag) => {
      await expect(call("eth_getBlockByNumber", tag, false)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining("block"),
      });
    },
  );

  it("are null when they are not there", async () => {
    expect(await call("eth_getBlockByNumber", "0x5", false)).toBeNull();
    expect(await call("eth_getBlockByHash", word("9"), false)).toBeNull();
    expect(await call("eth_getBlockReceipts", "0x5")).toBeNull();
    expect(await call("eth_getBlockReceipts", word("9"))).toBeNull();
    expect(await call("eth_getUncleCountByBlockNumber", "0x5")).toBeNull();
    expect(await call("eth_getTransactionByBlockNumberAndIndex", "0x5", "0x0")).toBeNull();
    expect(await call("eth_getTransactionByBlockNumberAndIndex", "0x1", "0x2")).toBeNull();
  });

  it("count their transactions and have no uncles", async () => {
    expect(await call("eth_getBlockTransactionCountByNumber", "0x3")).toBe("0x3");
    expect(await call("eth_getBlockTransactionCountByHash", hashOf(4))).toBe("0x0");
    expect(await call("eth_getUncleCountByBlockHash", hashOf(4))).toBe("0x0");
    expect(await call("eth_getUncleByBlockNumberAndIndex", "0x1", "0x0")).toBeNull();
  });

  it("that are pending follow the head and have no hash yet", async () => {
    expect(await call("eth_getBlockByNumber", "pending", true)).toMatchObject({
      number: "0x5",
      hash: null,
      nonce: null,
      miner: ZERO_ADDRESS,
      parentHash: hashOf(4),
      logsBloom: `0x${"00".repeat(256)}`,
      transactions: [],
    });
  });

  it("that are pending have what waits without a gap, and the time of now", async () => {
    const { backend, call } = createMethods();
    const pooled = (nonce: bigint, changes: object = {}) =>
      ({ ...feeMarket, hash: word(`f${nonce}`), sender: ALICE, nonce, gasLimit: 21_000n, ...changes }) as never;
    // The account's nonce is 5.
    backend.pooled = [pooled(6n), pooled(5n), pooled(8n), pooled(4n)];
    const hashes = [word("f5"), word("f6")];
    const head = backend.records[4]!.block.header;
    expect(await call("eth_getBlockByNumber", "pending", false)).toMatchObject({
      timestamp: `0x${(head.timestamp + 1).toString(16)}`,
      transactions: hashes,
    });
    const full = (await call("eth_getBlockByNumber", "pending", true)) as { transactions: object[] };
    expect(full.transactions).toMatchObject([
      { hash: hashes[0], blockHash: null, blockNumber: "0x5", transactionIndex: "0x0" },
      { hash: hashes[1], blockHash: null, blockNumber: "0x5", transactionIndex: "0x1" },
    ]);
    expect(await call("eth_getBlockTransactionCountByNumber", "pending")).toBe("0x2");
    expect(await call("eth_getTransactionByBlockNumberAndIndex", "pending", "0x1")).toEqual(full.transactions[1]);
    expect(await call("eth_getTransactionByBlockNumberAndIndex", "pending", "0x2")).toBeNull();
    await expect(call("eth_getTransactionByBlockNumberAndIndex", "pending", "x")).rejects.toMatchObject({
      code: -32602,
    });
    expect(await call("eth_getHeaderByNumber", "pending")).toMatchObject({ number: "0x5", hash: null, nonce: null });
    expect(await call("eth_getBlockReceipts", "pending")).toBeNull();

    backend.pooled = [pooled(5n, { maxFeePerGasWei: 1n }), pooled(6n), pooled(7n, { gasLimit: 2n ** 40n })];
    expect(await call("eth_getBlockByNumber", "pending", false)).toMatchObject({ transactions: [] });
    backend.pooled = [pooled(5n, { gasLimit: head.gasLimit }), pooled(6n)];
    expect(await call("eth_getBlockByNumber", "pending", false)).toMatchObject({ transactions: [hashes[0]] });
  });

  it("carry whole transactions when asked to, and insist on a boolean", async () => {
    const block = (await call("eth_getBlockByHash", hashOf(2), true)) as { transactions: object[] };
    expect(block.transactions[1]).toEqual(await call("eth_getTransactionByHash", feeMarket.hash));
    expect(block.transactions[1]).toEqual(await call("eth_getTransactionByBlockHashAndIndex", hashOf(2), "0x1"));
    await expect(call("eth_getBlockByHash", hashOf(2), "yes")).rejects.toMatchObject({ code: -32602 });
  });
});

describe("transactions", () => {
  it("of the legacy kind have a v of EIP-155, or of before it", async () => {
    const first: object = (await call("eth_getTransactionByHash", legacy.hash)) as object;
    expect(first).toMatchObject({
      type: "0x0",
      chainId: "0x539",
      v: `0x${(1337 * 2 + 35 + legacy.signature.yParity).toString(16)}`,
    });
    const second = (await call("eth_getTransactionByHash", unprotected.hash)) as object;
    expect(second).toMatchObject({
      v: `0x${(27 + unprotected.signature.yParity).toString(16)}`,
      transactionIndex: "0x1",
    });
    expect(second).not.toHaveProperty("chainId");
    for (const name of ["yParity", "accessList", "maxFeePerGas"]) expect(first).not.toHaveProperty(name);
  });

  it("of type 2 have both fee limits, and the price they paid once mined", async () => {
    expect(await call("eth_getTransactionByHash", feeMarket.hash)).toEqual({
      type: "0x2",
      hash: feeMarket.hash,
      from: ALICE,
      to: TOKEN,
      nonce: "0x2",
      gas: "0x15f90",
      gasPrice: "0x77359400",
      maxFeePerGas: "0xb2d05e00",
      maxPriorityFeePerGas: "0x3b9aca00",
      value: "0x5",
      input: "0xa90509cb",
      chainId: "0x539",
      accessList: [],
      v: `0x${feeMarket.signature.yParity}`,
      yParity: `0x${feeMarket.signature.yParity}`,
      r: `0x${feeMarket.signature.r.toString(16)}`,
      s: `0x${feeMarket.signature.s.toString(16)}`,
      blockHash: hashOf(2),
      blockNumber: "0x2",
      blockTimestamp: "0x6b49d201",
      transactionIndex: "0x1",
    });
  });

  it("show their access list and their authorizations", async () => {
    expect(await call("eth_getTransactionByHash", accessList.hash)).toMatchObject({
      type: "0x1",
      accessList: [{ address: TOKEN, storageKeys: [word("1"), word("2")] }],
    });
    expect(await call("eth_getTransactionByHash", setCode.hash)).toMatchObject({
      type: "0x4",
      authorizationList: [{ chainId: "0x539", address: TOKEN, nonce: "0x9" }],
    });
    expect(await call("eth_getTransactionByHash", creation.hash)).toMatchObject({ to: null });
  });

  it("that are sponsored show the sender's signature and the payer's", async () => {
    const { signature, payerSignature } = sponsored;
    expect(await call("eth_getTransactionByHash", sponsored.hash)).toMatchObject({
      type: "0x54",
      from: BOB,
      to: CAROL,
      r: `0x${signature.r.toString(16)}`,
      fee: "0x4d",
      payer: CAROL,
      validUntil: `0x${(1_900_000_000).toString(16)}`,
      payerSignature: { r: `0x${payerSignature?.r.toString(16)}`, yParity: `0x${payerSignature?.yParity}` },
    });
    const receipt = await call("eth_getTransactionReceipt", sponsored.hash);
    expect(receipt).toMatchObject({ type: "0x54", payer: CAROL, from: BOB });
  });

  it("that wait have no block yet and show the most they pay", async () => {
    const waiting = createMethods();
    waiting.backend.records.length = 1;
    waiting.backend.pooled = [feeMarket];
    expect(await waiting.call("eth_getTransactionByHash", feeMarket.hash)).toMatchObject({
      blockHash: null,
      blockNumber: null,
      transactionIndex: null,
      gasPrice: "0xb2d05e00",
    });
    expect(await waiting.call("eth_getTransactionReceipt", feeMarket.hash)).toBeNull();
    expect(await waiting.call("eth_getTransactionByHash", word("9"))).toBeNull();
  });

  it.each([[undefined], ["0x12"], [`${word("1")}00`], [5], [`0x${"g".repeat(64)}`]])(
    "are not asked for by %j",
    async (hash) => {
      await expect(call("eth_getTransactionByHash", hash)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining("transactionHash"),
      });
    },
  );
});

describe("receipts", () => {
  it("number their logs through the block and sum up the gas", async () => {
    const receipt = (await call("eth_getTransactionReceipt", feeMarket.hash)) as { logs: { logIndex: string }[] };
    expect(receipt).toMatchObject({
      type: "0x2",
      status: "0x1",
      transactionIndex: "0x1",
      gasUsed: "0xc350",
      cumulativeGasUsed: "0x13880",
      effectiveGasPrice: "0x77359400",
      contractAddress: null,
      to: TOKEN,
    });
    expect(receipt.logs.map(({ logIndex }) => logIndex)).toEqual(["0x1", "0x2"]);
    expect(receipt).not.toHaveProperty("payer");
  });

  it("tell failure and creation", async () => {
    expect(await call("eth_getTransactionReceipt", unprotected.hash)).toMatchObject({ status: "0x0" });
    expect(await call("eth_getTransactionReceipt", creation.hash)).toMatchObject({ to: null, contractAddress: TOKEN });
  });

  it("come for a whole block by number, tag, hash or reference", async () => {
    const receipts = (await call("eth_getBlockReceipts", "0x2")) as object[];
    expect(receipts).toHaveLength(2);
    expect(await call("eth_getBlockReceipts", hashOf(2))).toEqual(receipts);
    expect(await call("eth_getBlockReceipts", { blockHash: hashOf(2) })).toEqual(receipts);
    expect(await call("eth_getBlockReceipts", "anchored")).toEqual(receipts);
  });
});
