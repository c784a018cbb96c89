import { assert } from "@festina/primitives";

/** TrueHash's data set: 16 matrices of 2,048 x 2,048 bits. */
export const TRUEHASH_TABLES = 16;
export const TRUEHASH_ROWS = 2_048;
/** A row has at most this many ones. */
export const TRUEHASH_ENTRIES = 4;
/** Hashes that a data set is made from. */
export const TRUEHASH_SEEDS = 10_240;
/** The data set written out. */
export const TRUEHASH_DATA_SET_BYTES = (TRUEHASH_TABLES * TRUEHASH_ROWS * TRUEHASH_ROWS) / 8;

const ROWS_IN_ALL = TRUEHASH_TABLES * TRUEHASH_ROWS;
const TABLE_BYTES = ROWS_IN_ALL * TRUEHASH_ENTRIES * 2;
const NO_ENTRY = 0xfff;
const ROW_BYTES = TRUEHASH_ROWS / 8;

const SEED_BYTES = 32;
const OFFSET_BYTES = 4; // per seed
const SKIP_BYTES = 16;
const OFFSET_SEEDS = ROWS_IN_ALL / OFFSET_BYTES;

/** The ones of a data set: for each row of each table up to four different columns, the rest `NO_ENTRY`; never none. */
export type TruehashTable = Uint16Array;

/**
 * The table that 10,240 hashes of 32 bytes determine. The first 8,192 give an offset of -4 to 3 for four rows each, the
 * others a skip of 1 to 4 for sixteen rows each.
 */
export function deriveTruehashTable(seeds: Uint8Array): TruehashTable {
  assert(seeds.length === TRUEHASH_SEEDS * SEED_BYTES, "a data set is made from 10,240 hashes");
  const table = createTable();
  for (let row = 0; row < ROWS_IN_ALL; row++) {
    const offset = (byteOf(seeds, 0, OFFSET_BYTES, row) & 7) - 4;
    const skip = (byteOf(seeds, OFFSET_SEEDS, SKIP_BYTES, row) & 3) + 1;
    const first = (row % TRUEHASH_ROWS) + offset - 2 * skip;
    for (let entry = 0; entry < TRUEHASH_ENTRIES; entry++) addColumn(table, row, first + entry * skip);
    if (table[row * TRUEHASH_ENTRIES] === NO_ENTRY) addColumn(table, row, row % TRUEHASH_ROWS);
  }
  return table;
}

/** A table from its bytes: u16 little-endian, four per row, 0xfff for none; `null` unless it is one. */
export function decodeTruehashTable(bytes: Uint8Array): TruehashTable | null {
  if (bytes.length !== TABLE_BYTES) return null;
  const table = createTable();
  for (let row = 0; row < ROWS_IN_ALL; row++) {
    for (let entry = 0; entry < TRUEHASH_ENTRIES; entry++) {
      const at = (row * TRUEHASH_ENTRIES + entry) * 2;
      const column = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      if (column === NO_ENTRY) continue;
      if (column >= TRUEHASH_ROWS) return null;
      addColumn(table, row, column);
    }
    if (table[row * TRUEHASH_ENTRIES] === NO_ENTRY) addColumn(table, row, row % TRUEHASH_ROWS);
  }
  return table;
}

export function encodeTruehashTable(table: TruehashTable): Uint8Array {
  const bytes = new Uint8Array(TABLE_BYTES);
  table.forEach((column, index) => {
    bytes[index * 2] = column & 0xff;
    bytes[index * 2 + 1] = column >> 8;
  });
  return bytes;
}

/** Calls back for every one of the table. */
export function eachTruehashOne(
  table: TruehashTable,
  visit: (table: number, row: number, column: number) => void,
): void {
  table.forEach((column, index) => {
    const row = Math.floor(index / TRUEHASH_ENTRIES);
    if (column !== NO_ENTRY) visit(Math.floor(row / TRUEHASH_ROWS), row % TRUEHASH_ROWS, column);
  });
}

/** The 8 MiB written out: row after row, bit k of a row in byte k / 8 at k % 8. */
export function expandTruehashTable(table: TruehashTable): Uint8Array {
  const bytes = new Uint8Array(TRUEHASH_DATA_SET_BYTES);
  eachTruehashOne(table, (matrix, row, column) => {
    const at = (matrix * TRUEHASH_ROWS + row) * ROW_BYTES + (column >> 3);
    bytes[at] = (bytes[at] ?? 0) | (1 << (column & 7));
  });
  return bytes;
}

function createTable(): TruehashTable {
  return new Uint16Array(ROWS_IN_ALL * TRUEHASH_ENTRIES).fill(NO_ENTRY);
}

/** Bits are set, not counted: a column that comes twice is one. What lies outside is left out. */
function addColumn(table: TruehashTable, row: number, column: number): void {
  if (column < 0 || column >= TRUEHASH_ROWS) return;
  const from = row * TRUEHASH_ENTRIES;
  for (let at = from; at < from + TRUEHASH_ENTRIES; at++) {
    if (table[at] === column) return;
    if (table[at] === NO_ENTRY) {
      table[at] = column;
      return;
    }
  }
}

/** The byte for a row when each seed from `first` on serves `perSeed` rows. */
function byteOf(seeds: Uint8Array, first: number, perSeed: number, row: number): number {
  return seeds[(first + Math.floor(row / perSeed)) * SEED_BYTES + (row % perSeed)] ?? 0;
}
