// Comparisons: each leaves 0 or 1 as an i32 on WebAssembly's stack.
import { type Limb, type Limbs, push } from "./limbs.ts";
import type { FunctionBody } from "./wasm/functionBody.ts";
import { OPERATION as op } from "./wasm/operation.ts";

/** Leaves an i64 that is 0 where all limbs are. */
export function pushUnion(body: FunctionBody, limbs: readonly Limb[]): void {
  const present = limbs.filter((limb) => limb !== 0n);
  if (present.length === 0) body.i64(0n);
  for (const [index, limb] of present.entries()) {
    push(body, limb);
    if (index > 0) body.op(op.i64Or);
  }
}

export function isZero(body: FunctionBody, limbs: readonly Limb[]): void {
  pushUnion(body, limbs);
  body.op(op.i64IsZero);
}

export function isNotZero(body: FunctionBody, limbs: readonly Limb[]): void {
  pushUnion(body, limbs);
  body.i64(0n);
  body.op(op.i64NotEqual);
}

export function isEqual(body: FunctionBody, a: Limbs, b: Limbs): void {
  let count = 0;
  for (const index of [0, 1, 2, 3]) {
    const x = a[index] as Limb;
    const y = b[index] as Limb;
    if (x === y) continue;
    if (x === 0n) push(body, y);
    else push(body, x);
    if (x !== 0n && y !== 0n) {
      push(body, y);
      body.op(op.i64Xor);
    }
    if (count++ > 0) body.op(op.i64Or);
  }
  if (count === 0) body.i64(0n);
  body.op(op.i64IsZero);
}

/** a < b, as unsigned words or as two's complement. */
export function isBelow(body: FunctionBody, a: Limbs, b: Limbs, isSigned: boolean): void {
  // From below: a limb decides unless both are equal; then what was decided so far stands.
  let isBegun = false;
  for (const index of [0, 1, 2, 3]) {
    const x = a[index] as Limb;
    const y = b[index] as Limb;
    if (x === y) continue;
    const compare = index === 3 && isSigned ? op.i64BelowSigned : op.i64Below;
    if (isBegun) {
      push(body, x);
      push(body, y);
      body.op(op.i64Equal);
      body.op(op.i32And);
    }
    push(body, x);
    push(body, y);
    body.op(compare);
    if (isBegun) body.op(op.i32Or);
    isBegun = true;
  }
  if (!isBegun) body.i32(0);
}
