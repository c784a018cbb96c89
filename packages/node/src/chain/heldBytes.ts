// About how much memory something takes that is kept for a while. It is what makes the difference between large and small that
// counts, so that what anybody may make large is bounded by bytes, not by number.
import type { ExecutedTransaction } from "@festina/fastchain";
import type { FastBlock, Transaction } from "@festina/types";

/** Objects, numbers and hashes as text, of what is as small as can be. */
const TRANSACTION_BYTES = 1_500;
const LOG_BYTES = 500;
const BLOCK_BYTES = 4_000;

/** As it was sent, and its data once more. */
export function bytesOfTransaction({ encoded, data }: Transaction): number {
  return TRANSACTION_BYTES + encoded.length + data.length;
}

/** With its encoding, which is held as long as it is. */
export function bytesOfBlock(block: FastBlock, executed: readonly ExecutedTransaction[]): number {
  let bytes = BLOCK_BYTES;
  for (const transaction of block.transactions) bytes += bytesOfTransaction(transaction) + transaction.encoded.length;
  for (const { receipt } of executed) for (const { data } of receipt.logs) bytes += LOG_BYTES + data.length;
  return bytes;
}
