// What is on its way: fruits that no block has packed, and the election of the committee that comes next.
import type { Address } from "@festina/primitives";
import type { Fruit } from "@festina/types";

export interface ElectionProgress {
  /** Of the committee to come. */
  readonly epoch: number;
  readonly phase: "collecting" | "frozen" | "seeded";
  /** Snail blocks whose fruits count, both ends included. */
  readonly window: { readonly first: number; readonly last: number };
  /** The snail block that the newest fast block points to. */
  readonly snailNumber: number;
  /** The fast block that points to this snail block freezes the candidates. */
  readonly frozenFrom: number;
  /** The fast block that froze them; `null` before. */
  readonly frozenHeight: number | null;
  /** Unix milliseconds before which no block ends the epoch; `null` before the freeze. */
  readonly handoverAfterMs: number | null;
  /** Of the window so far, by the validator that fruits name, most weight first. */
  readonly weights: readonly { readonly address: Address; readonly fruits: number; readonly weight: bigint }[];
}

export interface LiveReader {
  /** Those that a next block would pack first come first. */
  waitingFruits(max: number): readonly Fruit[];
  /** `null` where nothing is elected. */
  election(): ElectionProgress | null;
}
