import { eachTruehashOne, TRUEHASH_ROWS, TRUEHASH_TABLES, type TruehashTable } from "@festina/snailchain";

/** A data set as the kernel reads it: which distances between column and row occur, and in which rows. */
export interface TruehashBands {
  readonly distances: Int32Array;
  /** By table, group of 512 rows, and distance: 64 bytes, bit k of byte b is row 8 b + k of the group. */
  readonly masks: Uint8Array;
}

const GROUP_ROWS = 512;
const GROUP_BYTES = GROUP_ROWS / 8;
const GROUPS = TRUEHASH_ROWS / GROUP_ROWS;

export function createTruehashBands(table: TruehashTable): TruehashBands {
  const found = new Set<number>();
  eachTruehashOne(table, (_, row, column) => found.add(column - row));
  const distances = Int32Array.from(found).sort();
  const bandOf = new Uint16Array(2 * TRUEHASH_ROWS);
  distances.forEach((distance, band) => {
    bandOf[distance + TRUEHASH_ROWS] = band;
  });
  const masks = new Uint8Array(TRUEHASH_TABLES * GROUPS * distances.length * GROUP_BYTES);
  eachTruehashOne(table, (matrix, row, column) => {
    const group = matrix * GROUPS + Math.floor(row / GROUP_ROWS);
    const within = row % GROUP_ROWS;
    const at = (group * distances.length + (bandOf[column - row + TRUEHASH_ROWS] ?? 0)) * GROUP_BYTES + (within >> 3);
    masks[at] = (masks[at] ?? 0) | (1 << (within & 7));
  });
  return { distances, masks };
}
