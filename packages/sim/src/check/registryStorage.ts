// The validator registry as its storage holds it (docs/spec/committee.md), read without running a line of the contract.
import { keccak256 } from "@festina/crypto";
import { type Address, bigintToBytes, bytesToBigint, concatBytes, type Hex, hexToBytes } from "@festina/primitives";

export const REGISTRY = "0x000000000000000000000000000000000000f001" as Address;

/** One slot of the registry in the state of one block; `undefined` when that state is not kept. */
export type ReadSlot = (slot: bigint) => bigint | undefined;

export interface RegisteredValidator {
  readonly address: string;
  readonly payout: string;
  readonly publicKey: Hex;
  readonly depositWei: bigint;
  readonly readyAt: number;
  /** Asked to leave, or without a seat, slashed or jailed. */
  readonly isLeaving: boolean;
}

const OWNERS_SLOT = 2n;
const ENTRIES_SLOT = 3n;
const WORD_BYTES = 32;

const word = (value: bigint): Uint8Array => bigintToBytes(value, WORD_BYTES);
const slotOf = (...words: readonly bigint[]): bigint => bytesToBigint(keccak256(concatBytes(...words.map(word))));
/** Bytes of a word, counted from its low end. */
const field = (value: bigint, fromByte: number, bytes: number): bigint =>
  (value >> BigInt(8 * fromByte)) & ((1n << BigInt(8 * bytes)) - 1n);
const hexOf = (value: bigint, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
const addressOf = (value: bigint): string => `0x${hexOf(field(value, 0, 20), 20)}`;

function readEntry(read: ReadSlot, owner: string): RegisteredValidator | undefined {
  const at = slotOf(bytesToBigint(hexToBytes(owner as Hex)), ENTRIES_SLOT);
  const [first, second, keyHead, keyTail] = [0n, 1n, 2n, 3n].map((offset) => read(at + offset));
  if (first === undefined || second === undefined || keyHead === undefined || keyTail === undefined) return undefined;
  const hasAskedToLeave = field(second, 16, 8) > 0n;
  const isVoid = field(second, 30, 1) > 0n;
  const isSlashed = field(second, 31, 1) > 0n;
  const isJailed = field(keyTail, 16, 1) > 0n;
  return {
    address: owner,
    payout: addressOf(first),
    publicKey: `0x${hexOf(keyHead, 32)}${hexOf(field(keyTail, 0, 16), 16)}` as Hex,
    depositWei: field(second, 0, 16),
    readyAt: Number(field(first, 20, 8)),
    isLeaving: hasAskedToLeave || isVoid || isSlashed || isJailed,
  };
}

/** In listing order; `undefined` when the state is not kept. */
export function readRegistry(read: ReadSlot): readonly RegisteredValidator[] | undefined {
  const count = read(OWNERS_SLOT);
  if (count === undefined) return undefined;
  const list = slotOf(OWNERS_SLOT);
  const found: RegisteredValidator[] = [];
  for (let index = 0n; index < count; index++) {
    const owner = read(list + index);
    const entry = owner === undefined ? undefined : readEntry(read, addressOf(owner));
    if (entry === undefined) return undefined;
    found.push(entry);
  }
  return found;
}
