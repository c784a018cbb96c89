import type { Preset } from "@festina/chainspec";

/** Snail blocks, both ends included. */
export interface ElectionWindow {
  readonly first: number;
  readonly last: number;
}

/** The window whose fruits elect the committee of `epoch` (from 1; epoch 0 sits by the chain spec). */
export function windowOf(epoch: number, preset: Preset): ElectionWindow {
  const size = preset.electionWindowBlocks;
  return { first: (epoch - 1) * size + 1, last: epoch * size };
}
