import { type Address, concatBytes, hexToBytes, toAddress } from "@festina/primitives";

/** Code of an account that lets its owner run another account's code: 0xef0100 || address (EIP-7702). */
const PREFIX = Uint8Array.of(0xef, 0x01, 0x00);
const DELEGATION_BYTES = 23;

export function encodeDelegation(target: Address): Uint8Array {
  return concatBytes(PREFIX, hexToBytes(target));
}

/** The account whose code runs instead, or `null` when the code is no delegation. */
export function delegationTarget(code: Uint8Array): Address | null {
  if (code.length !== DELEGATION_BYTES || PREFIX.some((byte, i) => code[i] !== byte)) return null;
  return toAddress(code.subarray(PREFIX.length));
}
