// The fast chain second by second, by its own rules: whether its blocks may hold transactions, how far its pointer may go,
// and where its elections stand.
import type { ChainSpec } from "@festina/chainspec";
import { advanceElection, type ElectionTracker, isBoundaryBlock, startElection } from "@festina/election";
import { isUnanchored, type PointerState, pointerNumberMax } from "@festina/fastchain";
import { type Hash32, ZERO_HASH } from "@festina/primitives";

export class FastChainWatch {
  readonly #spec: ChainSpec;
  #election: ElectionTracker = startElection(1, 0);
  #pointer: PointerState;
  /** Blocks that had to be empty. */
  emptyBlocks = 0;
  blocks = 0;
  handovers = 0;
  /** Times of the first and the last block that had to be empty, since `begin`. */
  firstEmptyMs: number | null = null;
  lastEmptyMs: number | null = null;
  /** Farthest that a block with transactions was from the newest anchor it knew. */
  unanchoredMsMax = 0;

  constructor(spec: ChainSpec, genesis: Hash32) {
    this.#spec = spec;
    this.#pointer = { number: 0, hash: genesis, anchorTimeMs: spec.genesisTimeSeconds * 1_000 };
  }

  /** Whether the next block would have to be empty. */
  isUnanchored(timeMs: number): boolean {
    return isUnanchored({ pointer: this.#pointer }, timeMs, this.#spec.preset);
  }

  pointerMax(): number {
    return pointerNumberMax({ election: this.#election }, this.#spec.preset);
  }

  onPointer(pointer: PointerState): void {
    this.#pointer = pointer;
  }

  /** After this block, whose pointer is the newest that was told. */
  onBlock(number: number, timeMs: number, wasUnanchored: boolean): void {
    const { preset } = this.#spec;
    this.blocks += 1;
    if (wasUnanchored) {
      this.emptyBlocks += 1;
      this.firstEmptyMs ??= timeMs;
      this.lastEmptyMs = timeMs;
    } else {
      this.unanchoredMsMax = Math.max(this.unanchoredMsMax, timeMs - this.#pointer.anchorTimeMs);
    }
    const isLast = isBoundaryBlock(this.#election, { number, timeMs }, preset);
    const { epoch } = this.#election;
    if (isLast) {
      this.handovers += 1;
      this.#election = startElection(epoch + 1, number);
      return;
    }
    const block = { number, timeMs, pointerNumber: this.#pointer.number, beacon: ZERO_HASH };
    this.#election = advanceElection(this.#election, block, preset);
  }
}
