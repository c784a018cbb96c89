// Final blocks with their outcomes, taken from others instead of executed: everything in them is checked against the header
// or computed anew.
import type { ExecutedTransaction } from "@festina/fastchain";
import { decodeExecuted } from "@festina/fastchain";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import { computeContractAddress, effectiveGasPriceWei } from "@festina/tvm";
import {
  computeListRoot,
  decodeFastBlock,
  encodeReceipt,
  type FastBlock,
  hashHybridRequests,
  type RecoveredTransaction,
  type Transaction,
} from "@festina/types";
import type { FinishedBlock } from "../statePayloads.ts";

export interface CheckedBlock {
  readonly block: FastBlock;
  readonly executed: readonly ExecutedTransaction[];
}

type Recover = (transaction: Transaction) => Result<RecoveredTransaction>;

/** Whether this is the final block with this hash and what executing it came to. */
export function checkFinishedBlock(
  { envelope, outcomes }: FinishedBlock,
  hash: Hash32,
  recover: Recover,
): Result<CheckedBlock> {
  const decoded = decodeFastBlock(envelope);
  if (!decoded.ok) return decoded;
  const block = decoded.value;
  const { header } = block;
  if (block.hash !== hash) return fail("FINISHED_HASH", `block ${header.number} is another one`);
  if (computeListRoot(block.transactions.map(({ encoded }) => encoded)) !== header.transactionsRoot)
    return fail("FINISHED_TRANSACTIONS", "the transactions are not those of the header");
  if (hashHybridRequests(block.requests) !== header.requestsHash)
    return fail("FINISHED_REQUESTS", "the requests are not those of the header");
  const listed = decodeExecuted(outcomes);
  if (!listed.ok) return listed;
  const receipts = listed.value.map(({ receipt }) => encodeReceipt(receipt));
  if (listed.value.length !== block.transactions.length || computeListRoot(receipts) !== header.receiptsRoot)
    return fail("FINISHED_RECEIPTS", "the receipts are not those of the header");
  const executed = computeOutcomes(block, listed.value, recover);
  return executed.ok ? ok({ block, executed: executed.value }) : executed;
}

/** What no root covers follows from the transactions and the receipts. */
function computeOutcomes(
  { header, transactions }: FastBlock,
  listed: readonly ExecutedTransaction[],
  recover: Recover,
): Result<readonly ExecutedTransaction[]> {
  const executed: ExecutedTransaction[] = [];
  let gasBefore = 0n;
  for (const [index, transaction] of transactions.entries()) {
    const receipt = listed[index]?.receipt;
    const recovered = recover(transaction);
    if (receipt === undefined || !recovered.ok)
      return fail("FINISHED_TRANSACTIONS", `transaction ${index} has no sender`);
    const { sender } = recovered.value;
    executed.push({
      sender,
      receipt,
      gasUsed: receipt.cumulativeGasUsed - gasBefore,
      effectiveGasPriceWei: effectiveGasPriceWei(transaction, header.baseFeePerGasWei),
      createdAddress: transaction.to === null ? computeContractAddress(sender, transaction.nonce) : null,
    });
    gasBefore = receipt.cumulativeGasUsed;
  }
  return ok(executed);
}
