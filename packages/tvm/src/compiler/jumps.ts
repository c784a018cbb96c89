// Leaving a superblock: to another one that is known, to one that the stack names, or out of the frame.
import { FIELD } from "../interpreter/kernel.ts";
import { isNotZero } from "./comparison.ts";
import { constantOf, type Limbs, push } from "./limbs.ts";
import { fault, faultWhen, REGISTERS, type Scope, STATUS_OF, storeGas } from "./scope.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

/** An entry of the map of functions: the place in the module's table and 1; 0 where no function begins. */
export const ENTRY_BYTES = 4;
/** In an entry: the host may go on there, a jump may not. */
export const RESUME_ONLY = 0x8000_0000;

function pushRegisters({ body, stack }: Scope): void {
  body.get(REGISTERS.gas);
  stack.pushTop();
  body.get(REGISTERS.frame);
  body.get(REGISTERS.memory);
  body.get(REGISTERS.size);
}

/**
 * Code that may have been here before comes back when its slice is used up (adapters/assembly/evm/slice.ts). Everything is
 * settled; `pushTarget` leaves where the frame goes on.
 */
function pauseWhenUsed(scope: Scope, pushTarget: () => void): void {
  const { body, stack, addresses } = scope;
  body.get(REGISTERS.gas);
  body.i32(0);
  body.load64(addresses.pauseBelow);
  body.op(op.i64BelowSigned);
  body.when(() => {
    storeGas(scope);
    body.get(REGISTERS.frame);
    stack.pushTop();
    body.store32(FIELD.top);
    body.get(REGISTERS.frame);
    pushTarget();
    body.store32(FIELD.pc);
    body.i32(STATUS_OF.paused);
    body.op(op.return);
  });
}

/** Goes on with the superblock at `pc`. */
export function goTo(scope: Scope, pc: number): void {
  scope.stack.settle();
  if (pc <= scope.start) pauseWhenUsed(scope, () => scope.body.i32(pc));
  pushRegisters(scope);
  scope.body.tailCall(scope.functionAt(pc));
}

/** Jumps to where the stack says. */
function jumpTo(scope: Scope, target: Limbs): void {
  const value = constantOf(target);
  if (value !== null) {
    const isValid = value < BigInt(scope.code.length) && scope.isJumpTarget(Number(value));
    if (isValid) goTo(scope, Number(value));
    else fault(scope, STATUS_OF.invalidJump);
    return;
  }
  const { body, stack, code } = scope;
  stack.settle();
  isNotZero(body, target.slice(1));
  push(body, target[0]);
  body.i64(BigInt(code.length));
  body.op(op.i64AtLeast);
  body.op(op.i32Or);
  faultWhen(scope, STATUS_OF.invalidJump);
  body.get(REGISTERS.frame);
  body.load32(FIELD.functions);
  push(body, target[0]);
  body.op(op.i32Wrap);
  body.i32(2);
  body.op(op.i32ShiftLeft);
  body.op(op.i32Add);
  body.load32(0);
  const entry = body.keep(TYPE.i32);
  body.get(entry);
  body.i32(1);
  body.op(op.i32BelowSigned);
  faultWhen(scope, STATUS_OF.invalidJump);
  pauseWhenUsed(scope, () => {
    push(body, target[0]);
    body.op(op.i32Wrap);
  });
  pushRegisters(scope);
  body.get(entry);
  body.i32(1);
  body.op(op.i32Subtract);
  body.tailCallIndirect(scope.superblockType);
}

export function jump(scope: Scope): void {
  jumpTo(scope, scope.stack.limbs(scope.stack.pop()));
}

/** What follows it is only reached when the jump is not taken. */
export function jumpIf(scope: Scope): void {
  const { body, stack } = scope;
  const target = stack.limbs(stack.pop());
  const condition = stack.pop();
  if (condition.flag !== null) body.get(condition.flag);
  else isNotZero(body, stack.limbs(condition));
  body.when(() => jumpTo({ ...scope, stack: stack.fork() }, target));
}

/** STOP */
export function stop(scope: Scope): void {
  storeGas(scope);
  scope.body.i32(STATUS_OF.stop);
  scope.body.op(op.return);
}
