// Whether a block is valid depends on the block, its ancestors and the committed fast chain alone, never on who asks: so of
// twenty nodes a few judge a block by all the rules, and the rest take their word for it once they know as much.
import { type Hash32, LruMap } from "@festina/primitives";
import { FUTURE_SECONDS_MAX, type SnailContext, type Verdict, verifySnailBlock } from "@festina/snailchain";
import { hashSnailHeader, type SnailBlock } from "@festina/types";
import type { Dice } from "../../world/streams.ts";

/** Of a block that was found valid, by each node that it reaches afterwards: on average once more among twenty. */
const JUDGED_AGAIN = 0.05;
const VERDICTS_KEPT = 1_000;

export class SharedVerdicts {
  readonly #valid = new LruMap<Hash32, true>(VERDICTS_KEPT);
  readonly #dice: Dice;
  readonly #onContradiction: (what: string) => void;

  constructor(dice: Dice, onContradiction: (what: string) => void) {
    this.#dice = dice;
    this.#onContradiction = onContradiction;
  }

  readonly verify = (block: SnailBlock, context: SnailContext): Verdict => {
    const hash = hashSnailHeader(block.header);
    const isShared = this.#valid.get(hash) === true && knowsEnough(block, context);
    if (isShared && !this.#dice.chance(JUDGED_AGAIN)) return { kind: "valid" };
    const verdict = verifySnailBlock(block, context);
    if (verdict.kind === "valid") this.#valid.set(hash, true);
    else if (isShared)
      this.#onContradiction(`snail block ${block.header.number} is valid for one node and not for another`);
    return verdict;
  };
}

/** Nothing that the rules would wait for; a fruit's anchor is not above its packer's. */
function knowsEnough({ header }: SnailBlock, { ancestry, fastView, nowSeconds }: SnailContext): boolean {
  return (
    ancestry.byHash(header.parentHash) !== undefined &&
    header.anchorNumber <= fastView.head() &&
    header.timestamp - FUTURE_SECONDS_MAX <= nowSeconds
  );
}
