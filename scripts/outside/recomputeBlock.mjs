// A block's hash and roots, recomputed by @ethereumjs from what a node answers in JSON.
import { createBlockHeaderFromRPC } from "@ethereumjs/block";
import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { createMPT } from "@ethereumjs/mpt";
import { createTxFromRPC } from "@ethereumjs/tx";
import { concat, encodeRlp, getBytes, keccak256, toBeArray } from "ethers";

/** Festina's sponsored transaction, which Ethereum's libraries do not know: its bytes come from the node. */
const SPONSORED_TYPE = "0x54";
const BLOOM_BYTES = 256;
const BLOOM_BITS = 2_048;

export function commonOf(chainId) {
  return createCustomCommon({ chainId }, Mainnet, { hardfork: Hardfork.Osaka });
}

const integer = (quantity) => toBeArray(BigInt(quantity));

async function listRoot(items) {
  const trie = await createMPT({ useRootPersistence: false });
  for (const [index, item] of items.entries()) await trie.put(getBytes(encodeRlp(toBeArray(index))), getBytes(item));
  return toHex(trie.root());
}

function toHex(bytes) {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** Three bits for the address and each topic of each log (yellow paper, 4.3.1). */
function bloomOf(logs) {
  const bloom = new Uint8Array(BLOOM_BYTES);
  for (const entry of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = getBytes(keccak256(entry));
    for (const at of [0, 2, 4]) {
      const bit = ((hash[at] << 8) | hash[at + 1]) % BLOOM_BITS;
      bloom[BLOOM_BYTES - 1 - (bit >> 3)] |= 1 << (bit & 7);
    }
  }
  return toHex(bloom);
}

async function transactionBytes(ask, transaction, common) {
  if (transaction.type !== SPONSORED_TYPE)
    return toHex((await createTxFromRPC({ ...transaction }, { common })).serialize());
  const bytes = await ask("debug_getRawTransaction", transaction.hash);
  // The root alone would not tie the bytes to the hash that was served.
  return keccak256(bytes) === transaction.hash ? bytes : "0x";
}

function receiptBytes(receipt) {
  const logs = receipt.logs.map(({ address, topics, data }) => [address, topics, data]);
  const body = encodeRlp([integer(receipt.status), integer(receipt.cumulativeGasUsed), bloomOf(receipt.logs), logs]);
  return receipt.type === "0x0" ? body : concat([integer(receipt.type), body]);
}

/** Each recomputed value beside the served one, and what else must hold between a block and its receipts. */
export async function recomputeBlock(ask, number, common) {
  const block = await ask("eth_getBlockByNumber", number, true);
  const receipts = await ask("eth_getBlockReceipts", number);
  const header = createBlockHeaderFromRPC({ ...block }, { common });
  const transactions = [];
  for (const transaction of block.transactions) transactions.push(await transactionBytes(ask, transaction, common));
  const lastGas = receipts.at(-1)?.cumulativeGasUsed ?? "0x0";
  const pairs = [
    ["hash", toHex(header.hash()), block.hash],
    ["transactionsRoot", await listRoot(transactions), block.transactionsRoot],
    ["receiptsRoot", await listRoot(receipts.map(receiptBytes)), block.receiptsRoot],
    ["logsBloom", bloomOf(receipts.flatMap(({ logs }) => logs)), block.logsBloom],
    ["gasUsed", BigInt(lastGas), BigInt(block.gasUsed)],
    ["receipts", receipts.length, block.transactions.length],
  ];
  const differences = pairs.filter(([, recomputed, served]) => recomputed !== served);
  return { block, transactions: transactions.length, differences };
}
