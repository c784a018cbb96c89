import { keccak256 } from "@festina/crypto";
import { type Address, encodeRlp, hexToBytes, rlpInteger, toAddress } from "@festina/primitives";

/** Where a contract lands that `creator` makes while its nonce is `nonce` (before the creation raises it). */
export function computeContractAddress(creator: Address, nonce: bigint): Address {
  return toAddress(keccak256(encodeRlp([hexToBytes(creator), rlpInteger(nonce)])).slice(12));
}
