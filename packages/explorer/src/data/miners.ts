// Who mines, by the newest snail blocks.
import type { SnailRow } from "./overview.ts";

export interface MinerRow {
  readonly address: string;
  readonly fruits: number;
  readonly blocks: number;
}

/** By payout address, most fruits first. */
export function countMiners(snail: readonly SnailRow[]): readonly MinerRow[] {
  const rows = new Map<string, MinerRow>();
  const add = (address: string, fruits: number, blocks: number): void => {
    const known = rows.get(address) ?? { address, fruits: 0, blocks: 0 };
    rows.set(address, { address, fruits: known.fruits + fruits, blocks: known.blocks + blocks });
  };
  for (const { number, payout, fruits } of snail) {
    if (number === 0) continue;
    add(payout, 0, 1);
    for (const fruit of fruits) add(fruit.payout, 1, 0);
  }
  return [...rows.values()].sort((a, b) => b.fruits - a.fruits || b.blocks - a.blocks);
}
