import { bytesToHex, type Hex } from "@festina/primitives";
import type { ExecutionTracer, TracedCall, TracedEnding, TracedStep, TracedStepEnd } from "./tracer.ts";

/** Every instruction of some code, in the form that OpenEthereum's `vmTrace` has. */
export interface VmTrace {
  readonly code: Hex;
  readonly ops: VmOperation[];
}

export interface VmOperation {
  readonly pc: number;
  /** With what a call or creation takes along. */
  cost: number;
  /** What the instruction did; `null` for one that failed. */
  ex: VmEffect | null;
  /** Of the code that it called; `null` where there is none. */
  sub: VmTrace | null;
}

export interface VmEffect {
  /** Gas that is left. */
  readonly used: number;
  /** The words that the instruction leaves on the stack, lowest first. */
  readonly push: readonly Hex[];
  /** What memory holds where the instruction read or wrote a word, or copied to. */
  readonly mem: { readonly off: number; readonly data: Hex } | null;
  readonly store: { readonly key: Hex; readonly val: Hex } | null;
}

/** An instruction whose effect is not known yet. */
interface OpenOperation {
  readonly operation: VmOperation;
  readonly opcode: number;
  readonly gas: number;
  readonly writes: { readonly off: number; readonly length: number } | null;
  readonly store: VmEffect["store"];
}

/** A call that has not ended. */
interface Frame {
  /** `null` until its code begins: a call of what has no code stays so. */
  trace: VmTrace | null;
  open: OpenOperation | null;
}

const REVERTED = "execution reverted";
/** Of one trace, as text. */
const BYTES_MAX = 20 * 1024 * 1024;
const OPERATION_BYTES = 90;
const WORD_BYTES = 32;
const SSTORE = 0x55;
const RETURN = 0xf3;
const [DUP1, SWAP1, LOG0] = [0x80, 0x90, 0xa0];
/** STOP, copies into memory, POP, MSTORE, MSTORE8, SSTORE, JUMP, JUMPI, JUMPDEST, TSTORE, MCOPY, and what ends code. */
const WITHOUT_RESULT: ReadonlySet<number> = new Set([
  ...[0x00, 0x37, 0x39, 0x3c, 0x3e, 0x50, 0x52, 0x53, 0x55, 0x56, 0x57, 0x5b, 0x5d, 0x5e, 0xf3, 0xfd, 0xfe, 0xff],
]);
/** How many words below the top say where memory is written, and how much; or how many bytes it always is. */
type WrittenRange = readonly [off: number, length: number | { readonly bytes: number }];

const writing = (opcodes: readonly number[], range: WrittenRange): readonly (readonly [number, WrittenRange])[] =>
  opcodes.map((opcode) => [opcode, range] as const);
const WRITES: ReadonlyMap<number, WrittenRange> = new Map([
  // MLOAD and MSTORE; MSTORE8
  ...writing([0x51, 0x52], [0, { bytes: WORD_BYTES }]),
  ...writing([0x53], [0, { bytes: 1 }]),
  // CALLDATACOPY, CODECOPY, RETURNDATACOPY, MCOPY; EXTCODECOPY
  ...writing([0x37, 0x39, 0x3e, 0x5e], [0, 2]),
  ...writing([0x3c], [1, 3]),
  // CALL and CALLCODE; DELEGATECALL and STATICCALL
  ...writing([0xf1, 0xf2], [5, 6]),
  ...writing([0xf4, 0xfa], [4, 5]),
]);

const hexWord = (word: bigint): Hex => `0x${word.toString(16)}`;

/** DUP and SWAP count everything from the word they reach for up to the top. */
function resultsOf(opcode: number): number {
  if (opcode >= DUP1 && opcode < LOG0) return ((opcode - DUP1) % (SWAP1 - DUP1)) + 2;
  const isLog = opcode >= LOG0 && opcode <= LOG0 + 4;
  return isLog || WITHOUT_RESULT.has(opcode) ? 0 : 1;
}

function rangeWritten(step: TracedStep): OpenOperation["writes"] {
  const places = WRITES.get(step.opcode);
  if (places === undefined) return null;
  const [off, length] = places;
  const from = step.peek(off);
  const bytes = typeof length === "number" ? step.peek(length) : BigInt(length.bytes);
  // Memory that cannot be paid for is not written.
  if (bytes === 0n || from + bytes > BigInt(BYTES_MAX)) return null;
  return { off: Number(from), length: Number(bytes) };
}

export class VmTracer implements ExecutionTracer {
  readonly #frames: Frame[] = [];
  #top: VmTrace | null = null;
  #bytes = 0;

  /** About what the trace takes as text. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  get isTooLarge(): boolean {
    return this.#bytes > BYTES_MAX;
  }

  /** Of the run's own code; without steps where it has none. */
  get result(): VmTrace {
    return this.#top ?? { code: "0x", ops: [] };
  }

  onEnter({ kind, gas }: TracedCall): void {
    const open = this.#frames.at(-1)?.open;
    if (open != null && (kind === "CREATE" || kind === "CREATE2")) open.operation.cost += gas;
    this.#frames.push({ trace: null, open: null });
  }

  onStep(step: TracedStep): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    this.#close(frame, step);
    frame.trace ??= this.#begin(step);
    const operation: VmOperation = { pc: step.pc, cost: 0, ex: null, sub: null };
    frame.trace.ops.push(operation);
    this.#bytes += OPERATION_BYTES;
    const { opcode, gas } = step;
    const store = opcode === SSTORE ? { key: hexWord(step.peek(0)), val: hexWord(step.peek(1)) } : null;
    frame.open = { operation, opcode, gas, writes: rangeWritten(step), store };
  }

  onStepEnd({ cost, error }: TracedStepEnd): void {
    const frame = this.#frames.at(-1);
    if (frame?.open == null) return;
    frame.open.operation.cost = cost;
    if (error !== null) frame.open = null;
  }

  onExit({ error }: TracedEnding): void {
    const open = this.#frames.pop()?.open;
    if (open == null) return;
    const { operation, opcode, gas } = open;
    // What RETURN gives back may still be refused as code.
    if (error !== null && error !== REVERTED && opcode !== RETURN) return;
    operation.ex = { used: gas - operation.cost, push: [], mem: null, store: null };
  }

  /** Code begins: its trace belongs to the instruction that called it. */
  #begin(step: TracedStep): VmTrace {
    const code = step.code();
    const trace: VmTrace = { code: bytesToHex(code), ops: [] };
    this.#bytes += 2 * code.length;
    const caller = this.#frames.at(-2)?.open;
    if (caller == null) this.#top = trace;
    else caller.operation.sub = trace;
    return trace;
  }

  /** The instruction before this one is over: what it did can be seen. */
  #close(frame: Frame, step: TracedStep): void {
    if (frame.open === null) return;
    const { operation, opcode, writes, store } = frame.open;
    frame.open = null;
    const count = resultsOf(opcode);
    const push = Array.from({ length: count }, (_, index) => hexWord(step.peek(count - 1 - index)));
    for (const word of push) this.#bytes += word.length + 3;
    this.#bytes += store === null ? 0 : store.key.length + store.val.length;
    this.#bytes += 2 * (writes?.length ?? 0);
    const isShown = writes !== null && !this.isTooLarge;
    const mem = isShown ? { off: writes.off, data: bytesToHex(step.memory(writes.off, writes.length)) } : null;
    operation.ex = { used: step.gas, push, mem, store };
  }
}
