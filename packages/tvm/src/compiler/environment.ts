// Instructions that read what is at hand: the frame, the transaction, the block, the code itself.
import { CONTEXT_OFFSET, FIELD } from "../interpreter/kernel.ts";
import { keep, limbsOf } from "./limbs.ts";
import { OPCODE } from "./opcode.ts";
import { kernelFunction, REGISTERS, resultAddress, type Scope, takeResult } from "./scope.ts";
import { wordAt } from "./virtualStack.ts";
import { OPERATION as op } from "./wasm/operation.ts";

type Instruction = (scope: Scope, pc: number) => void;

const inFrame =
  (offset: number): Instruction =>
  ({ stack }) =>
    stack.pushWord(wordAt({ base: REGISTERS.frame, offset }));

const inContext =
  (offset: number): Instruction =>
  ({ stack, addresses }) =>
    stack.pushWord(wordAt({ base: null, offset: addresses.context + offset }));

/** Leaves a number that does not fit 32 bits nowhere. */
const number =
  (write: (scope: Scope) => void): Instruction =>
  (scope) => {
    write(scope);
    scope.body.op(op.i64Extend);
    scope.stack.push([keep(scope.body), 0n, 0n, 0n]);
  };

const constant =
  (value: (scope: Scope, pc: number) => number): Instruction =>
  (scope, pc) =>
    scope.stack.push(limbsOf(BigInt(value(scope, pc))));

function loadInput(scope: Scope): void {
  const { body, stack, addresses } = scope;
  const pushOffset = stack.prepareAddress(stack.pop(), addresses.scratch);
  body.i32(resultAddress(scope));
  body.get(REGISTERS.frame);
  pushOffset();
  body.call(kernelFunction("loadInputWord"));
  stack.push(takeResult(scope));
}

function gasLeft({ body, stack }: Scope): void {
  body.get(REGISTERS.gas);
  stack.push([keep(body), 0n, 0n, 0n]);
}

export const ENVIRONMENT: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  [OPCODE.address, inFrame(FIELD.address)],
  [OPCODE.caller, inFrame(FIELD.caller)],
  [OPCODE.callValue, inFrame(FIELD.value)],
  [OPCODE.origin, inContext(CONTEXT_OFFSET.origin)],
  [OPCODE.gasPrice, inContext(CONTEXT_OFFSET.gasPrice)],
  [OPCODE.coinbase, inContext(CONTEXT_OFFSET.coinbase)],
  [OPCODE.timestamp, inContext(CONTEXT_OFFSET.timestamp)],
  [OPCODE.number, inContext(CONTEXT_OFFSET.number)],
  [OPCODE.prevRandao, inContext(CONTEXT_OFFSET.prevRandao)],
  [OPCODE.gasLimit, inContext(CONTEXT_OFFSET.gasLimit)],
  [OPCODE.chainId, inContext(CONTEXT_OFFSET.chainId)],
  [OPCODE.baseFee, inContext(CONTEXT_OFFSET.baseFee)],
  [OPCODE.blobBaseFee, inContext(CONTEXT_OFFSET.blobBaseFee)],
  [OPCODE.loadInput, loadInput],
  [
    OPCODE.inputSize,
    number(({ body }) => {
      body.get(REGISTERS.frame);
      body.load32(FIELD.inputLength);
    }),
  ],
  [OPCODE.returnDataSize, number(({ body }) => body.call(kernelFunction("returnDataSize")))],
  [OPCODE.memorySize, number(({ body }) => body.get(REGISTERS.size))],
  [OPCODE.codeSize, constant(({ code }) => code.length)],
  [OPCODE.programCounter, constant((_, pc) => pc)],
  [OPCODE.gas, gasLeft],
]);
