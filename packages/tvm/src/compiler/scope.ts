// What the parts of the compiler share while they write one function: a superblock's code.
import { FIELD } from "../interpreter/kernel.ts";
import type { InstructionTable } from "./instructionTable.ts";
import { KERNEL_FUNCTION_NAMES, type KernelAddresses, type KernelFunction, SCRATCH_OPERANDS } from "./kernelLinks.ts";
import type { Limbs } from "./limbs.ts";
import { type VirtualStack, WORD_BYTES, type Word, wordAt } from "./virtualStack.ts";
import type { ByteWriter } from "./wasm/byteWriter.ts";
import type { FunctionBody } from "./wasm/functionBody.ts";
import type { FunctionType } from "./wasm/moduleWriter.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

/** Every function of a superblock takes the frame's registers, and hands them on: gas, top of stack, frame, memory's
 * address, memory's size (always what the frame says, too). */
export const REGISTERS = { gas: 0, top: 1, frame: 2, memory: 3, size: 4 } as const;
export const REGISTER_COUNT = 5;
export const SUPERBLOCK_TYPE: FunctionType = {
  takes: [TYPE.i64, TYPE.i32, TYPE.i32, TYPE.i32, TYPE.i32],
  gives: [TYPE.i32],
};

/** Statuses: adapters/assembly/evm/layout.ts. */
export const STATUS_OF = {
  goesOn: -1,
  stop: 0,
  outOfGas: 3,
  stackOverflow: 5,
  invalidJump: 6,
  invalidOpcode: 7,
  staticStateChange: 9,
  paused: 19,
} as const;

/** What does not change from one function of a module to the next. */
export interface ModuleScope {
  readonly code: Uint8Array;
  readonly table: InstructionTable;
  readonly addresses: KernelAddresses;
  /** What functions are written into, one at a time. */
  readonly room: ByteWriter;
  /** Index of the function that multiplies. */
  readonly product: number;
  /** Index of a superblock's type. */
  readonly superblockType: number;
  isJumpTarget(pc: number): boolean;
  /** Index of the function that begins at `pc`; it will be written. */
  functionAt(pc: number): number;
  /** The host goes on at `pc` after a call. */
  resumeAt(pc: number): void;
}

export interface Scope extends ModuleScope {
  /** Where the superblock begins in the code. */
  readonly start: number;
  readonly body: FunctionBody;
  readonly stack: VirtualStack;
  /** Bytes that memory is known to have at this place. */
  memoryKnown: number;
}

export const kernelFunction = (name: KernelFunction): number => KERNEL_FUNCTION_NAMES.indexOf(name);

export const resultAddress = ({ addresses }: Scope): number => addresses.scratch + SCRATCH_OPERANDS * WORD_BYTES;

/** Ends the frame with a fault: all of its gas is gone. */
export function fault({ body }: Scope, status: number): void {
  body.i32(status);
  body.op(op.return);
}

export function faultWhen(scope: Scope, status: number): void {
  scope.body.when(() => fault(scope, status));
}

/** Takes an i64 from WebAssembly's stack as what gas there is now; a negative one ends the frame. */
export function setGas(scope: Scope): void {
  const { body } = scope;
  body.tee(REGISTERS.gas);
  body.i64(0n);
  body.op(op.i64BelowSigned);
  faultWhen(scope, STATUS_OF.outOfGas);
}

export function charge(scope: Scope, gas: number): void {
  if (gas === 0) return;
  scope.body.get(REGISTERS.gas);
  scope.body.i64(BigInt(gas));
  scope.body.op(op.i64Subtract);
  setGas(scope);
}

export function storeGas({ body }: Scope): void {
  body.get(REGISTERS.frame);
  body.get(REGISTERS.gas);
  body.store64(FIELD.gas);
}

export function reloadSize({ body }: Scope): void {
  body.get(REGISTERS.frame);
  body.load32(FIELD.memorySize);
  body.set(REGISTERS.size);
}

/** Has the kernel compute on words. */
export function compute(scope: Scope, name: KernelFunction, operands: readonly Word[]): Limbs {
  const { body, stack, addresses } = scope;
  const pushes = operands.map((word, index) => stack.prepareAddress(word, addresses.scratch + index * WORD_BYTES));
  body.i32(resultAddress(scope));
  for (const pushAddress of pushes) pushAddress();
  body.call(kernelFunction(name));
  return takeResult(scope);
}

export function takeResult(scope: Scope): Limbs {
  return scope.stack.limbs(wordAt({ base: null, offset: resultAddress(scope) }));
}
