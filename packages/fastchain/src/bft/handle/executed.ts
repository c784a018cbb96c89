import type { Hash32 } from "@festina/primitives";
import type { BftState } from "../bftState.ts";
import type { BftInput } from "../input.ts";
import { tryPrepare } from "../prepare.ts";
import { certify, tryCommit } from "../progress.ts";
import { planProposal } from "../propose.ts";
import { requireBlock } from "../requireBlock.ts";
import { giveUpView } from "../signing.ts";

export function onBlockExecuted(state: BftState, input: Extract<BftInput, { kind: "blockExecuted" }>): void {
  const { blockHash, verdict, isBoundary } = input;
  const block = state.blocks.get(blockHash);
  if (block === undefined || block.executed !== "asked") return;
  if (verdict === "unavailable") {
    block.executed = "no";
    return;
  }
  block.executed = verdict;
  block.isBoundary = isBoundary;
  if (verdict === "valid") {
    resumeAfter(state, blockHash);
    return;
  }
  const current = state.views.get(state.view);
  if ([current?.proposal?.blockHash, current?.prepared?.blockHash].includes(blockHash)) giveUpView(state);
}

export function onBlockFetched(state: BftState, input: Extract<BftInput, { kind: "blockFetched" }>): void {
  const { blockHash, parentHash, height } = input;
  // Every peer that was asked may answer. What is missing below is asked for after the first answer: a question for each
  // would be answered by everyone again.
  if (height <= state.committed.height || state.blocks.has(blockHash)) return;
  state.blocks.set(blockHash, { hash: blockHash, parentHash, height, executed: "no", isBoundary: false });
  requireBlock(state, blockHash, "");
}

/** Everything that waited for this block to be executed goes on. */
export function resumeAfter(state: BftState, blockHash: Hash32): void {
  for (const child of [...state.blocks.values()]) {
    if (child.parentHash === blockHash && child.executed === "no") requireBlock(state, child.hash, "");
  }
  for (const view of [...state.views.keys()].sort((a, b) => a - b)) {
    const known = state.views.get(view);
    if (known?.prepared?.blockHash === blockHash) certify(state, view);
    if (known?.committed != null) tryCommit(state, known.committed);
  }
  tryPrepare(state, state.view);
  planProposal(state);
}
