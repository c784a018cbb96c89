// Bytecode becomes a module of WebAssembly: a function for every place where code is entered.
import { fail, ok, type Result } from "@festina/primitives";
import { FIELD } from "../interpreter/kernel.ts";
import { type CompileBounds, type CompileRefusal, moduleBytesMaxOf } from "./compileBounds.ts";
import type { CompilerInput } from "./compilerInput.ts";
import { compileSuperblock } from "./compileSuperblock.ts";
import { readInstructionTable } from "./instructionTable.ts";
import { ENTRY_BYTES, RESUME_ONLY } from "./jumps.ts";
import { KERNEL_FUNCTION_NAMES, KERNEL_FUNCTIONS, type KernelFunction } from "./kernelLinks.ts";
import { OPCODE } from "./opcode.ts";
import { PRODUCT_TYPE, writeProduct } from "./product.ts";
import { type ModuleScope, SUPERBLOCK_TYPE } from "./scope.ts";
import { readInstruction } from "./superblock.ts";
import { ByteWriter } from "./wasm/byteWriter.ts";
import { FunctionBody } from "./wasm/functionBody.ts";
import { type FunctionType, type ModuleParts, writeModule } from "./wasm/moduleWriter.ts";
import { OPERATION as op, TYPE } from "./wasm/operation.ts";

export interface CompiledCode {
  readonly module: Uint8Array;
  /** By place in the code, and one behind its end: which function begins there (jumps.ts). */
  readonly functions: Uint32Array;
}

/** Exported: runs a frame from where it stands. @returns a status, as the kernel's `run` does */
export const COMPILED_ENTRY = "run";
const ENTER_TYPE: FunctionType = { takes: [TYPE.i32], gives: [TYPE.i32] };

const TYPES = [...new Set<FunctionType>(Object.values(KERNEL_FUNCTIONS)), PRODUCT_TYPE, SUPERBLOCK_TYPE, ENTER_TYPE];
const typeOf = (type: FunctionType): number => TYPES.indexOf(type);

/** Indexes of functions: the imported ones come first. */
const PRODUCT = KERNEL_FUNCTION_NAMES.length;
const ENTER = PRODUCT + 1;
const FIRST_SUPERBLOCK = ENTER + 1;

/** Nearly all code needs it. */
const COMMON_IMPORT: KernelFunction = "carryOut";
const ROOM_BYTES = 4_096;

/** Stops as soon as a bound is passed. */
export function compileCode(
  code: Uint8Array,
  { opcodes, addresses }: CompilerInput,
  bounds: CompileBounds,
): Result<CompiledCode, CompileRefusal> {
  if (code.length > bounds.codeBytesMax) return fail("CODE_TOO_LONG", `${code.length} bytes of code`);
  const room = new ByteWriter(ROOM_BYTES);
  const jumpTargets = findJumpTargets(code);
  const starts: number[] = [];
  const functions = new Uint32Array(code.length + 1);
  const place = (pc: number): number => {
    if (functions[pc] === 0) functions[pc] = starts.push(pc) | (jumpTargets[pc] === 1 ? 0 : RESUME_ONLY);
    return ((functions[pc] as number) & ~RESUME_ONLY) - 1;
  };
  const scope: ModuleScope = {
    code,
    table: readInstructionTable(opcodes),
    addresses,
    room,
    product: PRODUCT,
    superblockType: typeOf(SUPERBLOCK_TYPE),
    isJumpTarget: (pc) => jumpTargets[pc] === 1,
    functionAt: (pc) => FIRST_SUPERBLOCK + place(Math.min(pc, code.length)),
    resumeAt: (pc) => void place(Math.min(pc, code.length)),
  };
  place(0);
  for (let pc = 0; pc < code.length; pc++) if (jumpTargets[pc] === 1) place(pc);
  const superblocks = new ByteWriter(ROOM_BYTES);
  const callees = new Set<number>();
  const bytesMax = moduleBytesMaxOf(code.length, bounds);
  let bytes = 0;
  for (let index = 0; index < starts.length; index++) {
    if (starts.length > bounds.functionsMax) return fail("TOO_MANY_FUNCTIONS", `${starts.length} functions`);
    const body = compileSuperblock(scope, starts[index] as number);
    bytes += body.length;
    if (bytes > bytesMax) return fail("MODULE_TOO_LARGE", `${bytes} bytes in ${index + 1} functions`);
    for (const callee of body.callees) callees.add(callee);
    body.writeTo(superblocks);
  }
  const group = (type: FunctionType, bodies: Uint8Array, count = 1) => ({ type: typeOf(type), count, bodies });
  const module = writeModule({
    types: TYPES,
    imports: importsOf(callees),
    functions: [
      group(PRODUCT_TYPE, callees.has(PRODUCT) ? productBytes() : UNREACHABLE),
      group(ENTER_TYPE, enterBytes()),
      group(SUPERBLOCK_TYPE, superblocks.bytes, starts.length),
    ],
    table: starts.map((_, index) => FIRST_SUPERBLOCK + index),
    exported: { name: COMPILED_ENTRY, callee: ENTER },
  });
  return ok({ module, functions });
}

/**
 * A function that is not called has another one in its place: V8 writes a stub for each type of an imported function
 * with every module, for some 100 us, whether anybody calls it or not.
 */
function importsOf(callees: ReadonlySet<number>): ModuleParts["imports"] {
  return KERNEL_FUNCTION_NAMES.map((own, index) => {
    const name = callees.has(index) ? own : COMMON_IMPORT;
    return { name, type: typeOf(KERNEL_FUNCTIONS[name]) };
  });
}

function bytesOf(body: FunctionBody): Uint8Array {
  const bytes = new ByteWriter();
  body.writeTo(bytes);
  return bytes.bytes;
}

/** The same in every module. */
function once(write: () => FunctionBody): () => Uint8Array {
  let bytes: Uint8Array | null = null;
  return () => {
    bytes ??= bytesOf(write());
    return bytes;
  };
}

/** One byte per byte of code: 1 where a jump may land. */
function findJumpTargets(code: Uint8Array): Uint8Array {
  const targets = new Uint8Array(code.length + 1);
  for (let pc = 0; pc < code.length; pc = readInstruction(code, pc).next)
    if (code[pc] === OPCODE.jumpDestination) targets[pc] = 1;
  return targets;
}

/** Takes the registers out of the frame and goes on with the function at its place in the code. */
function writeEnter(): FunctionBody {
  const body = new FunctionBody(1);
  const pushField = (offset: number): void => {
    body.get(0);
    body.load32(offset);
  };
  body.get(0);
  body.load64(FIELD.gas);
  pushField(FIELD.top);
  body.get(0);
  pushField(FIELD.memory);
  pushField(FIELD.memorySize);
  pushField(FIELD.functions);
  pushField(FIELD.pc);
  body.i32(Math.log2(ENTRY_BYTES));
  body.op(op.i32ShiftLeft);
  body.op(op.i32Add);
  body.load32(0);
  body.i32(0x7fff_ffff);
  body.op(op.i32And);
  body.i32(1);
  body.op(op.i32Subtract);
  body.tailCallIndirect(typeOf(SUPERBLOCK_TYPE));
  return body;
}

const productBytes = once(writeProduct);
const enterBytes = once(writeEnter);
const UNREACHABLE = bytesOf(writeUnreachable());

function writeUnreachable(): FunctionBody {
  const body = new FunctionBody(PRODUCT_TYPE.takes.length);
  body.op(op.unreachable);
  return body;
}
