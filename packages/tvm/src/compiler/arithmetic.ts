// Instructions that only compute: from the words on the virtual stack to the word they leave.
import { add, subtract } from "./addition.ts";
import * as bits from "./bits.ts";
import { isBelow, isEqual, isZero, pushUnion } from "./comparison.ts";
import type { KernelFunction } from "./kernelLinks.ts";
import { constantOf, keep, type Limb, type Limbs, limbsOf, push, ZERO_LIMBS } from "./limbs.ts";
import { OPCODE } from "./opcode.ts";
import { compute, kernelFunction, REGISTERS, type Scope, setGas } from "./scope.ts";
import type { Word } from "./virtualStack.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

type Instruction = (scope: Scope) => void;

const EXPONENT_BYTE_GAS = 50n;

const binary =
  (make: (scope: Scope, a: Limbs, b: Limbs) => Limbs): Instruction =>
  (scope) => {
    const a = scope.stack.limbs(scope.stack.pop());
    const b = scope.stack.limbs(scope.stack.pop());
    scope.stack.push(make(scope, a, b));
  };

const comparing =
  (compare: (scope: Scope, a: Limbs, b: Limbs) => void): Instruction =>
  (scope) => {
    const a = scope.stack.limbs(scope.stack.pop());
    const b = scope.stack.limbs(scope.stack.pop());
    compare(scope, a, b);
    scope.stack.pushFlag();
  };

const inKernel =
  (name: KernelFunction, count: number): Instruction =>
  (scope) => {
    const operands = Array.from({ length: count }, () => scope.stack.pop());
    scope.stack.push(compute(scope, name, operands));
  };

/** By the distance when it is known and below 256; otherwise the kernel does it. */
const shifting =
  (
    shift: (scope: Scope, a: Limbs, by: number) => Limbs,
    beyond: (scope: Scope, a: Limbs) => Limbs,
    name: KernelFunction,
  ): Instruction =>
  (scope) => {
    const { stack } = scope;
    const amount = stack.pop();
    const value = stack.pop();
    const by = known(amount);
    if (by === null) stack.push(compute(scope, name, [amount, value]));
    else if (by > 255n) stack.push(beyond(scope, stack.limbs(value)));
    else stack.push(shift(scope, stack.limbs(value), Number(by)));
  };

function known(word: Word): bigint | null {
  return word.limbs === null ? null : constantOf(word.limbs);
}

function multiply(scope: Scope, a: Limbs, b: Limbs): Limbs {
  const { body } = scope;
  const [x, y] = [constantOf(a), constantOf(b)];
  if (x !== null && y !== null) return limbsOf(BigInt.asUintN(256, x * y));
  const [factor, other] = x === null ? [y, a] : [x, b];
  if (factor === 0n) return ZERO_LIMBS;
  const power = factor === null ? null : exponentOfTwo(factor);
  if (power !== null) return bits.shiftLeft(body, other, power);
  for (const limb of [...a, ...b]) push(body, limb);
  body.call(scope.product);
  const high = keep(body);
  const third = keep(body);
  const second = keep(body);
  return [keep(body), second, third, high];
}

/** The exponent of a power of two. */
function exponentOfTwo(value: bigint): number | null {
  return value > 0n && (value & (value - 1n)) === 0n ? value.toString(2).length - 1 : null;
}

/** DIV and MOD: at once where both operands have one limb, which is what most code divides. */
const dividing =
  (
    operation: number,
    name: KernelFunction,
    byPowerOfTwo: (scope: Scope, a: Limbs, exponent: number) => Limbs,
  ): Instruction =>
  (scope) => {
    const { body, stack } = scope;
    const dividend = stack.pop();
    const divisor = stack.pop();
    const a = stack.limbs(dividend);
    const b = stack.limbs(divisor);
    const value = constantOf(b);
    if (value === 0n) return stack.push(ZERO_LIMBS);
    const exponent = value === null ? null : exponentOfTwo(value);
    if (exponent !== null) return stack.push(byPowerOfTwo(scope, a, exponent));
    // The lowest limb alone would be zero.
    if (b[0] === 0n) return stack.push(compute(scope, name, [dividend, divisor]));
    const result = [0, 1, 2, 3].map(() => body.local(TYPE.i64)) as [number, number, number, number];
    pushUnion(body, [a[1], a[2], a[3], b[1], b[2], b[3]]);
    body.op(op.i64IsZero);
    if (typeof b[0] === "number") {
      body.get(b[0]);
      body.i64(0n);
      body.op(op.i64NotEqual);
      body.op(op.i32And);
    }
    body.when(
      () => {
        push(body, a[0]);
        push(body, b[0]);
        body.op(operation);
        body.set(result[0]);
        for (const limb of result.slice(1)) {
          body.i64(0n);
          body.set(limb);
        }
      },
      () => {
        const limbs = compute(scope, name, [dividend, divisor]);
        for (const [index, limb] of limbs.entries()) {
          push(body, limb);
          body.set(result[index] as number);
        }
      },
    );
    stack.push(result);
  };

/** The lowest `exponent` bits. */
function lowBits(scope: Scope, a: Limbs, exponent: number): Limbs {
  return bits.combine(scope.body, "and", a, limbsOf((1n << BigInt(exponent)) - 1n));
}

function raise(scope: Scope): void {
  const { body, stack, addresses } = scope;
  const base = stack.pop();
  const exponent = stack.pop();
  body.get(REGISTERS.gas);
  stack.prepareAddress(exponent, addresses.scratch)();
  body.call(kernelFunction("significantBytes"));
  body.op(op.i64Extend);
  body.i64(EXPONENT_BYTE_GAS);
  body.op(op.i64Multiply);
  body.op(op.i64Subtract);
  setGas(scope);
  stack.push(compute(scope, "power", [base, exponent]));
}

function signExtend(scope: Scope): void {
  const { body, stack } = scope;
  const size = stack.pop();
  const value = stack.pop();
  const last = known(size);
  if (last === null) stack.push(compute(scope, "signExtend", [size, value]));
  else if (last > 30n) stack.pushWord(value);
  else stack.push(bits.extendSign(body, stack.limbs(value), Number(last) + 1));
}

function byteOf(scope: Scope): void {
  const { body, stack } = scope;
  const index = stack.pop();
  const value = stack.pop();
  const at = known(index);
  if (at === null) return stack.push(compute(scope, "byteAt", [index, value]));
  if (at > 31n) return stack.push(ZERO_LIMBS);
  const moved = bits.shiftRight(body, stack.limbs(value), 8 * (31 - Number(at)));
  stack.push([lowByte(scope, moved[0]), 0n, 0n, 0n]);
}

function lowByte({ body }: Scope, limb: Limb): Limb {
  if (typeof limb === "bigint") return limb & 0xffn;
  body.get(limb);
  body.i64(0xffn);
  body.op(op.i64And);
  return keep(body);
}

function negate(scope: Scope): void {
  const { body, stack } = scope;
  const word = stack.pop();
  if (word.flag !== null) {
    body.get(word.flag);
    body.op(op.i32IsZero);
  } else isZero(body, stack.limbs(word));
  stack.pushFlag();
}

const zero = (): Limbs => ZERO_LIMBS;

function signCopies({ body }: Scope, a: Limbs): Limbs {
  const sign = bits.signOf(body, a[3]);
  return [sign, sign, sign, sign];
}

export const ARITHMETIC: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  [OPCODE.add, binary(({ body }, a, b) => add(body, a, b))],
  [OPCODE.subtract, binary(({ body }, a, b) => subtract(body, a, b))],
  [OPCODE.multiply, binary(multiply)],
  [OPCODE.divide, dividing(op.i64Divide, "quotientOf", ({ body }, a, exponent) => bits.shiftRight(body, a, exponent))],
  [OPCODE.modulo, dividing(op.i64Remainder, "remainderOf", lowBits)],
  [OPCODE.divideSigned, inKernel("quotientOfSigned", 2)],
  [OPCODE.moduloSigned, inKernel("remainderOfSigned", 2)],
  [OPCODE.addModulo, inKernel("sumModulo", 3)],
  [OPCODE.multiplyModulo, inKernel("productModulo", 3)],
  [OPCODE.power, raise],
  [OPCODE.signExtend, signExtend],
  [OPCODE.below, comparing(({ body }, a, b) => isBelow(body, a, b, false))],
  [OPCODE.above, comparing(({ body }, a, b) => isBelow(body, b, a, false))],
  [OPCODE.belowSigned, comparing(({ body }, a, b) => isBelow(body, a, b, true))],
  [OPCODE.aboveSigned, comparing(({ body }, a, b) => isBelow(body, b, a, true))],
  [OPCODE.equal, comparing(({ body }, a, b) => isEqual(body, a, b))],
  [OPCODE.isZero, negate],
  [OPCODE.and, binary(({ body }, a, b) => bits.combine(body, "and", a, b))],
  [OPCODE.or, binary(({ body }, a, b) => bits.combine(body, "or", a, b))],
  [OPCODE.xor, binary(({ body }, a, b) => bits.combine(body, "xor", a, b))],
  [OPCODE.not, (scope) => scope.stack.push(bits.invert(scope.body, scope.stack.limbs(scope.stack.pop())))],
  [OPCODE.byte, byteOf],
  [OPCODE.shiftLeft, shifting(({ body }, a, by) => bits.shiftLeft(body, a, by), zero, "shiftLeft")],
  [OPCODE.shiftRight, shifting(({ body }, a, by) => bits.shiftRight(body, a, by), zero, "shiftRight")],
  [
    OPCODE.shiftRightSigned,
    shifting(({ body }, a, by) => bits.shiftRightSigned(body, a, by), signCopies, "shiftRightSigned"),
  ],
  [OPCODE.leadingZeros, inKernel("countLeadingZeros", 1)],
]);
