import type { ChainSpec } from "@festina/chainspec";
import { collectWeights, windowOf } from "@festina/election";
import type { Address } from "@festina/primitives";
import type { ElectionProgress, LiveReader } from "@festina/rpc";
import type { Fruit } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { SnailService } from "../snail/snailService.ts";

/** Snail blocks of a window that are looked through for one answer. */
const BLOCKS_MAX = 256;

export function createLiveReader(spec: ChainSpec, committed: CommittedChain, snail: SnailService): LiveReader {
  const { chain, pool } = snail;
  const { preset } = spec;

  function fruitsOf(first: number, last: number): readonly Fruit[] {
    const fruits: Fruit[] = [];
    for (let number = Math.max(first, last - BLOCKS_MAX + 1); number <= last; number++) {
      const hash = chain.canonicalHash(number);
      if (hash !== undefined) fruits.push(...(chain.entryByHash(hash)?.block.fruits ?? []));
    }
    return fruits;
  }

  /** The same until the snail chain or the window moves. */
  let kept: { readonly key: string; readonly weights: ElectionProgress["weights"] } | null = null;

  function weightsOf(window: ElectionProgress["window"]): ElectionProgress["weights"] {
    const { number, hash } = chain.head();
    const key = `${window.first} ${hash}`;
    if (kept?.key === key) return kept.weights;
    const fruits = fruitsOf(window.first, Math.min(window.last, number));
    const counts = new Map<Address, number>();
    for (const { header } of fruits) counts.set(header.supports, (counts.get(header.supports) ?? 0) + 1);
    const weights = [...collectWeights(fruits)]
      .map(([address, weight]) => ({ address, weight, fruits: counts.get(address) ?? 0 }))
      .sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1));
    kept = { key, weights };
    return weights;
  }

  function election(): ElectionProgress | null {
    if (spec.development) return null;
    const { election: tracker, pointer } = committed.head;
    const window = windowOf(tracker.epoch, preset);
    const isFrozen = tracker.phase !== "collecting";
    return {
      epoch: tracker.epoch,
      phase: tracker.phase,
      window,
      snailNumber: pointer.number,
      frozenFrom: window.last + preset.confirmDepthBlocks,
      frozenHeight: isFrozen ? tracker.frozenHeight : null,
      handoverAfterMs: isFrozen ? tracker.frozenTimeMs + preset.handoverLookaheadMs : null,
      weights: weightsOf(window),
    };
  }

  return { waitingFruits: (max) => pool.pick(max, committed.head.header.number).map(({ fruit }) => fruit), election };
}
