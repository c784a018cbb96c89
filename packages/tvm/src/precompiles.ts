import { type Address, bigintToBytes, toAddress } from "@festina/primitives";

/** Precompiled contracts at Osaka: 0x01 to 0x11 and 0x0100 (P-256). They are warm in every transaction (EIP-2929). */
export const PRECOMPILE_ADDRESSES: readonly Address[] = [...Array.from({ length: 0x11 }, (_, i) => i + 1), 0x100].map(
  (number) => toAddress(bigintToBytes(BigInt(number), 20)),
);
