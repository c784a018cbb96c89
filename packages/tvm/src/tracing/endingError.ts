// Why code ended, in the words that Ethereum tools know from geth.
import { instructionName } from "./instructionNames.ts";

const STACK_WORDS_MAX = 1_024;

/** By status of the kernel (interpreter/ending.ts). What depends on the instruction is told below. */
const TEXTS: ReadonlyMap<number, string> = new Map([
  [2, "execution reverted"],
  [3, "out of gas"],
  [6, "invalid jump destination"],
  [8, "return data out of bounds"],
  [9, "write protection"],
  [10, "contract address collision"],
  [11, "invalid code: must not begin with 0xef"],
  [12, "max code size exceeded"],
  [13, "precompiled contract failed"],
  [14, "balance overflow"],
]);

export const STATUS = { outOfGas: 3, stackUnderflow: 4, stackOverflow: 5, invalidOpcode: 7 } as const;
export const CODE_STORE_OUT_OF_GAS = "contract creation code storage out of gas";
const SENTRY_TEXT = "out of gas: not enough gas for reentrancy sentry";
const SENTRY_GAS = 2_300;
const SSTORE = 0x55;

/** The instruction that was last, as far as errors speak of it. */
export interface LastInstruction {
  readonly opcode: number;
  readonly gas: number;
  readonly stackHeight: number;
  /** Words that it needs. */
  readonly takes: number;
}

export function endingError(status: number, last: LastInstruction | null): string | null {
  if (status < 2) return null;
  if (last !== null) {
    const { opcode, gas, stackHeight, takes } = last;
    if (status === STATUS.stackUnderflow) return `stack underflow (${stackHeight} <=> ${takes})`;
    if (status === STATUS.stackOverflow) return `stack limit reached ${stackHeight} (${STACK_WORDS_MAX - 1})`;
    if (status === STATUS.invalidOpcode) return `invalid opcode: ${instructionName(opcode)}`;
    if (status === STATUS.outOfGas && opcode === SSTORE && gas <= SENTRY_GAS) return SENTRY_TEXT;
  }
  return TEXTS.get(status) ?? `status ${status}`;
}
