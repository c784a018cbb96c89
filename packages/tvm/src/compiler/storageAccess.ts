// SLOAD and SSTORE: the kernel finds slots and prices, and the rest of the stack stays where it is.
import {
  fault,
  faultWhen,
  kernelFunction,
  REGISTERS,
  resultAddress,
  type Scope,
  STATUS_OF,
  setGas,
  storeGas,
  takeResult,
} from "./scope.ts";
import { WORD_BYTES } from "./virtualStack.ts";
import { OPERATION as op } from "./wasm/operation.ts";

/** What the kernel answers instead of gas. */
const IS_STATIC = -2n;

export function loadSlot(scope: Scope): void {
  const { body, stack, addresses } = scope;
  const pushKey = stack.prepareAddress(stack.pop(), addresses.scratch);
  body.get(REGISTERS.gas);
  body.i32(resultAddress(scope));
  body.get(REGISTERS.frame);
  pushKey();
  body.call(kernelFunction("slotOf"));
  body.op(op.i64Subtract);
  setGas(scope);
  stack.push(takeResult(scope));
}

export function storeSlot(scope: Scope): void {
  const { body, stack, addresses } = scope;
  const pushKey = stack.prepareAddress(stack.pop(), addresses.scratch);
  const pushValue = stack.prepareAddress(stack.pop(), addresses.scratch + WORD_BYTES);
  body.get(REGISTERS.frame);
  body.get(REGISTERS.gas);
  pushKey();
  pushValue();
  body.call(kernelFunction("putSlot"));
  body.tee(REGISTERS.gas);
  body.i64(0n);
  body.op(op.i64BelowSigned);
  body.when(() => {
    // All of it is used, which is what slices and heat are counted by.
    storeGas(scope);
    body.get(REGISTERS.gas);
    body.i64(IS_STATIC);
    body.op(op.i64Equal);
    faultWhen(scope, STATUS_OF.staticStateChange);
    fault(scope, STATUS_OF.outOfGas);
  });
}
