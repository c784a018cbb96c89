// A stretch of code that one function is made of: it is entered at its beginning only, and may be left at every JUMPI.
import type { InstructionTable } from "./instructionTable.ts";
import { OPCODE } from "./opcode.ts";

/** Longer ones go on in another function: what V8's optimiser spends on a function grows faster than its length. */
export const INSTRUCTIONS_MAX = 64;

export interface Instruction {
  readonly pc: number;
  readonly opcode: number;
  /** What a PUSH pushes; 0 for all others. */
  readonly operand: bigint;
  /** Where the next instruction begins. */
  readonly next: number;
}

/** Instructions whose static gas and stack needs are settled together, before the first of them. */
export interface Segment {
  readonly instructions: readonly Instruction[];
  readonly staticGas: number;
  /** Words that must be on the stack when the superblock is entered, for everything up to this segment's end. */
  readonly takes: number;
  /** By how many words the stack may become higher than it was at the entry, up to this segment's end. */
  readonly growth: number;
}

export interface Superblock {
  readonly segments: readonly Segment[];
  /** Where code goes on behind the last instruction; `null` when that one ends the frame or jumps away. */
  readonly next: number | null;
}

/** Nothing follows these in the same function: the frame ends, the host has to act, or code goes on elsewhere. */
const isLast = (opcode: number): boolean => LAST.has(opcode);
const LAST: ReadonlySet<number> = new Set([
  OPCODE.stop,
  OPCODE.jump,
  OPCODE.return,
  OPCODE.revert,
  OPCODE.selfDestruct,
  ...OPCODE.calls,
]);

/** Gas that is left is seen by these, or code may leave here: what follows is not charged for yet. */
const endsSegment = (opcode: number): boolean =>
  opcode === OPCODE.gas || opcode === OPCODE.storeSlot || opcode === OPCODE.jumpIf;

export function readInstruction(code: Uint8Array, pc: number): Instruction {
  const opcode = code[pc] ?? OPCODE.stop;
  const size = opcode >= OPCODE.push1 && opcode <= OPCODE.push32 ? opcode - OPCODE.push0 : 0;
  let operand = 0n;
  for (let at = pc + 1; at <= pc + size; at++) operand = (operand << 8n) | BigInt(code[at] ?? 0);
  return { pc, opcode, operand, next: pc + 1 + size };
}

export function readSuperblock(code: Uint8Array, start: number, table: InstructionTable): Superblock {
  const segments: Segment[] = [];
  let instructions: Instruction[] = [];
  let staticGas = 0;
  let height = 0;
  let takes = 0;
  let growth = 0;
  const endSegment = (): void => {
    segments.push({ instructions, staticGas, takes, growth });
    instructions = [];
    staticGas = 0;
  };
  let pc = start;
  for (let count = 1; ; count++) {
    const instruction = readInstruction(code, pc);
    const { opcode } = instruction;
    instructions.push(instruction);
    if (!table.exists(opcode)) {
      endSegment();
      return { segments, next: null };
    }
    staticGas += table.staticGas(opcode);
    takes = Math.max(takes, table.takes(opcode) - height);
    growth = Math.max(growth, height + table.growth(opcode));
    height += heightChange(opcode, table);
    pc = instruction.next;
    if (isLast(opcode)) {
      endSegment();
      return { segments, next: null };
    }
    const isFull = count === INSTRUCTIONS_MAX || code[pc] === OPCODE.jumpDestination;
    if (isFull || endsSegment(opcode)) endSegment();
    if (isFull) {
      if (instructions.length > 0) endSegment();
      return { segments, next: pc };
    }
  }
}

/** By how many words the stack is higher after an instruction that goes on within the frame. */
export function heightChange(opcode: number, table: InstructionTable): number {
  if (opcode >= OPCODE.swap1 && opcode <= OPCODE.swap16) return 0;
  if (opcode >= OPCODE.dup1 && opcode <= OPCODE.dup16) return 1;
  return givesWord(opcode, table) - table.takes(opcode);
}

/** 1 for instructions that leave a word. */
export function givesWord(opcode: number, table: InstructionTable): number {
  if (table.growth(opcode) === 1) return 1;
  return table.takes(opcode) > 0 && !NOTHING_LEFT.has(opcode) ? 1 : 0;
}

const NOTHING_LEFT: ReadonlySet<number> = new Set([
  OPCODE.jumpDestination,
  OPCODE.pop,
  OPCODE.storeWord,
  OPCODE.storeByte,
  OPCODE.storeSlot,
  OPCODE.storeTransient,
  OPCODE.jump,
  OPCODE.jumpIf,
  OPCODE.return,
  OPCODE.revert,
  OPCODE.selfDestruct,
  ...OPCODE.copies,
  ...OPCODE.logs,
]);
