// What a miner does with its power. The honest one does what our miner does; others change one thing or several.
import type { SnailBlock } from "@festina/types";

/** How a conduct acts on the network; given by the world. */
export interface ConductTools {
  /** Puts blocks on their way to everybody else, oldest first. */
  publish(blocks: readonly SnailBlock[]): void;
  /** Gives a block to the own chain. */
  accept(block: SnailBlock): void;
  /** Number of the own tip. */
  height(): number;
  /** Whether the own best chain contains it. */
  isOnChain(block: SnailBlock): boolean;
}

export interface MinerConduct {
  /** Milliseconds since the epoch that its blocks claim, before the rules push them. */
  clockMs(nowMs: number): number;
  /** The fast block to anchor: the newest it knows is `newest`, its parent's anchor `lowest`. */
  anchorNumber(newest: number, lowest: number): number;
  readonly showsFruits: boolean;
  readonly packsFruitsOfOthers: boolean;
  /** Its own chain has taken it. */
  onFound(block: SnailBlock, tools: ConductTools): void;
  onHeard(block: SnailBlock, tools: ConductTools): void;
  /** The fast chain points to this block now. */
  onPointer(number: number, tools: ConductTools): void;
}

export const HONEST: MinerConduct = {
  clockMs: (nowMs) => nowMs,
  anchorNumber: (newest) => newest,
  showsFruits: true,
  packsFruitsOfOthers: true,
  onFound: (block, tools) => tools.publish([block]),
  onHeard: (block, tools) => tools.accept(block),
  onPointer: () => undefined,
};
