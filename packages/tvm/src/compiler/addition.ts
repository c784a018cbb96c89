// Sums and differences. What is known now is computed now: zero limbs and carries that cannot happen cost nothing.
import { keep, LIMB_MAX, type Limb, type Limbs, mapLimbs, push } from "./limbs.ts";
import type { FunctionBody } from "./wasm/functionBody.ts";
import { OPERATION as op } from "./wasm/operation.ts";

interface Step {
  readonly limb: Limb;
  /** 0 or 1: carried into, or borrowed from, the next limb. */
  readonly carry: Limb;
}

/** a + b */
export function add(body: FunctionBody, a: Limbs, b: Limbs): Limbs {
  let carry: Limb = 0n;
  return mapLimbs((index) => {
    const isLast = index === 3;
    const first = addTwo(body, a[index] as Limb, b[index] as Limb, isLast);
    const second = addTwo(body, first.limb, carry, isLast);
    carry = isLast ? 0n : either(body, first.carry, second.carry);
    return second.limb;
  });
}

function addTwo(body: FunctionBody, x: Limb, y: Limb, isLast: boolean): Step {
  if (typeof x === "bigint" && typeof y === "bigint") return { limb: (x + y) & LIMB_MAX, carry: (x + y) >> 64n };
  if (y === 0n) return { limb: x, carry: 0n };
  if (x === 0n) return { limb: y, carry: 0n };
  push(body, x);
  push(body, y);
  body.op(op.i64Add);
  const limb = keep(body);
  return { limb, carry: isLast ? 0n : below(body, limb, y) };
}

/** a - b */
export function subtract(body: FunctionBody, a: Limbs, b: Limbs): Limbs {
  let borrow: Limb = 0n;
  return mapLimbs((index) => {
    const isLast = index === 3;
    const first = subtractTwo(body, a[index] as Limb, b[index] as Limb, isLast);
    const second = subtractTwo(body, first.limb, borrow, isLast);
    borrow = isLast ? 0n : either(body, first.carry, second.carry);
    return second.limb;
  });
}

function subtractTwo(body: FunctionBody, x: Limb, y: Limb, isLast: boolean): Step {
  if (typeof x === "bigint" && typeof y === "bigint") return { limb: (x - y) & LIMB_MAX, carry: x < y ? 1n : 0n };
  if (y === 0n) return { limb: x, carry: 0n };
  push(body, x);
  push(body, y);
  body.op(op.i64Subtract);
  const limb = keep(body);
  return { limb, carry: isLast ? 0n : below(body, x, y) };
}

function below(body: FunctionBody, x: Limb, y: Limb): Limb {
  push(body, x);
  push(body, y);
  body.op(op.i64Below);
  body.op(op.i64Extend);
  return keep(body);
}

/** Two carries out of one limb are never both 1. */
function either(body: FunctionBody, x: Limb, y: Limb): Limb {
  if (x === 0n) return y;
  if (y === 0n) return x;
  if (x === 1n || y === 1n) return 1n;
  push(body, x);
  push(body, y);
  body.op(op.i64Or);
  return keep(body);
}
