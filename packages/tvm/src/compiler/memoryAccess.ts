// MLOAD, MSTORE, MSTORE8, and KECCAK256 of a known length: memory grows on the way when it must.
import { isNotZero } from "./comparison.ts";
import { constantOf, type Limb, type Limbs, push } from "./limbs.ts";
import {
  charge,
  fault,
  faultWhen,
  kernelFunction,
  REGISTERS,
  reloadSize,
  resultAddress,
  type Scope,
  STATUS_OF,
  setGas,
  takeResult,
} from "./scope.ts";
import { WORD_BYTES, type Word } from "./virtualStack.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

/** Nothing can pay for memory beyond (adapters/assembly/evm/expansion.ts). */
const END_MAX = 0x4000_0000n;

/** A checked place in memory: an i32 local with the offset, and what is added to it. */
interface Place {
  readonly local: number | null;
  readonly offset: number;
}

/** Makes sure that memory reaches so far. `null` when it never can: the frame has ended. */
function reach(scope: Scope, offset: Limbs, length: number): Place | null {
  const value = constantOf(offset);
  return value === null ? reachComputed(scope, offset, length) : reachKnown(scope, value, length);
}

function reachKnown(scope: Scope, offset: bigint, length: number): Place | null {
  const { body } = scope;
  const end = offset + BigInt(length);
  if (end > END_MAX) {
    fault(scope, STATUS_OF.outOfGas);
    return null;
  }
  if (Number(end) > scope.memoryKnown) {
    body.i32(Number(end));
    body.get(REGISTERS.size);
    body.op(op.i32Above);
    body.when(() => grow(scope, () => body.i64(end)));
    scope.memoryKnown = WORD_BYTES * Math.ceil(Number(end) / WORD_BYTES);
  }
  return { local: null, offset: Number(offset) };
}

function reachComputed(scope: Scope, offset: Limbs, length: number): Place {
  const { body } = scope;
  const low = offset[0];
  // Beyond 2^32 there is no memory; below it, the end is no longer than 33 bits.
  push(body, low);
  body.i64(32n);
  body.op(op.i64ShiftRight);
  const upper: Limb[] = [body.keep(TYPE.i64), offset[1], offset[2], offset[3]];
  isNotZero(body, upper);
  faultWhen(scope, STATUS_OF.outOfGas);
  const pushEnd = (): void => {
    push(body, low);
    body.i64(BigInt(length));
    body.op(op.i64Add);
  };
  pushEnd();
  body.get(REGISTERS.size);
  body.op(op.i64Extend);
  body.op(op.i64Above);
  body.when(() => grow(scope, pushEnd));
  push(body, low);
  body.op(op.i32Wrap);
  return { local: body.keep(TYPE.i32), offset: 0 };
}

function grow(scope: Scope, pushEnd: () => void): void {
  const { body } = scope;
  body.get(REGISTERS.frame);
  body.get(REGISTERS.gas);
  pushEnd();
  body.call(kernelFunction("growFor"));
  setGas(scope);
  reloadSize(scope);
}

function pushPlace({ body }: Scope, { local }: Place): void {
  body.get(REGISTERS.memory);
  if (local === null) return;
  body.get(local);
  body.op(op.i32Add);
}

/** @returns false when the frame has ended */
export function loadWord(scope: Scope): boolean {
  const { body, stack } = scope;
  const place = reach(scope, stack.limbs(stack.pop()), WORD_BYTES);
  if (place === null) return false;
  // Memory has the most significant byte first.
  const half = (offset: number): [number, number] => {
    pushPlace(scope, place);
    body.loadVector(place.offset + offset);
    body.reverseVector(body.keep(TYPE.v128));
    const reversed = body.keep(TYPE.v128);
    const lane = (index: number): number => {
      body.get(reversed);
      body.extract64(index);
      return body.keep(TYPE.i64);
    };
    return [lane(0), lane(1)];
  };
  const [third, high] = half(0);
  const [low, second] = half(16);
  stack.push([low, second, third, high]);
  return true;
}

export function storeWord(scope: Scope): boolean {
  const { body, stack } = scope;
  const offset = stack.limbs(stack.pop());
  const value = stack.pop();
  const halves = [vectorOf(scope, value, 2), vectorOf(scope, value, 0)];
  const place = reach(scope, offset, WORD_BYTES);
  if (place === null) return false;
  for (const [index, vector] of halves.entries()) {
    pushPlace(scope, place);
    body.reverseVector(vector);
    body.storeVector(place.offset + 16 * index);
  }
  return true;
}

/** Two limbs, from `first` on, as one vector in a local. */
function vectorOf({ body, stack }: Scope, word: Word, first: 0 | 2): number {
  if (word.limbs === null && word.home !== null) {
    stack.pushBase(word.home);
    body.loadVector(word.home.offset + 8 * first);
    return body.keep(TYPE.v128);
  }
  const limbs = stack.limbs(word);
  push(body, limbs[first]);
  body.splat64();
  push(body, limbs[first + 1] as Limb);
  body.replace64(1);
  return body.keep(TYPE.v128);
}

export function storeByte(scope: Scope): boolean {
  const { body, stack } = scope;
  const offset = stack.limbs(stack.pop());
  const value = stack.limbs(stack.pop());
  const place = reach(scope, offset, 1);
  if (place === null) return false;
  pushPlace(scope, place);
  push(body, value[0]);
  body.op(op.i32Wrap);
  body.store8(place.offset);
  return true;
}

const HASH_WORD_GAS = 6;
/** Longer ones are as rare as their price is high. */
const HASHED_BYTES_MAX = 4_096n;

/** @returns false when the frame has ended, `null` when the length is not known: nothing has been done */
export function hashMemory(scope: Scope): boolean | null {
  const { body, stack } = scope;
  const offset = stack.pop();
  const length = stack.pop();
  const known = length.limbs === null ? null : constantOf(length.limbs);
  if (known === null || known === 0n || known > HASHED_BYTES_MAX) {
    stack.pushWord(length);
    stack.pushWord(offset);
    return null;
  }
  const bytes = Number(known);
  const place = reach(scope, stack.limbs(offset), bytes);
  if (place === null) return false;
  charge(scope, HASH_WORD_GAS * Math.ceil(bytes / WORD_BYTES));
  body.i32(resultAddress(scope));
  pushPlace(scope, place);
  body.i32(place.offset);
  body.op(op.i32Add);
  body.i32(bytes);
  body.call(kernelFunction("hashWord"));
  stack.push(takeResult(scope));
  return true;
}
