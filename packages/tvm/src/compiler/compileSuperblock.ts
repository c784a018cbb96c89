// One superblock becomes one function.
import { FIELD } from "../interpreter/kernel.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { ENVIRONMENT } from "./environment.ts";
import { goTo, jump, jumpIf, stop } from "./jumps.ts";
import { ZERO_LIMBS } from "./limbs.ts";
import { hashMemory, loadWord, storeByte, storeWord } from "./memoryAccess.ts";
import { OPCODE } from "./opcode.ts";
import {
  charge,
  fault,
  kernelFunction,
  type ModuleScope,
  REGISTER_COUNT,
  REGISTERS,
  reloadSize,
  type Scope,
  STATUS_OF,
  storeGas,
} from "./scope.ts";
import { loadSlot, storeSlot } from "./storageAccess.ts";
import { givesWord, heightChange, type Instruction, readSuperblock, type Segment } from "./superblock.ts";
import { constantWord, VirtualStack, WORD_BYTES } from "./virtualStack.ts";
import { FunctionBody } from "./wasm/functionBody.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

const STACK_WORDS_MAX = 1_024;

export function compileSuperblock(module: ModuleScope, start: number): FunctionBody {
  const { segments, next } = readSuperblock(module.code, start, module.table);
  const body = new FunctionBody(REGISTER_COUNT, module.room);
  const takes = segments.at(-1)?.takes ?? 0;
  const bottom = enter(body, takes);
  const stack = VirtualStack.entered(body, bottom, takes);
  const scope: Scope = { ...module, start, body, stack, memoryKnown: 0 };
  let checked = { takes: 0, growth: 0 };
  for (const segment of segments) {
    checked = checkStack(scope, segment, checked);
    charge(scope, segment.staticGas);
    for (const instruction of segment.instructions) if (!compile(scope, instruction)) return body;
  }
  if (next !== null) goTo(scope, next);
  return body;
}

/** A local with the address of the lowest word that is touched. */
function enter(body: FunctionBody, takes: number): number {
  body.get(REGISTERS.top);
  body.i32(WORD_BYTES * (1 - takes));
  body.op(op.i32Add);
  return body.keep(TYPE.i32);
}

type Bounds = Pick<Segment, "takes" | "growth">;

/** That the words are there which the segment takes, and room for those it adds: one comparison for both. */
function checkStack(scope: Scope, segment: Segment, checked: Bounds): Bounds {
  const { takes, growth } = segment;
  if (takes <= checked.takes && growth <= checked.growth) return checked;
  const { body } = scope;
  const pushHeight = (): void => {
    body.get(REGISTERS.top);
    body.get(REGISTERS.frame);
    body.load32(FIELD.stack);
    body.op(op.i32Subtract);
  };
  pushHeight();
  body.i32(WORD_BYTES * takes);
  body.op(op.i32Subtract);
  // What is missing makes this wrap around.
  body.i32(WORD_BYTES * (STACK_WORDS_MAX - takes - growth));
  body.op(op.i32Above);
  body.when(() => {
    // 5 where there is no room, 4 where there are too few words.
    body.i32(STATUS_OF.stackOverflow);
    pushHeight();
    body.i32(WORD_BYTES * takes);
    body.op(op.i32Below);
    body.op(op.i32Subtract);
    body.op(op.return);
  });
  return { takes, growth };
}

/** @returns false when nothing behind the instruction is reached */
function compile(scope: Scope, instruction: Instruction): boolean {
  const { opcode, operand, pc } = instruction;
  const { stack, table } = scope;
  if (!table.exists(opcode)) return ended(() => fault(scope, STATUS_OF.invalidOpcode));
  if (opcode >= OPCODE.push0 && opcode <= OPCODE.push32) return goesOn(() => stack.pushWord(constantWord(operand)));
  if (opcode >= OPCODE.dup1 && opcode <= OPCODE.dup16) return goesOn(() => stack.duplicate(opcode - OPCODE.dup1 + 1));
  if (opcode >= OPCODE.swap1 && opcode <= OPCODE.swap16) return goesOn(() => stack.swap(opcode - OPCODE.swap1 + 1));
  const simple = ARITHMETIC.get(opcode) ?? ENVIRONMENT.get(opcode);
  if (simple !== undefined) return goesOn(() => simple(scope, pc));
  switch (opcode) {
    case OPCODE.jumpDestination:
      return true;
    case OPCODE.pop:
      return goesOn(() => stack.pop());
    case OPCODE.blobHash:
      // No transaction of this chain has blobs.
      stack.pop();
      return goesOn(() => stack.push(ZERO_LIMBS));
    case OPCODE.loadWord:
      return loadWord(scope);
    case OPCODE.storeWord:
      return storeWord(scope);
    case OPCODE.storeByte:
      return storeByte(scope);
    case OPCODE.hash:
      return hashMemory(scope) ?? carryOut(scope, instruction);
    case OPCODE.loadSlot:
      return goesOn(() => loadSlot(scope));
    case OPCODE.storeSlot:
      return goesOn(() => storeSlot(scope));
    case OPCODE.jumpIf:
      return goesOn(() => jumpIf(scope));
    case OPCODE.jump:
      return ended(() => jump(scope));
    case OPCODE.stop:
      return ended(() => stop(scope));
    default:
      return carryOut(scope, instruction);
  }
}

function goesOn(write: () => unknown): true {
  write();
  return true;
}

function ended(write: () => void): false {
  write();
  return false;
}

/** The kernel carries the instruction out on the frame, as it does for the interpreter. */
function carryOut(scope: Scope, { opcode, next }: Instruction): boolean {
  const { body, stack, table, addresses } = scope;
  stack.settle();
  storeGas(scope);
  body.get(REGISTERS.frame);
  stack.pushTop();
  body.store32(FIELD.top);
  body.i32(opcode);
  body.get(REGISTERS.frame);
  body.i32(addresses.context);
  body.call(kernelFunction("carryOut"));
  if (LEAVES.has(opcode)) {
    const isCall = opcode !== OPCODE.return && opcode !== OPCODE.revert && opcode !== OPCODE.selfDestruct;
    if (isCall) {
      scope.resumeAt(next);
      body.get(REGISTERS.frame);
      body.i32(next);
      body.store32(FIELD.pc);
    }
    body.op(op.return);
    return false;
  }
  const status = body.local(TYPE.i32);
  body.tee(status);
  body.i32(STATUS_OF.goesOn);
  body.op(op.i32NotEqual);
  body.when(() => {
    body.get(status);
    body.op(op.return);
  });
  body.get(REGISTERS.frame);
  body.load64(FIELD.gas);
  body.set(REGISTERS.gas);
  reloadSize(scope);
  const given = givesWord(opcode, table);
  for (let count = given - heightChange(opcode, table); count > 0; count--) stack.pop();
  if (given === 1) stack.pushWritten();
  return true;
}

/** The frame ends with these, or the host takes over: their status is the function's. */
const LEAVES: ReadonlySet<number> = new Set([OPCODE.return, OPCODE.revert, OPCODE.selfDestruct, ...OPCODE.calls]);
