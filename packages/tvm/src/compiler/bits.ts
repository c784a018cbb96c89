// Bitwise instructions, and shifts by an amount that is known.
import { keep, LIMB_BITS, LIMB_MAX, type Limb, type Limbs, mapLimbs, push } from "./limbs.ts";
import type { FunctionBody } from "./wasm/functionBody.ts";
import { OPERATION as op } from "./wasm/operation.ts";

export type BitOperation = "and" | "or" | "xor";

const FOLD: Readonly<Record<BitOperation, (x: bigint, y: bigint) => bigint>> = {
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
};
const CODE: Readonly<Record<BitOperation, number>> = { and: op.i64And, or: op.i64Or, xor: op.i64Xor };

export function combine(body: FunctionBody, operation: BitOperation, a: Limbs, b: Limbs): Limbs {
  return mapLimbs((index) => combineTwo(body, operation, a[index] as Limb, b[index] as Limb));
}

function combineTwo(body: FunctionBody, operation: BitOperation, x: Limb, y: Limb): Limb {
  if (typeof x === "bigint" && typeof y === "bigint") return FOLD[operation](x, y);
  const [known, other] = typeof x === "bigint" ? [x, y] : [y, x];
  if (known === 0n) return operation === "and" ? 0n : other;
  if (known === LIMB_MAX && operation !== "xor") return operation === "and" ? other : LIMB_MAX;
  push(body, x);
  push(body, y);
  body.op(CODE[operation]);
  return keep(body);
}

export const invert = (body: FunctionBody, a: Limbs): Limbs =>
  combine(body, "xor", a, [LIMB_MAX, LIMB_MAX, LIMB_MAX, LIMB_MAX]);

/** Part of two neighbours: `upper` moved left, `lower` moved right, by amounts that sum to 64. */
function splice(body: FunctionBody, upper: Limb, left: bigint, lower: Limb): Limb {
  const right = LIMB_BITS - left;
  if (left === 0n) return upper;
  if (typeof upper === "bigint" && typeof lower === "bigint") return ((upper << left) & LIMB_MAX) | (lower >> right);
  const parts: [Limb, bigint, number][] = [];
  if (upper !== 0n) parts.push([upper, left, op.i64ShiftLeft]);
  if (lower !== 0n) parts.push([lower, right, op.i64ShiftRight]);
  for (const [index, [limb, amount, code]] of parts.entries()) {
    push(body, limb);
    body.i64(amount);
    body.op(code);
    if (index > 0) body.op(op.i64Or);
  }
  return keep(body);
}

/** By fewer than 256 bits. */
export function shiftLeft(body: FunctionBody, a: Limbs, bits: number): Limbs {
  const whole = bits >> 6;
  const rest = BigInt(bits & 63);
  const at = (index: number): Limb => (index < 0 ? 0n : (a[index] as Limb));
  return mapLimbs((index) => splice(body, at(index - whole), rest, at(index - whole - 1)));
}

/** By fewer than 256 bits; `fill` comes in from the left. */
function shiftRightFilling(body: FunctionBody, a: Limbs, bits: number, fill: Limb): Limbs {
  const whole = bits >> 6;
  const rest = BigInt(bits & 63);
  const at = (index: number): Limb => (index > 3 ? fill : (a[index] as Limb));
  if (rest === 0n) return mapLimbs((index) => at(index + whole));
  return mapLimbs((index) => splice(body, at(index + whole + 1), LIMB_BITS - rest, at(index + whole)));
}

export const shiftRight = (body: FunctionBody, a: Limbs, bits: number): Limbs => shiftRightFilling(body, a, bits, 0n);

export const shiftRightSigned = (body: FunctionBody, a: Limbs, bits: number): Limbs =>
  shiftRightFilling(body, a, bits, signOf(body, a[3]));

/** 64 copies of a limb's highest bit. */
export function signOf(body: FunctionBody, limb: Limb): Limb {
  if (typeof limb === "bigint") return limb >> 63n === 0n ? 0n : LIMB_MAX;
  push(body, limb);
  body.i64(63n);
  body.op(op.i64ShiftRightSigned);
  return keep(body);
}

/** The lowest `bytes` bytes as a signed number; fewer than 32. */
export function extendSign(body: FunctionBody, a: Limbs, bytes: number): Limbs {
  const unused = 256 - 8 * bytes;
  // Within the limb that holds the sign, the shift is one of that limb alone; above it all are copies of the sign.
  const last = (8 * bytes - 1) >> 6;
  const free = BigInt(unused & 63);
  const top = a[last] as Limb;
  let signed: Limb = top;
  if (free !== 0n) {
    if (typeof top === "bigint") signed = BigInt.asUintN(64, BigInt.asIntN(64, (top << free) & LIMB_MAX) >> free);
    else {
      push(body, top);
      body.i64(free);
      body.op(op.i64ShiftLeft);
      body.i64(free);
      body.op(op.i64ShiftRightSigned);
      signed = keep(body);
    }
  }
  const fill = last === 3 ? 0n : signOf(body, signed);
  return mapLimbs((index) => (index < last ? (a[index] as Limb) : index === last ? signed : fill));
}
