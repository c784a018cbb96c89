import { keccak256 } from "@festina/crypto";
import { bigintToBytes, concatBytes, type Hash32, hexToBytes } from "@festina/primitives";
import type { PowEngine } from "./powEngine.ts";

/** keccak256(sealHash || nonce, 8 bytes big-endian): cheap to check, for devnets and tests. */
export const keccakPowEngine = {
  name: "keccak",
  compute: (sealHash: Hash32, nonce: bigint): Uint8Array =>
    keccak256(concatBytes(hexToBytes(sealHash), bigintToBytes(nonce, 8))),
} as const satisfies PowEngine;
