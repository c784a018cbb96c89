// Who calls whom in which block, for tests that run code without a transaction around it.
import { keccakHash } from "@festina/crypto";
import type { Address, Hash32 } from "@festina/primitives";
import type { BlockContext } from "../src/blockContext.ts";

export const addressOf = (byte: number): Address => `0x${byte.toString(16).padStart(2, "0").repeat(20)}` as Address;
export const CALLER = addressOf(0xca);
export const CONTRACT = addressOf(0xc0);

export const BLOCK: BlockContext = {
  number: 300,
  timestamp: 1_000,
  gasLimit: 30_000_000n,
  baseFeePerGasWei: 10n,
  coinbase: addressOf(0x33),
  prevRandao: `0x${"ab".repeat(32)}` as Hash32,
  chainId: 1337n,
  getBlockHash: (number) => keccakHash(Uint8Array.of(number & 0xff)),
};
