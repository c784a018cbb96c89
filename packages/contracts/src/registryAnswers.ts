import { type Address, bytesToHex, fail, type Hex, ok, type Result } from "@festina/primitives";
import { AbiReader, AbiShapeError, WORD_BYTES } from "./abi.ts";

/** One validator as the registry tells it. */
export interface RegistryCandidate {
  /** The owner account; the validator's id. */
  readonly validator: Address;
  /** 48 bytes, compressed. */
  readonly blsKey: Hex;
  /** As it was registered, unproven: `0x`, or 32 or 33 bytes. */
  readonly votingKey: Hex;
  readonly payout: Address;
  readonly depositWei: bigint;
  /** Height of the last `ready()`; 0 for validators of the genesis block. */
  readonly readyAt: number;
  /** Unix seconds; 0 while the validator stays. */
  readonly exitRequestedAt: number;
  /** No seat until the owner calls `ready()`. */
  readonly seatVoid: boolean;
  readonly slashed: boolean;
  /** No seat until the owner calls `unjail()`. */
  readonly jailed: boolean;
}

/** `VALIDATORS_MAX` of the contract. */
export const REGISTRY_VALIDATORS_MAX = 1_024;
/** `PAGE_MAX` of the contract. */
export const REGISTRY_PAGE_MAX = 256;

const BLS_KEY_BYTES = 48;
const VOTING_KEY_BYTES_MAX = 33;
/** `UNKNOWN_TIME` of the contract. */
const UNKNOWN_TIME = 2n ** 256n - 1n;

export type RegistryAnswerFailureCode = "REGISTRY_ANSWER_INVALID";

function read<T>(output: Uint8Array, decode: (reader: AbiReader) => T): Result<T, RegistryAnswerFailureCode> {
  try {
    return ok(decode(new AbiReader(output)));
  } catch (error) {
    if (error instanceof AbiShapeError) return fail("REGISTRY_ANSWER_INVALID", error.message);
    throw error;
  }
}

function readBlsKey(reader: AbiReader): Hex {
  if (reader.number(0) !== BLS_KEY_BYTES) throw new AbiShapeError("a key has 48 bytes");
  return bytesToHex(reader.slice(WORD_BYTES, BLS_KEY_BYTES));
}

function readVotingKey(reader: AbiReader): Hex {
  return bytesToHex(reader.slice(WORD_BYTES, reader.number(0, VOTING_KEY_BYTES_MAX)));
}

function readCandidate(reader: AbiReader): RegistryCandidate {
  return {
    validator: reader.address(0),
    blsKey: readBlsKey(reader.at(1)),
    votingKey: readVotingKey(reader.at(2)),
    payout: reader.address(3),
    depositWei: reader.word(4),
    readyAt: reader.number(5),
    exitRequestedAt: reader.number(6),
    seatVoid: reader.boolean(7),
    slashed: reader.boolean(8),
    jailed: reader.boolean(9),
  };
}

/** The answer of `candidates`. */
export function decodeCandidates(output: Uint8Array): Result<readonly RegistryCandidate[], RegistryAnswerFailureCode> {
  return read(output, (reader) => {
    const list = reader.at(0);
    const length = list.number(0, REGISTRY_PAGE_MAX);
    const elements = list.afterLength();
    return Array.from({ length }, (_, index) => readCandidate(elements.at(index)));
  });
}

/** The answer of `validator`. */
export function decodeCandidate(output: Uint8Array): Result<RegistryCandidate, RegistryAnswerFailureCode> {
  return read(output, (reader) => readCandidate(reader.at(0)));
}

/** What a slashed deposit became. */
export interface Slashing {
  /** Leaves the supply: the block takes exactly this from the registry's balance. 0 if nothing was slashed. */
  readonly burnedWei: bigint;
  /** Already paid by the registry. */
  readonly reporterWei: bigint;
}

/** The answer of `slash`. */
export function decodeSlashing(output: Uint8Array): Result<Slashing, RegistryAnswerFailureCode> {
  return read(output, (reader) => ({ burnedWei: reader.word(0), reporterWei: reader.word(1) }));
}

/** The answer of `withdrawableAt`: Unix seconds; `null` before an exit request and during a term. */
export function decodeWithdrawableAt(output: Uint8Array): Result<number | null, RegistryAnswerFailureCode> {
  return read(output, (reader) => (reader.word(0) === UNKNOWN_TIME ? null : reader.number(0)));
}
