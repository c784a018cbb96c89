import { hybridTimeMs } from "@festina/fastchain";
import type { CommittedFastBlock, FastView } from "@festina/snailchain";
import type { CommittedChain } from "../chain/committedChain.ts";

/** The committed fast chain as the snail chain reads it. */
export function createFastView(chain: CommittedChain): FastView {
  return {
    head: () => chain.head.header.number,
    committed: (number): CommittedFastBlock | undefined => {
      const state = chain.hybridState(number);
      if (state === undefined) return undefined;
      const pointer = chain.pinnedSnailBlock(state);
      return {
        hash: state.hash,
        timeMs: hybridTimeMs(state),
        pointerHash: pointer.hash,
        pointerNumber: pointer.number,
      };
    },
    verifyCommitted: (certificate) => chain.verifyCommitted(certificate),
    boundaryAtOrBelow: (number) => {
      // As the block left it: snail blocks that anchor it may be older than the restart that stands on it.
      const state = chain.recordedState(number);
      if (state === undefined || state.epochBaseNumber === 0) return undefined;
      return { number: state.epochBaseNumber, hash: state.epochBaseHash };
    },
    recoveryEpoch: (number, cycle) => chain.recoveryEpoch(number, cycle),
  };
}
