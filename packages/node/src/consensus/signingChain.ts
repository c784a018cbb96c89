// The fast chain as the signing desk sees it.
import type { SigningContext } from "@festina/crypto";
import { type HybridState, hybridTimeMs } from "@festina/fastchain";
import { decodeFastBlock, encodeFastBlock } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";
import type { EpochBegin, SigningChain } from "./signingDesk.ts";

export function signingChain({ committed, pending, signing }: FastChain): SigningChain {
  // One object per epoch: what is signed in it is remembered by it.
  let context: SigningContext = { ...signing, epoch: 0 };
  return {
    finalHeight: () => committed.head.header.number,
    isFinal: (hash) => committed.numberOf(hash) !== undefined,
    openBlock: (hash) => {
      const block = pending.block(hash);
      if (block === undefined || committed.numberOf(hash) !== undefined) return undefined;
      return { height: block.header.number, envelope: encodeFastBlock(block) };
    },
    reopen: (envelope) => {
      const block = decodeFastBlock(envelope);
      if (block.ok) pending.addReceived(block.value);
    },
    contextOf: (epoch) => {
      if (context.epoch !== epoch) context = { ...signing, epoch };
      return context;
    },
  };
}

export function epochBegin({ committed }: FastChain, head: HybridState): EpochBegin {
  const base = committed.hybridState(head.epochBaseNumber);
  return { epoch: head.committee.epoch, beganAtMs: base === undefined ? null : hybridTimeMs(base) };
}
