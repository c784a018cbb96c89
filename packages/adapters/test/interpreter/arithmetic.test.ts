// Every instruction that only computes, on words at the edges, against big integers.
import { bigintToBytes, concatBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createCompilerEngine, createInterpreterEngine } from "../../src/index.ts";
import { wordOf } from "./anEngineRun.ts";

const TWO_256 = 1n << 256n;
const unsigned = (value: bigint): bigint => BigInt.asUintN(256, value);
const signed = (value: bigint): bigint => BigInt.asIntN(256, value);
const flag = (value: boolean): bigint => (value ? 1n : 0n);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = unsigned(result * result);
    if ((exponent >> bit) & 1n) result = unsigned(result * base);
  }
  return result;
}

function extend(size: bigint, value: bigint): bigint {
  return size > 30n ? value : unsigned(BigInt.asIntN(Number(size) * 8 + 8, value));
}

/** By opcode; the first argument is the top of the stack. */
const UNARY: Readonly<Record<string, readonly [number, (a: bigint) => bigint]>> = {
  ISZERO: [0x15, (a) => flag(a === 0n)],
  NOT: [0x19, (a) => TWO_256 - 1n - a],
  CLZ: [0x1e, (a) => (a === 0n ? 256n : BigInt(256 - a.toString(2).length))],
};
const BINARY: Readonly<Record<string, readonly [number, (a: bigint, b: bigint) => bigint]>> = {
  ADD: [0x01, (a, b) => unsigned(a + b)],
  MUL: [0x02, (a, b) => unsigned(a * b)],
  SUB: [0x03, (a, b) => unsigned(a - b)],
  DIV: [0x04, (a, b) => (b === 0n ? 0n : a / b)],
  SDIV: [0x05, (a, b) => (b === 0n ? 0n : unsigned(signed(a) / signed(b)))],
  MOD: [0x06, (a, b) => (b === 0n ? 0n : a % b)],
  SMOD: [0x07, (a, b) => (b === 0n ? 0n : unsigned(signed(a) % signed(b)))],
  EXP: [0x0a, power],
  SIGNEXTEND: [0x0b, extend],
  LT: [0x10, (a, b) => flag(a < b)],
  GT: [0x11, (a, b) => flag(a > b)],
  SLT: [0x12, (a, b) => flag(signed(a) < signed(b))],
  SGT: [0x13, (a, b) => flag(signed(a) > signed(b))],
  EQ: [0x14, (a, b) => flag(a === b)],
  AND: [0x16, (a, b) => a & b],
  OR: [0x17, (a, b) => a | b],
  XOR: [0x18, (a, b) => a ^ b],
  BYTE: [0x1a, (a, b) => (a > 31n ? 0n : (b >> (8n * (31n - a))) & 0xffn)],
  SHL: [0x1b, (a, b) => (a > 255n ? 0n : unsigned(b << a))],
  SHR: [0x1c, (a, b) => (a > 255n ? 0n : b >> a)],
  SAR: [0x1d, (a, b) => unsigned(signed(b) >> (a > 255n ? 255n : a))],
};
const TERNARY: Readonly<Record<string, readonly [number, (a: bigint, b: bigint, n: bigint) => bigint]>> = {
  ADDMOD: [0x08, (a, b, n) => (n === 0n ? 0n : (a + b) % n)],
  MULMOD: [0x09, (a, b, n) => (n === 0n ? 0n : (a * b) % n)],
};

const EDGES = [0n, 1n, 2n, 3n, 31n, 32n, 255n, 256n, 0xffffffffn, 1n << 32n, (1n << 64n) - 1n, 1n << 64n, 1n << 128n];
const LIMB_MAX = (1n << 64n) - 1n;
/** Limbs at the edges are what guesses of a quotient are most often wrong about. */
const limb = fc.oneof(
  fc.constantFrom(0n, 1n, LIMB_MAX, LIMB_MAX - 1n, 1n << 63n, (1n << 63n) - 1n, 1n << 32n),
  fc.bigInt({ min: 0n, max: LIMB_MAX }),
);
const word = fc.oneof(
  fc.constantFrom(...EDGES, ...EDGES.map((edge) => unsigned(-edge)), 1n << 255n, (1n << 255n) - 1n),
  fc.bigInt({ min: 0n, max: TWO_256 - 1n }),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.bigInt({ min: 0n, max: (1n << 160n) - 1n }),
  fc.array(limb, { minLength: 1, maxLength: 4 }).map((limbs) => limbs.reduce((sum, next) => (sum << 64n) | next)),
);

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const CALLDATALOAD = 0x35;
const RETURN_TOP = Uint8Array.of(0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3);

/**
 * Puts the operands on the stack, the last one deepest, and returns what the instruction makes of them. Where a bit of
 * `unknown` is set the operand comes from the input: a compiler must not know it.
 */
function program(opcode: number, operands: readonly bigint[], unknown: number): Uint8Array {
  const pushes = operands.map((operand, index) =>
    (unknown >> index) & 1
      ? Uint8Array.of(PUSH1, 32 * index, CALLDATALOAD)
      : concatBytes(Uint8Array.of(PUSH32), bigintToBytes(operand, 32)),
  );
  return concatBytes(...pushes.reverse(), Uint8Array.of(opcode), RETURN_TOP);
}

describe.each([
  ["interpreter", createInterpreterEngine()],
  ["compiler", createCompilerEngine()],
])("the %s computes like big integers", (_, engine) => {
  const check = async (opcode: number, operands: readonly bigint[], unknown: number, expected: bigint) => {
    const data = concatBytes(...operands.map((operand) => bigintToBytes(operand, 32)));
    expect(await wordOf(engine, program(opcode, operands, unknown), data)).toBe(expected);
  };
  const unknown = fc.nat(7);

  it.each(Object.entries(UNARY))("%s", async (_, [opcode, compute]) => {
    await fc.assert(fc.asyncProperty(word, unknown, (a, mask) => check(opcode, [a], mask, compute(a))));
  });

  it.each(Object.entries(BINARY))("%s", async (_, [opcode, compute]) => {
    await fc.assert(fc.asyncProperty(word, word, unknown, (a, b, mask) => check(opcode, [a, b], mask, compute(a, b))));
  });

  it.each(Object.entries(TERNARY))("%s", async (_, [opcode, compute]) => {
    await fc.assert(
      fc.asyncProperty(word, word, word, unknown, (a, b, n, mask) => check(opcode, [a, b, n], mask, compute(a, b, n))),
    );
  });

  const nearby = fc.bigInt({ min: -2n, max: 2n });
  const nonzero = word.filter((value) => value !== 0n);
  it.each(["DIV", "MOD", "SDIV", "SMOD"])("%s of a multiple of the divisor, or one beside it", async (name) => {
    const [opcode, compute] = BINARY[name]!;
    await fc.assert(
      fc.asyncProperty(nonzero, word, nearby, unknown, (b, factor, distance, mask) => {
        const a = unsigned((factor % (TWO_256 / b)) * b + distance);
        return check(opcode, [a, b], mask, compute(a, b));
      }),
    );
  });

  const modulus = fc.oneof(
    nonzero,
    fc.bigInt({ min: 1n, max: LIMB_MAX + 3n }).map((below) => TWO_256 - below),
  );
  it.each(["ADDMOD", "MULMOD"])("%s of numbers near multiples of the modulus", async (name) => {
    const [opcode, compute] = TERNARY[name]!;
    const near = fc.tuple(nearby, nearby, fc.boolean());
    await fc.assert(
      fc.asyncProperty(word, modulus, near, unknown, (other, n, [first, second, isPair], mask) => {
        const a = unsigned(n + first);
        const b = isPair ? unsigned(n + second) : other;
        return check(opcode, [a, b, n], mask, compute(a, b, n));
      }),
    );
  });

  it.each([
    [
      "a guess that is one too large",
      0x1fffffffffffffffe00000000005ff7a400000000000034fan,
      0xffffffffffffffff8000000000000000n,
      0xffffffffffffffff00000000002ffbd20000000000001a7en,
    ],
    [
      "a rest that begins like the modulus",
      0xffffffffffffffffffffffffffffffffb1659ed84500df60c17f21db288c0c79n,
      0x859b51a058476561ef8ee78f79510b407fffffffffffffffffff7fffffffffffn,
      0x859b51a058476561ef8ee78f79510b407fffffffffffffffffff7fffffffffffn,
    ],
    ["a sum above 2^256 that is reached twice", TWO_256 - 1n, TWO_256 - 1n, TWO_256 - LIMB_MAX],
    ["a product that folds to the modulus", (1n << 63n) + 1n, TWO_256 - 0x71b803047fn, TWO_256 - 0x71b803047fn],
  ])("MULMOD with %s", async (_, a, b, n) => {
    await check(0x09, [a, b, n], 7, (a * b) % n);
  });

  it.each([
    ["DIV", 0x04],
    ["MOD", 0x06],
  ])("%s by a zero of which the lowest limb is known", async (_, opcode) => {
    // PUSH0 CALLDATALOAD PUSH1 64 SHL PUSH1 7
    const code = concatBytes(Uint8Array.of(0x5f, 0x35, 0x60, 64, 0x1b, 0x60, 7, opcode), RETURN_TOP);
    expect(await wordOf(engine, code, new Uint8Array(32))).toBe(0n);
  });
});
