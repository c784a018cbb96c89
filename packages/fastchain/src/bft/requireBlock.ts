import type { Hash32 } from "@festina/primitives";
import { type BftState, isExecuted } from "./bftState.ts";
import type { PeerName } from "./input.ts";

/** Sees to it that a certified block and its ancestors get here and are executed: takes the next step towards that. */
export function requireBlock(state: BftState, hash: Hash32, from: PeerName): void {
  let at = hash;
  for (;;) {
    const block = state.blocks.get(at);
    if (block === undefined) {
      state.effects.push({ kind: "requestBlock", blockHash: at, from });
      return;
    }
    if (block.executed !== "no") return;
    if (isExecuted(state, block.parentHash)) {
      block.executed = "asked";
      state.effects.push({ kind: "executeBlock", blockHash: at });
      return;
    }
    at = block.parentHash;
  }
}
