// The product of two words, as a function of the module: eight limbs in, four out.
import { FunctionBody } from "./wasm/functionBody.ts";
import type { FunctionType } from "./wasm/moduleWriter.ts";
import { OPERATION as op, TYPE, type ValueType } from "./wasm/operation.ts";

const limbs = (count: number): ValueType[] => Array.from({ length: count }, () => TYPE.i64);

export const PRODUCT_TYPE: FunctionType = { takes: limbs(8), gives: limbs(4) };

const HALF = 32n;
const HALF_MASK = 0xffff_ffffn;

/** Writes its instructions with names for what they compute. */
export function writeProduct(): FunctionBody {
  const body = new FunctionBody(8);
  const a = [0, 1, 2, 3] as const;
  const b = [4, 5, 6, 7] as const;
  const sum = limbs(4).map((type) => body.local(type)) as [number, number, number, number];
  writeShortcut(body, a, b);
  lowProduct(body, a[0], b[0]);
  body.set(sum[0]);
  highProduct(body, a[0], b[0]);
  body.set(sum[1]);
  body.i64(0n);
  body.set(sum[2]);
  body.i64(0n);
  body.set(sum[3]);
  // Column by column; what a low product carries out of its column goes up with the high product.
  for (const [column, i, j] of [
    [1, 0, 1],
    [1, 1, 0],
    [2, 0, 2],
    [2, 1, 1],
    [2, 2, 0],
  ] as const) {
    const low = body.local(TYPE.i64);
    lowProduct(body, a[i], b[j]);
    body.tee(low);
    body.get(sum[column]);
    body.op(op.i64Add);
    body.tee(sum[column]);
    body.get(low);
    body.op(op.i64Below);
    body.op(op.i64Extend);
    highProduct(body, a[i], b[j]);
    body.op(op.i64Add);
    const carried = body.local(TYPE.i64);
    if (column === 2) {
      body.get(sum[3]);
      body.op(op.i64Add);
      body.set(sum[3]);
      continue;
    }
    body.tee(carried);
    body.get(sum[2]);
    body.op(op.i64Add);
    body.tee(sum[2]);
    body.get(carried);
    body.op(op.i64Below);
    body.op(op.i64Extend);
    body.get(sum[3]);
    body.op(op.i64Add);
    body.set(sum[3]);
  }
  for (const result of sum.slice(0, 3)) body.get(result);
  body.get(sum[3]);
  for (const [i, j] of [
    [0, 3],
    [1, 2],
    [2, 1],
    [3, 0],
  ] as const) {
    lowProduct(body, a[i], b[j]);
    body.op(op.i64Add);
  }
  return body;
}

type FourLocals = readonly [number, number, number, number];

/** Both fit 64 signed bits, as counters, indexes and small negative numbers do: one product is enough. */
function writeShortcut(body: FunctionBody, a: FourLocals, b: FourLocals): void {
  const signOf = (local: number): number => {
    body.get(local);
    body.i64(63n);
    body.op(op.i64ShiftRightSigned);
    return body.keep(TYPE.i64);
  };
  const aSign = signOf(a[0]);
  const bSign = signOf(b[0]);
  let count = 0;
  for (const [sign, upper] of [
    [aSign, a.slice(1)],
    [bSign, b.slice(1)],
  ] as const) {
    for (const limb of upper) {
      body.get(limb);
      body.get(sign);
      body.op(op.i64Xor);
      if (count++ > 0) body.op(op.i64Or);
    }
  }
  body.op(op.i64IsZero);
  body.when(() => {
    lowProduct(body, a[0], b[0]);
    highProduct(body, a[0], b[0]);
    for (const [sign, other] of [
      [aSign, b[0]],
      [bSign, a[0]],
    ] as const) {
      body.get(sign);
      body.get(other);
      body.op(op.i64And);
      body.op(op.i64Subtract);
    }
    const high = body.local(TYPE.i64);
    body.tee(high);
    const fill = signOf(high);
    body.get(fill);
    body.get(fill);
    body.op(op.return);
  });
}

function lowProduct(body: FunctionBody, x: number, y: number): void {
  body.get(x);
  body.get(y);
  body.op(op.i64Multiply);
}

/** High half of the product of two limbs, over 32-bit halves. */
function highProduct(body: FunctionBody, x: number, y: number): void {
  const low = (local: number): void => {
    body.get(local);
    body.i64(HALF_MASK);
    body.op(op.i64And);
  };
  const high = (local: number): void => {
    body.get(local);
    body.i64(HALF);
    body.op(op.i64ShiftRight);
  };
  // cross = xHigh * yLow + (xLow * yLow >> 32); other = xLow * yHigh + (cross & mask); neither overflows.
  high(x);
  low(y);
  body.op(op.i64Multiply);
  low(x);
  low(y);
  body.op(op.i64Multiply);
  body.i64(HALF);
  body.op(op.i64ShiftRight);
  body.op(op.i64Add);
  const cross = body.keep(TYPE.i64);
  low(x);
  high(y);
  body.op(op.i64Multiply);
  low(cross);
  body.op(op.i64Add);
  const other = body.keep(TYPE.i64);
  high(x);
  high(y);
  body.op(op.i64Multiply);
  high(cross);
  body.op(op.i64Add);
  high(other);
  body.op(op.i64Add);
}
