// I16: machines whose final chains end in the same block have the same bytes in every table that follows from the chain.
import { equalBytes } from "@festina/primitives";
import { TABLE } from "@festina/storage";
import type { StoreImage } from "../wholeNode/simStore.ts";
import type { NodeWatch } from "./nodeWatch.ts";

/** What does not follow from the final chain: which votes a certificate counts, what waits, forks of the snail chain. */
const OWN_TABLES: ReadonlySet<number> = new Set([
  TABLE.meta,
  TABLE.certificate,
  TABLE.evidence,
  TABLE.snailBlock,
  TABLE.snailCanonical,
  TABLE.fruitLocation,
]);

export interface JudgedStore {
  readonly process: number;
  /** Height of its newest final block. */
  readonly head: number;
  readonly image: StoreImage;
}

const tableOf = (key: string): number => key.charCodeAt(0);

function firstDifference(image: StoreImage, other: StoreImage): number | null {
  for (const [key, value] of image) {
    if (OWN_TABLES.has(tableOf(key))) continue;
    const there = other.get(key);
    if (there === undefined || !equalBytes(there, value)) return tableOf(key);
  }
  return null;
}

/** How many stores were compared with another. */
export function judgeStores(stores: readonly JudgedStore[], watch: NodeWatch): number {
  const first = new Map<number, JudgedStore>();
  let compared = 0;
  for (const store of stores) {
    const other = first.get(store.head);
    if (other === undefined) {
      first.set(store.head, store);
      continue;
    }
    compared += 1;
    const table = firstDifference(store.image, other.image) ?? firstDifference(other.image, store.image);
    if (table !== null)
      watch.break("I16", `processes ${other.process} and ${store.process} differ at ${store.head}, in table ${table}`);
  }
  return compared;
}
