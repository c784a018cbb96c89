// How long a branch of the snail chain has gone without a newer anchor: what recovery is decided by.
import { assert, type Hash32 } from "@festina/primitives";
import type { SnailHeader } from "@festina/types";
import type { Ancestry } from "../block/ancestry.ts";

/** The newest blocks of a branch, as far down as they carry one anchor. An immutable value: every branch has its own. */
export interface AnchorRun {
  readonly anchorNumber: number;
  readonly anchorHash: Hash32;
  /** The snail block that was the first with this anchor. */
  readonly firstNumber: number;
  readonly tipNumber: number;
  readonly tipHash: Hash32;
}

type RunHeader = Pick<SnailHeader, "number" | "parentHash" | "anchorNumber" | "anchorHash">;

/** The run after one more block on its tip; `null` begins with that block. */
export function advanceRun(run: AnchorRun | null, header: RunHeader, hash: Hash32): AnchorRun {
  const { number, anchorNumber, anchorHash } = header;
  const goesOn = run !== null && run.anchorNumber === anchorNumber;
  assert(!goesOn || run.tipHash === header.parentHash, "a run goes on with a child of its tip");
  return { anchorNumber, anchorHash, firstNumber: goesOn ? run.firstNumber : number, tipNumber: number, tipHash: hash };
}

/** The run that ends in `tipHash`. Reads down to where the anchor changes. */
export function traceRun(ancestry: Pick<Ancestry, "byHash">, tipHash: Hash32): AnchorRun {
  const tip = ancestry.byHash(tipHash);
  assert(tip !== undefined, "the tip of a run is a valid block");
  const { anchorNumber, anchorHash, number: tipNumber } = tip.block.header;
  let first = tip.block.header;
  while (first.number > 0) {
    const below = ancestry.byHash(first.parentHash)?.block.header;
    assert(below !== undefined, "valid blocks have valid ancestors down to genesis");
    if (below.anchorNumber !== anchorNumber) break;
    first = below;
  }
  return { anchorNumber, anchorHash, firstNumber: first.number, tipNumber, tipHash };
}
