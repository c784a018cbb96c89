import type { BlockRecord, RpcBackend } from "@festina/rpc";

/** Whoever hears of more of them begins anew rather than take back each. */
const REMOVED_MAX = 1_000;

/** The blocks above a height, the newest first: those that listeners may have to take back. */
export function newestFirst(chain: RpcBackend["chain"], above: number): readonly BlockRecord[] {
  const head = chain.head();
  const records: BlockRecord[] = [];
  for (let number = head; number > above && records.length < REMOVED_MAX; number--) {
    const record = chain.blockByNumber(number);
    if (record === undefined) break;
    records.push(record);
  }
  return records;
}
