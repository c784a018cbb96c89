import { bytesToHex } from "@festina/primitives";
import { instructionName } from "./instructionNames.ts";
import type { ExecutionTracer, TracedStep, TracedStepEnd } from "./tracer.ts";

/** What is recorded besides the plain facts of each instruction. */
export interface StructLogOptions {
  readonly withMemory: boolean;
  readonly withStack: boolean;
  readonly withStorage: boolean;
  readonly withReturnData: boolean;
  /** The first so many instructions; 0 for all. */
  readonly limit: number;
}

/** One instruction, in the form that `debug_traceTransaction` answers with. Memory and slots are hex without 0x. */
export interface StructLog {
  readonly pc: number;
  readonly op: string;
  readonly gas: number;
  gasCost: number;
  readonly depth: number;
  error?: string;
  stack?: readonly string[];
  returnData?: string;
  memory?: readonly string[];
  storage?: Readonly<Record<string, string>>;
  refund?: number;
}

const SLOAD = 0x54;
const SSTORE = 0x55;
const WORD_BYTES = 32;
/** Of one trace, as text. Answers are bounded, and so is the memory they take. */
const BYTES_MAX = 20 * 1024 * 1024;
const LOG_BYTES = 90;

export class StructLogger implements ExecutionTracer {
  readonly #options: StructLogOptions;
  readonly #logs: StructLog[] = [];
  /** Slots seen so far, by account. */
  readonly #storage = new Map<string, Record<string, string>>();
  #bytes = 0;
  #isOpen = false;

  constructor(options: StructLogOptions) {
    this.#options = options;
  }

  get logs(): readonly StructLog[] {
    return this.#logs;
  }

  /** About what the trace takes as text. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** More than fits: what there is of the trace is not all of it. */
  get isTooLarge(): boolean {
    return this.#bytes > BYTES_MAX;
  }

  onStep(step: TracedStep): void {
    const { limit, withStack, withMemory, withReturnData, withStorage } = this.#options;
    this.#isOpen = !this.isTooLarge && (limit === 0 || this.#logs.length < limit);
    if (!this.#isOpen) return;
    const { pc, opcode, gas, depth, refund } = step;
    const log: StructLog = { pc, op: instructionName(opcode), gas, gasCost: 0, depth };
    this.#bytes += LOG_BYTES;
    if (withStack) {
      log.stack = step.stack().map((word) => `0x${word.toString(16)}`);
      for (const word of log.stack) this.#bytes += word.length + 3;
    }
    if (withReturnData) {
      const data = step.returnData();
      if (data.length > 0) log.returnData = bytesToHex(data);
      this.#bytes += 2 * data.length;
    }
    if (withMemory && step.memorySize > 0) {
      this.#bytes += 2 * step.memorySize + 3 * (step.memorySize / WORD_BYTES);
      if (!this.isTooLarge) log.memory = wordsOf(step.memory());
    }
    if (withStorage && (opcode === SLOAD || opcode === SSTORE)) this.#addStorage(log, step);
    if (refund !== 0) log.refund = refund;
    this.#logs.push(log);
  }

  onStepEnd({ cost, error }: TracedStepEnd): void {
    const log = this.#isOpen ? this.#logs.at(-1) : undefined;
    if (log === undefined) return;
    log.gasCost = cost;
    if (error !== null) log.error = error;
  }

  /** All slots of the account that code has read or written up to here. */
  #addStorage(log: StructLog, step: TracedStep): void {
    const isLoad = step.opcode === SLOAD;
    if (step.stackHeight < (isLoad ? 1 : 2)) return;
    const key = step.peek(0);
    const known = this.#storage.get(step.address) ?? {};
    known[digits(key)] = digits(isLoad ? step.slot(key) : step.peek(1));
    this.#storage.set(step.address, known);
    log.storage = { ...known };
    this.#bytes += 134 * Object.keys(known).length;
  }
}

const digits = (word: bigint): string => word.toString(16).padStart(2 * WORD_BYTES, "0");

function wordsOf(memory: Uint8Array): readonly string[] {
  const text = bytesToHex(memory).slice(2);
  return Array.from({ length: memory.length / WORD_BYTES }, (_, index) => text.slice(64 * index, 64 * index + 64));
}
