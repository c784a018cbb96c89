import type { TransactionFields } from "@festina/types";
import { OSAKA } from "./ruleSet.ts";

/** What a transaction costs before its first instruction, and the least it pays in the end (Osaka). */

// Numbers, which hold any of these sums exactly, since each counts bytes or entries of lists in memory.
const TRANSACTION_GAS = 21_000;
const CREATION_GAS = 32_000;
const ZERO_BYTE_GAS = 4;
const NONZERO_BYTE_GAS = 16; // EIP-2028
const ACCESS_ADDRESS_GAS = 2_400; // EIP-2930
const ACCESS_SLOT_GAS = 1_900;
const INIT_CODE_WORD_GAS = 2; // EIP-3860
const FLOOR_TOKEN_GAS = 10; // EIP-7623

/** Charged per authorization; `AUTHORIZATION_REFUND_GAS` comes back when the account already exists (EIP-7702). */
export const AUTHORIZATION_GAS = 25_000n;
export const AUTHORIZATION_REFUND_GAS = 12_500n;

/** EIP-3860. */
export const INIT_CODE_BYTES_MAX = OSAKA.initCodeBytesMax;

export type IntrinsicGasFields = Pick<TransactionFields, "to" | "data" | "accessList" | "authorizations">;

function countZeroBytes(data: Uint8Array): number {
  let zeros = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) zeros++;
  return zeros;
}

/** Both of the below, with one look at the data. */
export interface TransactionGas {
  readonly intrinsicGas: bigint;
  readonly floorGas: bigint;
}

export function computeTransactionGas(fields: IntrinsicGasFields): TransactionGas {
  const zeros = countZeroBytes(fields.data);
  return { intrinsicGas: intrinsicGasOf(fields, zeros), floorGas: floorGasOf(fields.data, zeros) };
}

export function computeIntrinsicGas(fields: IntrinsicGasFields): bigint {
  return intrinsicGasOf(fields, countZeroBytes(fields.data));
}

function intrinsicGasOf(fields: IntrinsicGasFields, zeros: number): bigint {
  let gas = TRANSACTION_GAS;
  gas += zeros * ZERO_BYTE_GAS + (fields.data.length - zeros) * NONZERO_BYTE_GAS;
  if (fields.to === null) gas += CREATION_GAS + ((fields.data.length + 31) >> 5) * INIT_CODE_WORD_GAS;
  for (const entry of fields.accessList) gas += ACCESS_ADDRESS_GAS + entry.storageKeys.length * ACCESS_SLOT_GAS;
  return BigInt(gas + fields.authorizations.length * Number(AUTHORIZATION_GAS));
}

/** A zero byte is one token, any other four; data-heavy transactions pay at least this (EIP-7623). */
export function computeFloorGas(data: Uint8Array): bigint {
  return floorGasOf(data, countZeroBytes(data));
}

function floorGasOf(data: Uint8Array, zeros: number): bigint {
  return BigInt(TRANSACTION_GAS + (zeros + (data.length - zeros) * 4) * FLOOR_TOKEN_GAS);
}
