// Where in the address book a record lies. A keyed hash decides, so that nobody outside knows which addresses meet in one
// place; and netgroups bound how many places one party can reach (after the address manager of Bitcoin).
import { keccak256 } from "@festina/crypto";
import { asciiToBytes, concatBytes } from "@festina/primitives";

export type BookTable = "new" | "tried";

interface TableShape {
  readonly buckets: number;
  /** How many of them one party reaches: who told of the address (new), where it lies (tried). */
  readonly bucketsPerGroup: number;
}

export const SLOTS_PER_BUCKET = 16;
export const TABLES: Readonly<Record<BookTable, TableShape>> = {
  /** Addresses that we have been told of. */
  new: { buckets: 128, bucketsPerGroup: 16 },
  /** Addresses at which we have reached who we expected. */
  tried: { buckets: 64, bucketsPerGroup: 4 },
};

export interface Placed {
  readonly host: string;
  readonly port: number;
  readonly group: string;
  readonly sourceGroup: string;
}

/** @returns the place as one number: bucket times slots, plus slot */
export function placeOf(key: Uint8Array, table: BookTable, { host, port, group, sourceGroup }: Placed): number {
  const { buckets, bucketsPerGroup } = TABLES[table];
  const draw = (...parts: readonly string[]): number => {
    const digest = keccak256(concatBytes(key, asciiToBytes([table, ...parts].join("|"))));
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
  };
  const party = table === "new" ? sourceGroup : group;
  // Of a party's few buckets: by netgroup in the one table, by address in the other.
  const among = table === "new" ? group : `${host} ${port}`;
  const ofParty = draw("of party", party, among) % bucketsPerGroup;
  const bucket = draw("bucket", party, `${ofParty}`) % buckets;
  return bucket * SLOTS_PER_BUCKET + (draw("slot", `${bucket}`, `${host} ${port}`) % SLOTS_PER_BUCKET);
}
