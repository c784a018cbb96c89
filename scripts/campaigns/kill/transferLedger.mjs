// What the network has acknowledged, kept outside of it: a transaction counts from the moment its receipt was served.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Questions on the way to one node at once. */
const BATCH = 16;

export class TransferLedger {
  #file;
  entries = [];

  constructor(file) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) if (line !== "") this.entries.push(JSON.parse(line));
  }

  record(receipt) {
    const entry = { hash: receipt.transactionHash, blockNumber: receipt.blockNumber, blockHash: receipt.blockHash };
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.entries.push(entry);
  }

  /** Which of these entries the node no longer answers with the same block. */
  async findLost(ask, entries = this.entries) {
    const lost = [];
    for (let first = 0; first < entries.length; first += BATCH) {
      const asked = entries.slice(first, first + BATCH);
      const receipts = await Promise.all(asked.map(({ hash }) => ask("eth_getTransactionReceipt", hash)));
      for (const [index, entry] of asked.entries())
        if (receipts[index]?.blockHash !== entry.blockHash)
          lost.push({ ...entry, served: receipts[index]?.blockHash ?? null });
    }
    return lost;
  }
}
