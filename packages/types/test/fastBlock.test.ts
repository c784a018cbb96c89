import { createBlockFromRLP } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { bytesToHex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  computeListRoot,
  computeLogsBloom,
  decodeExtraData,
  decodeFastBlock,
  decodeReceipt,
  EMPTY_ROOT,
  encodeEthereumBlock,
  encodeExtraData,
  encodeFastBlock,
  encodeReceipt,
  type FastBlock,
  fastTimeMs,
  type HybridRequests,
  hashFastHeader,
  hashHybridRequests,
  NO_REQUESTS,
  signTransaction,
} from "../src/index.ts";
import { address, aFastHeader, aSnailHeader, aTransaction, CERTIFICATE, COMMITTEE, EVIDENCE, hash } from "./samples.ts";

const KEY = new Uint8Array(32).fill(7);
const REQUESTS: HybridRequests = {
  pointer: aSnailHeader(),
  certificate: CERTIFICATE,
  rewards: [
    { to: address("51"), amountWei: 7n },
    { to: address("52"), amountWei: 8n },
  ],
  evidence: [EVIDENCE],
  handover: COMMITTEE,
};

function aBlock(requests: HybridRequests): FastBlock {
  const transactions = [
    signTransaction(aTransaction({ type: 0, maxFeePerGasWei: 9n, maxPriorityFeePerGasWei: 9n, chainId: 1n }), KEY),
    signTransaction(aTransaction({ chainId: 1n }), KEY),
  ];
  const header = aFastHeader({
    transactionsRoot: computeListRoot(transactions.map((transaction) => transaction.encoded)),
    requestsHash: hashHybridRequests(requests),
    extraData: encodeExtraData({ epoch: 1, view: 2, milliseconds: 345 }),
  });
  return { header, hash: hashFastHeader(header), transactions, requests };
}

describe("fast block", () => {
  it("is an Ethereum block: same hash and transactions root by @ethereumjs/block", async () => {
    const block = aBlock(NO_REQUESTS);
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka });
    const oracle = createBlockFromRLP(encodeEthereumBlock(block), { common, skipConsensusFormatValidation: true });
    expect(bytesToHex(oracle.hash())).toBe(block.hash);
    expect(await oracle.transactionsTrieIsValid()).toBe(true);
    expect(oracle.transactions.map((transaction) => bytesToHex(transaction.hash()))).toEqual(
      block.transactions.map(({ hash: id }) => id),
    );
  });

  it("survives its envelope with every kind of request", () => {
    for (const requests of [NO_REQUESTS, REQUESTS, { ...NO_REQUESTS, handover: COMMITTEE }]) {
      const block = aBlock(requests);
      const decoded = decodeFastBlock(encodeFastBlock(block));
      expect(decoded.ok && decoded.value.hash).toBe(block.hash);
      expect(decoded.ok && decoded.value.requests).toEqual(requests);
    }
    expect(fastTimeMs(aBlock(NO_REQUESTS).header)).toBe(1_800_000_000_345);
  });

  it("commits to every part of its requests", () => {
    const variants: HybridRequests[] = [
      NO_REQUESTS,
      REQUESTS,
      { ...REQUESTS, pointer: aSnailHeader({ nonce: 1n }) },
      { ...REQUESTS, certificate: { ...CERTIFICATE, view: 10 } },
      { ...REQUESTS, rewards: [...REQUESTS.rewards].reverse() },
      { ...REQUESTS, evidence: [EVIDENCE, EVIDENCE] },
      { ...REQUESTS, handover: { ...COMMITTEE, epoch: 4 } },
    ];
    expect(new Set(variants.map(hashHybridRequests)).size).toBe(variants.length);
    // EIP-7685: no requests hash to SHA-256 of nothing.
    expect(hashHybridRequests(NO_REQUESTS)).toBe("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("holds at most 64 pieces of evidence", () => {
    const full = { ...NO_REQUESTS, evidence: Array.from({ length: 64 }, () => EVIDENCE) };
    expect(decodeFastBlock(encodeFastBlock(aBlock(full))).ok).toBe(true);
    const over = { ...full, evidence: [...full.evidence, EVIDENCE] };
    expect(decodeFastBlock(encodeFastBlock(aBlock(over))).ok).toBe(false);
  });

  it("never throws on garbage", () => {
    const good = encodeFastBlock(aBlock(REQUESTS));
    const mutated = fc.tuple(fc.nat(), fc.nat(255)).map(([at, value]) => {
      const bytes = good.slice();
      bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
        const decoded = decodeFastBlock(bytes);
        if (decoded.ok) expect(bytesToHex(encodeFastBlock(decoded.value))).toBe(bytesToHex(bytes));
        else expect(decoded.error.code).toBe("BLOCK_MALFORMED");
      }),
      { numRuns: 600 },
    );
  });
});

describe("extra data", () => {
  it("holds epoch, view and milliseconds, and nothing else decodes", () => {
    const extra = { epoch: 2 ** 47, view: 12, milliseconds: 999 };
    expect(decodeExtraData(encodeExtraData(extra))).toEqual({ ok: true, value: extra });
    expect(decodeExtraData(new Uint8Array(15)).ok).toBe(false);
    expect(decodeExtraData(encodeExtraData(extra).subarray(1)).ok).toBe(false);
    const late = encodeExtraData(extra);
    late[13] = 4;
    expect(decodeExtraData(late).ok).toBe(false);
  });
});

describe("receipts and lists", () => {
  const logs = [{ address: address("61"), topics: [hash("62")], data: Uint8Array.of(1) }];
  it("survive encoding for plain and typed receipts", () => {
    for (const type of [0, 2, 0x54] as const) {
      const receipt = { type, succeeded: true, cumulativeGasUsed: 21_000n, logs, logsBloom: computeLogsBloom(logs) };
      expect(decodeReceipt(encodeReceipt(receipt))).toEqual({ ok: true, value: receipt });
    }
    expect(decodeReceipt(Uint8Array.of(9, 0xc0)).ok).toBe(false);
    expect(computeListRoot([])).toBe(EMPTY_ROOT);
  });
});
