import { type Address, bigintToBytes, toAddress } from "@festina/primitives";
import type { BlockContext } from "./blockContext.ts";

/** In what the rules of two upgrades differ, as data: no instruction asks which upgrade it runs under. */
export interface RuleSet {
  readonly name: "prague" | "osaka";
  /** No transaction may ask for more gas (EIP-7825). */
  readonly transactionGasMax: bigint;
  /** Contracts that are not bytecode; warm in every transaction (EIP-2929). */
  readonly precompiles: readonly Address[];
  /** Of calls that take it for granted that some are elsewhere: by the address where it is now, the one it has otherwise. */
  readonly movedPrecompiles?: ReadonlyMap<Address, Address>;
  /** Instructions of later rules: to these rules they are invalid. */
  readonly absentInstructions: readonly number[];
  /** No longer code is deployed (EIP-170). */
  readonly codeBytesMax: number;
  /** No longer init code runs (EIP-3860). */
  readonly initCodeBytesMax: number;
}

const addressOf = (number: number): Address => toAddress(bigintToBytes(BigInt(number), 20));
/** 0x01 to 0x11: the last seven compute on the curve BLS12-381 (EIP-2537). */
const PRAGUE_PRECOMPILES = Array.from({ length: 0x11 }, (_, index) => addressOf(index + 1));
const P256_VERIFY = addressOf(0x100);
const COUNT_LEADING_ZEROS = 0x1e;
const CODE_LIMITS = { codeBytesMax: 24_576, initCodeBytesMax: 49_152 };
/** More than any memory: the kernels count in 32 bits. */
const UNLIMITED_BYTES = 2 ** 31 - 1;

/** MODEXP costs less and takes operands of any length here; what runs precompiles knows that by the name (EIP-7823, 7883). */
export const PRAGUE: RuleSet = {
  name: "prague",
  transactionGasMax: 2n ** 64n - 1n,
  precompiles: PRAGUE_PRECOMPILES,
  absentInstructions: [COUNT_LEADING_ZEROS],
  ...CODE_LIMITS,
};

/** With CLZ (EIP-7939) and the check of P-256 signatures (EIP-7951). */
export const OSAKA: RuleSet = {
  name: "osaka",
  transactionGasMax: 2n ** 24n,
  precompiles: [...PRAGUE_PRECOMPILES, P256_VERIFY],
  absentInstructions: [],
  ...CODE_LIMITS,
};

/** Of development chains whose spec says so: what gas pays for may be deployed. */
export const OSAKA_WITH_UNLIMITED_CODE: RuleSet = {
  ...OSAKA,
  codeBytesMax: UNLIMITED_BYTES,
  initCodeBytesMax: UNLIMITED_BYTES,
};

const withUnlimitedGas = (rules: RuleSet): RuleSet => ({ ...rules, transactionGasMax: PRAGUE.transactionGasMax });
/** Of development chains whose spec says so: a transaction may ask for as much as its block has. */
const OSAKA_WITH_UNLIMITED_GAS = withUnlimitedGas(OSAKA);
const OSAKA_WITH_NEITHER_LIMIT = withUnlimitedGas(OSAKA_WITH_UNLIMITED_CODE);

/** Osaka, without the limits that a development chain's spec takes away. Always the same objects: machines are kept by them. */
export function osakaWithout(limits: { readonly code: boolean; readonly transactionGas: boolean }): RuleSet {
  if (limits.transactionGas) return limits.code ? OSAKA_WITH_NEITHER_LIMIT : OSAKA_WITH_UNLIMITED_GAS;
  return limits.code ? OSAKA_WITH_UNLIMITED_CODE : OSAKA;
}

export const RULE_SETS: readonly RuleSet[] = [PRAGUE, OSAKA];

export const isCodeUnlimited = ({ codeBytesMax }: RuleSet): boolean => codeBytesMax === UNLIMITED_BYTES;

/** This chain's blocks are at Osaka rules from the first one on. */
export function rulesOf(block: Pick<BlockContext, "rules">): RuleSet {
  return block.rules ?? OSAKA;
}
