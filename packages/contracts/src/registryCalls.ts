import { type Address, assert, concatBytes, type Hex, hexToBytes } from "@festina/primitives";
import { encodeAddressWord, encodeTail, encodeWord, WORD_BYTES } from "./abi.ts";
import { G1_POINT_BYTES, G2_POINT_BYTES } from "./blsEncoding.ts";
import { VALIDATOR_REGISTRY_SELECTORS } from "./generated/validatorRegistry.ts";

/** Call data for the validator registry: what the protocol calls itself, and what owners and the node's reader call. */

type RegistryFunction = keyof typeof VALIDATOR_REGISTRY_SELECTORS;

function call(name: RegistryFunction, ...words: readonly Uint8Array[]): Uint8Array {
  return concatBytes(hexToBytes(VALIDATOR_REGISTRY_SELECTORS[name]), ...words);
}

/** Genesis block only, first. */
export function encodeInitialise(depositPerSeatWei: bigint, unbondingSeconds: number): Uint8Array {
  return call("initialise", encodeWord(depositPerSeatWei), encodeWord(unbondingSeconds));
}

export interface GenesisRegistration {
  readonly validator: Address;
  /** 48 bytes, compressed; possession is already proven. */
  readonly blsKey: Hex;
  /** What the suite's public key has after the BLS key: `0x`, or 32 or 33 bytes. */
  readonly votingKey: Hex;
  readonly payout: Address;
  readonly depositWei: bigint;
}

/** Genesis block only. Moves no value: genesis gives the registry the sum of the deposits as balance. */
export function encodeGenesisRegister(registration: GenesisRegistration): Uint8Array {
  const { validator, blsKey, votingKey, payout, depositWei } = registration;
  const tails = [encodeTail(hexToBytes(blsKey)), encodeTail(hexToBytes(votingKey))] as const;
  const offsets = [encodeWord(5 * WORD_BYTES), encodeWord(5 * WORD_BYTES + tails[0].length)];
  const heads = [encodeAddressWord(validator), ...offsets, encodeAddressWord(payout), encodeWord(depositWei)];
  return call("genesisRegister", ...heads, ...tails);
}

/** In the last block of an epoch, and in the genesis block for epoch 0: who sits in `epoch`. */
export function encodeOnEpoch(epoch: number, seated: readonly Address[]): Uint8Array {
  const heads = [encodeWord(epoch), encodeWord(2 * WORD_BYTES)];
  return call("onEpoch", ...heads, encodeWord(seated.length), ...seated.map(encodeAddressWord));
}

/** Answered with what leaves the supply: see `decodeSlashing`. The zero address as reporter: nobody is rewarded. */
export function encodeSlash(guilty: Address, reporter: Address): Uint8Array {
  return call("slash", encodeAddressWord(guilty), encodeAddressWord(reporter));
}

export function encodeVoidSeat(validator: Address): Uint8Array {
  return call("voidSeat", encodeAddressWord(validator));
}

export function encodeJail(validator: Address): Uint8Array {
  return call("jail", encodeAddressWord(validator));
}

/** A page of at most `REGISTRY_PAGE_MAX`: see `decodeCandidates`. */
export function encodeCandidates(offset: number, limit: number): Uint8Array {
  return call("candidates", encodeWord(offset), encodeWord(limit));
}

export interface Registration {
  /** As `expandBlsKey` gives it. */
  readonly key: Uint8Array;
  /** As `expandBlsSignature` gives it. */
  readonly proofOfPossession: Uint8Array;
  /** What the suite's public key has after the BLS key: nothing, 32 or 33 bytes. */
  readonly votingKey: Uint8Array;
  readonly payout: Address;
}

/** Sent by an owner with the deposit as value. */
export function encodeRegister({ key, proofOfPossession, votingKey, payout }: Registration): Uint8Array {
  assert(key.length === G1_POINT_BYTES && proofOfPossession.length === G2_POINT_BYTES, "points are uncompressed");
  const tails = [encodeTail(key), encodeTail(proofOfPossession), encodeTail(votingKey)] as const;
  const first = 4 * WORD_BYTES;
  const offsets = [first, first + tails[0].length, first + tails[0].length + tails[1].length].map(encodeWord);
  return call("register", ...offsets, encodeAddressWord(payout), ...tails);
}

/** Sent by an owner once per election window. */
export function encodeReady(): Uint8Array {
  return call("ready");
}

/** Sent by an owner whose validator was jailed. */
export function encodeUnjail(): Uint8Array {
  return call("unjail");
}

export function encodeRequestExit(): Uint8Array {
  return call("requestExit");
}

export function encodeWithdraw(): Uint8Array {
  return call("withdraw");
}

/** One validator: see `decodeCandidate`. Reverts when there is none. */
export function encodeValidator(owner: Address): Uint8Array {
  return call("validator", encodeAddressWord(owner));
}

/** When a deposit is free: see `decodeWithdrawableAt`. Reverts when there is no such validator. */
export function encodeWithdrawableAt(owner: Address): Uint8Array {
  return call("withdrawableAt", encodeAddressWord(owner));
}
