// What precompiled contracts cost, by rule set. An input that a contract refuses costs all gas whatever its price is.
import type { Address } from "@festina/primitives";
import type { RuleSet } from "@festina/tvm";
import { AT } from "./addresses.ts";
import { OSAKA_MODEXP, PRAGUE_MODEXP, priceModexp } from "./modexpPrice.ts";
import { G1_DISCOUNTS, G2_DISCOUNTS } from "./msmDiscounts.ts";

export type Price = (input: Uint8Array) => bigint;

const fixed =
  (gas: bigint): Price =>
  () =>
    gas;

const perWord =
  (base: number, word: number): Price =>
  (input) =>
    BigInt(base + word * Math.ceil(input.length / 32));

const perPair =
  (base: number, pair: number, pairBytes: number): Price =>
  (input) =>
    BigInt(base + pair * Math.floor(input.length / pairBytes));

/** The more pairs, the less each costs (EIP-2537); discounts in thousandths. */
const msm =
  (mulGas: number, pairBytes: number, discounts: readonly number[]): Price =>
  (input) => {
    const count = Math.floor(input.length / pairBytes);
    const discount = discounts[Math.min(count, discounts.length) - 1] ?? 0;
    return BigInt(Math.floor((count * mulGas * discount) / 1_000));
  };

/** One gas for a round; their number is the input's first four bytes (EIP-152). */
const blake2f: Price = (input) =>
  input.length < 4 ? 0n : BigInt(new DataView(input.buffer, input.byteOffset).getUint32(0));

const PRAGUE: ReadonlyMap<Address, Price> = new Map([
  [AT.ecrecover, fixed(3_000n)],
  [AT.sha256, perWord(60, 12)],
  [AT.ripemd160, perWord(600, 120)],
  [AT.identity, perWord(15, 3)],
  [AT.modexp, (input: Uint8Array) => priceModexp(input, PRAGUE_MODEXP)],
  // EIP-1108
  [AT.bn254Add, fixed(150n)],
  [AT.bn254Mul, fixed(6_000n)],
  [AT.bn254Pairing, perPair(45_000, 34_000, 192)],
  [AT.blake2f, blake2f],
  // EIP-4844
  [AT.pointEvaluation, fixed(50_000n)],
  // EIP-2537
  [AT.bls12G1Add, fixed(375n)],
  [AT.bls12G1Msm, msm(12_000, 160, G1_DISCOUNTS)],
  [AT.bls12G2Add, fixed(600n)],
  [AT.bls12G2Msm, msm(22_500, 288, G2_DISCOUNTS)],
  [AT.bls12Pairing, perPair(37_700, 32_600, 384)],
  [AT.bls12MapG1, fixed(5_500n)],
  [AT.bls12MapG2, fixed(23_800n)],
]);

export const PRICES: Readonly<Record<RuleSet["name"], ReadonlyMap<Address, Price>>> = {
  prague: PRAGUE,
  osaka: new Map([
    ...PRAGUE,
    // EIP-7883
    [AT.modexp, (input: Uint8Array) => priceModexp(input, OSAKA_MODEXP)],
    // EIP-7951
    [AT.p256Verify, fixed(6_900n)],
  ]),
};
