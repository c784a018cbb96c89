// Who stands in the line of the draw: the attacker's keys first, then the honest validators. Shares of all work.

export interface KeyLayout {
  readonly name: string;
  readonly attackerShare: number;
  readonly attackerKeys: number;
  /** Add up to 1. */
  readonly shares: Float64Array;
}

export type HonestField = "uneven" | "fine";

const UNEVEN_VALIDATORS = 20;
const FINE_VALIDATORS = 200;

/** How the attacker divides its work: so many equal keys beside one that holds `bigPart` of it (0: none). */
export interface KeySplit {
  readonly name: string;
  readonly keys: number;
  readonly bigPart: number;
}

export const ONE_KEY: KeySplit = { name: "1", keys: 1, bigPart: 0 };

export const SPLITS: readonly KeySplit[] = [
  ONE_KEY,
  { name: "2", keys: 2, bigPart: 0 },
  { name: "3", keys: 3, bigPart: 0 },
  { name: "5", keys: 5, bigPart: 0 },
  { name: "10", keys: 10, bigPart: 0 },
  { name: "20", keys: 20, bigPart: 0 },
  { name: "40", keys: 40, bigPart: 0 },
  { name: "100", keys: 100, bigPart: 0 },
  { name: "1 half + 20", keys: 20, bigPart: 0.5 },
  { name: "1 half + 100", keys: 100, bigPart: 0.5 },
];

/** Twenty of which the greatest has twenty times the work of the least, or two hundred equal ones. */
function honestShares(field: HonestField): readonly number[] {
  if (field === "fine") return Array.from({ length: FINE_VALIDATORS }, () => 1 / FINE_VALIDATORS);
  const sizes = Array.from({ length: UNEVEN_VALIDATORS }, (_, rank) => 1 / (rank + 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}

function attackerParts({ keys, bigPart }: KeySplit): readonly number[] {
  const equal = Array.from({ length: keys }, () => (1 - bigPart) / keys);
  return bigPart > 0 ? [bigPart, ...equal] : equal;
}

export function layKeys(attackerShare: number, split: KeySplit, field: HonestField): KeyLayout {
  const parts = attackerParts(split);
  const honest = honestShares(field);
  return {
    name: split.name,
    attackerShare,
    attackerKeys: parts.length,
    shares: Float64Array.from([
      ...parts.map((part) => part * attackerShare),
      ...honest.map((part) => part * (1 - attackerShare)),
    ]),
  };
}
