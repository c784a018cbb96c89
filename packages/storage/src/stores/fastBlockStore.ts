import { encodeRlp, type Hash32, hexToBytes, readRlp, rlpInteger } from "@festina/primitives";
import type { KeyValueStore } from "../keyValueStore.ts";
import { numberKey, TABLE, tableKey } from "../tables.ts";
import type { WriteBatch } from "../writeBatch.ts";

export interface StoredBody {
  readonly envelope: Uint8Array;
  readonly outcomes: Uint8Array;
  readonly transactionHashes: readonly Hash32[];
}

/** What is kept of a COMMITTED fast block; encodings are the caller's. */
export interface StoredFastBlock extends StoredBody {
  readonly number: number;
  readonly hash: Hash32;
  readonly hybridState: Uint8Array;
  readonly supply: Uint8Array;
}

export interface TransactionLocation {
  readonly number: number;
  readonly index: number;
}

const byNumber = (table: number, number: number): Uint8Array => tableKey(table, numberKey(number));
const byHash = (table: number, hash: Hash32): Uint8Array => tableKey(table, hexToBytes(hash));

/** Tables of the fast chain. Writers add to the block's one batch; readers see what was written before. */
export class FastBlockStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  save(batch: WriteBatch, block: StoredFastBlock): void {
    this.saveOutline(batch, block);
    this.saveSupply(batch, block.number, block.supply);
    this.saveBody(batch, block);
  }

  /** A block known by its outline. */
  saveOutline(
    batch: WriteBatch,
    { number, hash, hybridState }: Omit<StoredFastBlock, keyof StoredBody | "supply">,
  ): void {
    batch.put(byNumber(TABLE.hybridState, number), hybridState);
    batch.put(byHash(TABLE.fastNumber, hash), numberKey(number));
  }

  saveSupply(batch: WriteBatch, number: number, supply: Uint8Array): void {
    batch.put(byNumber(TABLE.supply, number), supply);
  }

  /** What makes an outline a whole block. */
  saveBody(
    batch: WriteBatch,
    { number, envelope, outcomes, transactionHashes }: StoredBody & Pick<StoredFastBlock, "number">,
  ): void {
    batch.put(byNumber(TABLE.fastBlock, number), envelope);
    batch.put(byNumber(TABLE.outcomes, number), outcomes);
    transactionHashes.forEach((hash, index) => {
      batch.put(byHash(TABLE.transactionLocation, hash), encodeRlp([rlpInteger(number), rlpInteger(index)]));
    });
  }

  saveCertificate(batch: WriteBatch, number: number, certificate: Uint8Array): void {
    batch.put(byNumber(TABLE.certificate, number), certificate);
  }

  saveEpoch(batch: WriteBatch, epoch: number, record: Uint8Array): void {
    batch.put(byNumber(TABLE.epoch, epoch), record);
  }

  envelope(number: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.fastBlock, number));
  }

  outcomes(number: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.outcomes, number));
  }

  hybridState(number: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.hybridState, number));
  }

  supply(number: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.supply, number));
  }

  certificate(number: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.certificate, number));
  }

  epoch(epoch: number): Uint8Array | undefined {
    return this.#store.get(byNumber(TABLE.epoch, epoch));
  }

  numberOf(hash: Hash32): number | undefined {
    const bytes = this.#store.get(byHash(TABLE.fastNumber, hash));
    return bytes === undefined ? undefined : readNumber(bytes);
  }

  locationOf(transactionHash: Hash32): TransactionLocation | undefined {
    const bytes = this.#store.get(byHash(TABLE.transactionLocation, transactionHash));
    if (bytes === undefined) return undefined;
    const decoded = readRlp(bytes, "location", (reader) => ({
      number: reader.number("number"),
      index: reader.number("index"),
    }));
    return decoded.ok ? decoded.value : undefined;
  }
}

/** The inverse of `numberKey`. */
export function readNumber(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}
