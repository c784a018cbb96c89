// Blocks with one thing changed and every other commitment made again, so that only one rule is broken.
import {
  computeListRoot,
  encodeExtraData,
  type FastBlock,
  type FastHeader,
  hashFastHeader,
  hashHybridRequests,
} from "@festina/types";

export function changeHeader(block: FastBlock, changes: Partial<FastHeader>): FastBlock {
  const header = { ...block.header, ...changes };
  return { ...block, header, hash: hashFastHeader(header) };
}

export function changeRequests(block: FastBlock, changes: Partial<FastBlock["requests"]>): FastBlock {
  const requests = { ...block.requests, ...changes };
  return changeHeader({ ...block, requests }, { requestsHash: hashHybridRequests(requests) });
}

export function changeTransactions(block: FastBlock, transactions: FastBlock["transactions"]): FastBlock {
  const root = computeListRoot(transactions.map(({ encoded }) => encoded));
  return changeHeader({ ...block, transactions }, { transactionsRoot: root });
}

/** Of epoch 0 and view 2 unless said otherwise. */
export function extraData(changes: Partial<Parameters<typeof encodeExtraData>[0]>, block: FastBlock): Uint8Array {
  const bytes = block.header.extraData;
  const milliseconds = ((bytes[13] as number) << 8) | (bytes[14] as number);
  return encodeExtraData({ epoch: 0, view: bytes[12] as number, milliseconds, ...changes });
}
