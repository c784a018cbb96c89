// Transactions that were sent through a light node and still wait, on its disk: from one start to the next they are not lost.
import { encodeRlp, type Hash32, hexToBytes, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { type KeyValueStore, prefixEnd, TABLE, tableKey } from "@festina/storage";

export interface SentRecord {
  /** Blocks above this may have it. */
  readonly above: number;
  readonly sentAtMs: number;
  /** How often it was sent after the first time. */
  readonly sentAgain: number;
  readonly encoded: Uint8Array;
}

const keyOf = (hash: Hash32): Uint8Array => tableKey(TABLE.sentTransaction, hexToBytes(hash));

function encode({ above, sentAtMs, sentAgain, encoded }: SentRecord): Uint8Array {
  return encodeRlp([rlpInteger(above), rlpInteger(sentAtMs), rlpInteger(sentAgain), encoded]);
}

export function decodeSentRecord(bytes: Uint8Array): Result<SentRecord> {
  return readRlp(bytes, "sentTransaction", (reader) => ({
    above: reader.number("above"),
    sentAtMs: reader.number("sentAtMs"),
    sentAgain: reader.number("sentAgain"),
    encoded: reader.bytes("encoded"),
  }));
}

export class SentStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  save(hash: Hash32, record: SentRecord): Promise<void> {
    return this.#store.write([{ type: "put", key: keyOf(hash), value: encode(record) }], { sync: true });
  }

  forget(hash: Hash32): Promise<void> {
    return this.remove([keyOf(hash)]);
  }

  async remove(keys: readonly Uint8Array[]): Promise<void> {
    if (keys.length > 0) await this.#store.write(keys.map((key) => ({ type: "del", key })));
  }

  /** At most `max`, with their keys, as they lie there: nothing of them is believed yet. */
  all(max: number): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    const prefix = tableKey(TABLE.sentTransaction);
    return this.#store.entries({ from: prefix, to: prefixEnd(prefix), max });
  }
}
