import { keccak256 } from "@festina/crypto";
import { bigintToBytes, concatBytes, hexToBytes } from "@festina/primitives";
import type { PowEngine } from "./powEngine.ts";

/** keccak256(sealHash || nonce, 8 bytes big-endian): cheap to check, for devnets and tests. */
export const keccakPowEngine: PowEngine = {
  name: "keccak",
  compute: (sealHash, nonce) => keccak256(concatBytes(hexToBytes(sealHash), bigintToBytes(nonce, 8))),
};
