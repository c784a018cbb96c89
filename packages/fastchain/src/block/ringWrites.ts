import { BEACON_ROOTS, HISTORY_STORAGE, SYSTEM_RING_WORDS } from "@festina/contracts";
import type { Hash32 } from "@festina/primitives";
import type { StateView } from "@festina/tvm";

/**
 * What the system calls of EIP-4788 and EIP-2935 store at the beginning of a block, written directly: the contracts'
 * code does exactly this and nothing else, and a call per block would cost more than the block.
 */
export function writeRings(
  view: StateView,
  number: number,
  timestamp: number,
  parentHash: Hash32,
  snailPointer: Hash32,
): void {
  const slot = BigInt(timestamp % SYSTEM_RING_WORDS);
  view.putStorage(BEACON_ROOTS, slot, BigInt(timestamp));
  view.putStorage(BEACON_ROOTS, slot + BigInt(SYSTEM_RING_WORDS), BigInt(snailPointer));
  view.putStorage(HISTORY_STORAGE, BigInt((number - 1) % SYSTEM_RING_WORDS), BigInt(parentHash));
}
