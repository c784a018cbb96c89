// One case of the twins campaign: four members, one of them twice with the same key, a partition for each of the first
// views, and who leads the first of them.
import { listPartitions, type Partition } from "./partitions.ts";

export const TWINS_MEMBERS = 4;
/** Process `TWINS_MEMBERS` is the second copy of this member. */
export const TWIN_MEMBER = 0;
export const TWINS_PROCESSES = TWINS_MEMBERS + 1;
/** Views that have a partition; in later ones everybody hears everybody. */
export const TWINS_VIEWS = 3;

const PARTITIONS = listPartitions(TWINS_PROCESSES);

export const TWINS_CASES = TWINS_MEMBERS * PARTITIONS.length ** TWINS_VIEWS;

export interface TwinsCase {
  readonly index: number;
  /** The epoch shifts who leads view 1. */
  readonly epoch: number;
  /** Of views 1 to `TWINS_VIEWS`. */
  readonly partitions: readonly Partition[];
}

/** Case `index` of `TWINS_CASES`; the partition of the last view changes fastest. */
export function twinsCase(index: number): TwinsCase {
  const partitions: Partition[] = [];
  let rest = index;
  for (let view = TWINS_VIEWS; view >= 1; view--) {
    partitions.unshift(PARTITIONS[rest % PARTITIONS.length] as Partition);
    rest = Math.floor(rest / PARTITIONS.length);
  }
  return { index, epoch: 1 + rest, partitions };
}
