import type { Hash32 } from "@festina/primitives";
import { type BftState, isExecuted } from "./bftState.ts";
import type { PeerName } from "./input.ts";

/** Sees to it that a certified block and its ancestors get here and are executed. */
export function requireBlock(state: BftState, hash: Hash32, from: PeerName): void {
  const block = state.blocks.get(hash);
  if (block === undefined) {
    state.effects.push({ kind: "requestBlock", blockHash: hash, from });
    return;
  }
  if (block.executed !== "no") return;
  if (isExecuted(state, block.parentHash)) {
    block.executed = "asked";
    state.effects.push({ kind: "executeBlock", blockHash: hash });
  } else {
    requireBlock(state, block.parentHash, from);
  }
}
