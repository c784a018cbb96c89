// What compiled code asks the kernel for: functions by name, in the order in which they are imported, and addresses.
import type { FunctionType } from "./wasm/moduleWriter.ts";
import { TYPE, type ValueType } from "./wasm/operation.ts";

const { i32, i64 } = TYPE;
const addresses = (count: number): ValueType[] => Array.from({ length: count }, () => i32);
const onWords = (count: number): FunctionType => ({ takes: addresses(count), gives: [] });

/** Functions that compute take the address of the result first, then those of the operands. */
export const KERNEL_FUNCTIONS = {
  quotientOf: onWords(3),
  quotientOfSigned: onWords(3),
  remainderOf: onWords(3),
  remainderOfSigned: onWords(3),
  power: onWords(3),
  signExtend: onWords(3),
  byteAt: onWords(3),
  shiftLeft: onWords(3),
  shiftRight: onWords(3),
  shiftRightSigned: onWords(3),
  countLeadingZeros: onWords(2),
  sumModulo: onWords(4),
  productModulo: onWords(4),
  /** Result, frame, offset. */
  loadInputWord: onWords(3),
  /** Result, address, number of bytes. */
  hashWord: onWords(3),
  /** Result, frame, key. @returns the price */
  slotOf: { takes: addresses(3), gives: [i64] },
  /** Frame, gas, key, value. @returns the gas that is left; -1 when it does not do, -2 when the frame is static */
  putSlot: { takes: [i32, i64, i32, i32], gives: [i64] },
  /** Bytes of an exponent. */
  significantBytes: { takes: addresses(1), gives: [i32] },
  returnDataSize: { takes: [], gives: [i32] },
  /** Opcode, frame, context. @returns a status */
  carryOut: { takes: addresses(3), gives: [i32] },
  /** Frame, gas, end. @returns the gas that is left, or a negative number when memory has not grown */
  growFor: { takes: [i32, i64, i64], gives: [i64] },
} as const satisfies Readonly<Record<string, FunctionType>>;

export type KernelFunction = keyof typeof KERNEL_FUNCTIONS;
export const KERNEL_FUNCTION_NAMES = Object.keys(KERNEL_FUNCTIONS) as readonly KernelFunction[];

/** Static addresses in the kernel's memory: the same in every instance of one build. */
export interface KernelAddresses {
  readonly context: number;
  /** A running frame that jumps with less gas than is written here pauses. */
  readonly pauseBelow: number;
  /** Room for four words, operands that lie nowhere else, and the result of a function. */
  readonly scratch: number;
}

export const SCRATCH_OPERANDS = 3;
