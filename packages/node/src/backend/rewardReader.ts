import type { ChainSpec } from "@festina/chainspec";
import { computeMinerRewards, minerRates } from "@festina/fastchain";
import { assert, LruMap } from "@festina/primitives";
import type { RewardReader } from "@festina/rpc";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { SnailService } from "../snail/snailService.ts";

/** Snail blocks whose paying block is remembered: final, so never wrong later. */
const PAYERS_MAX = 8_192;

/** Pay as the final fast chain lists it, and what is to come. */
export function createRewardReader(spec: ChainSpec, committed: CommittedChain, snail: SnailService): RewardReader {
  const payers = new LruMap<number, number>(PAYERS_MAX);

  function pointerAt(number: number): number {
    const state = committed.recordedState(number);
    assert(state !== undefined, `the state of final block ${number} is kept`);
    return state.pointer.number;
  }

  /** The first final block whose pointer has reached the snail block: pointers never go back and move one at a time. */
  function payerOf(snailNumber: number): number | null {
    const known = payers.get(snailNumber);
    if (known !== undefined) return known;
    const head = committed.head.header.number;
    if (snailNumber < 1 || committed.head.pointer.number < snailNumber) return null;
    let below = payers.get(snailNumber - 1) ?? 0;
    // Whoever asks for a range asks for the next one next, which lies close above.
    let step = 1;
    while (below + step < head && pointerAt(below + step) < snailNumber) {
      below += step;
      step *= 2;
    }
    let reached = Math.min(head, below + step);
    while (reached - below > 1) {
      const middle = Math.floor((below + reached) / 2);
      if (pointerAt(middle) < snailNumber) below = middle;
      else reached = middle;
    }
    payers.set(snailNumber, reached);
    return reached;
  }

  return {
    bySnailNumber: (snailNumber) => {
      const snailHash = snail.chain.canonicalHash(snailNumber);
      const snailBlock = snailHash === undefined ? undefined : snail.block(snailHash);
      if (snailHash === undefined || snailBlock === undefined) return undefined;
      const fastNumber = payerOf(snailNumber);
      const payments =
        fastNumber === null
          ? computeMinerRewards({ spec, snailBlock })
          : (committed.block(fastNumber)?.block.requests.rewards ?? []);
      return { snailNumber, snailHash, fastNumber, payments };
    },
    expected: () => {
      const { number, difficulty, fruitDifficulty } = snail.chain.miningContext();
      const { fruitsPerBlock } = spec.preset;
      return { snailNumber: number, difficulty, fruitDifficulty, fruitsPerBlock, ...minerRates(spec, number) };
    },
  };
}
