// A word as compiled code holds it: four limbs of 64 bits, least significant first, each known now or in a local.
import type { FunctionBody } from "./wasm/functionBody.ts";
import { TYPE } from "./wasm/operation.ts";

/** A constant (bigint, below 2^64), or the index of an i64 local (number). */
export type Limb = bigint | number;
export type Limbs = readonly [Limb, Limb, Limb, Limb];

export const LIMB_BITS = 64n;
export const LIMB_MAX = 0xffff_ffff_ffff_ffffn;
export const ZERO_LIMBS: Limbs = [0n, 0n, 0n, 0n];

export const limbsOf = (value: bigint): Limbs => [
  value & LIMB_MAX,
  (value >> 64n) & LIMB_MAX,
  (value >> 128n) & LIMB_MAX,
  value >> 192n,
];

/** The value when all of it is known. */
export function constantOf(limbs: Limbs): bigint | null {
  let value = 0n;
  for (const [index, limb] of limbs.entries()) {
    if (typeof limb === "number") return null;
    value |= limb << (LIMB_BITS * BigInt(index));
  }
  return value;
}

/** Puts a limb on WebAssembly's stack. */
export function push(body: FunctionBody, limb: Limb): void {
  if (typeof limb === "bigint") body.i64(limb);
  else body.get(limb);
}

/** Takes the top of WebAssembly's stack as a limb. */
export const keep = (body: FunctionBody): Limb => body.keep(TYPE.i64);

/** Four limbs, made from the least significant one upwards. */
export function mapLimbs(make: (index: number) => Limb): Limbs {
  const first = make(0);
  const second = make(1);
  const third = make(2);
  return [first, second, third, make(3)];
}
