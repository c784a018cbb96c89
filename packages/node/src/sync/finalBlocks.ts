import type { Certificate } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import { type NumberRange, REPLY_BYTES_MAX } from "./payloads.ts";

/** Blocks in a row and the COMMITTED certificate of the last of them. */
export interface FinalBlocks {
  readonly blocks: readonly Uint8Array[];
  readonly certificate: Certificate;
}

/**
 * Final blocks from a height on, each as `pack` makes it of its envelope: up to the newest that has a certificate of its
 * own, within one epoch and one reply; the asker learns the next committee from a boundary block before it can judge the
 * next certificate. `null` when they are not here.
 */
export function finalBlocks(
  committed: CommittedChain,
  { from: first, count }: NumberRange,
  blocksMax: number,
  pack: (envelope: Uint8Array) => Uint8Array,
): FinalBlocks | null {
  // Everything below walks from one height to another: both must lie on our chain.
  if (first > committed.head.header.number) return null;
  const wanted = Math.min(first + Math.min(count, blocksMax) - 1, committed.head.header.number);
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (let number = first; number <= wanted; number++) {
    const envelope = committed.envelope(number);
    if (envelope === undefined) break;
    const block = pack(envelope);
    size += block.length;
    if (size > REPLY_BYTES_MAX && blocks.length > 0) break;
    blocks.push(block);
    if (committed.isBoundary(number) || committed.isRestartBase(number)) break;
  }
  const certified = committed.newestCertified(first + blocks.length - 1);
  const certificate = certified >= first ? committed.certificateAt(certified) : undefined;
  if (certificate === undefined) return longTail(committed, first, blocksMax, pack);
  return { blocks: blocks.slice(0, certified - first + 1), certificate };
}

/** The blocks asked for are final only through a later certificate: everything up to it. */
function longTail(
  committed: CommittedChain,
  first: number,
  blocksMax: number,
  pack: (envelope: Uint8Array) => Uint8Array,
): FinalBlocks | null {
  const final = committed.certificateFor(first);
  if (final === undefined || final.number - first + 1 > blocksMax) return null;
  const blocks: Uint8Array[] = [];
  for (let number = first; number <= final.number; number++) {
    const envelope = committed.envelope(number);
    if (envelope === undefined) return null;
    blocks.push(pack(envelope));
  }
  return { blocks, certificate: final.certificate };
}
