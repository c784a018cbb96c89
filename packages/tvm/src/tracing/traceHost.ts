// What the kernel that traces tells its host, told on to a tracer: steps with what they cost, calls with how they ended.
import { type Address, EMPTY_BYTES } from "@festina/primitives";
import type { EngineCall } from "../engine.ts";
import { ENDING, FIELD, type KernelExports, REQUEST } from "../interpreter/kernel.ts";
import type { KernelMemory } from "../interpreter/kernelMemory.ts";
import { CODE_STORE_OUT_OF_GAS, endingError, type LastInstruction, STATUS } from "./endingError.ts";
import { FrameStep } from "./frameStep.ts";
import type { ExecutionTracer, TracedCall, TracedCallKind } from "./tracer.ts";

export interface TraceImports {
  traceStep(frame: number): void;
  traceEnter(opcode: number, frame: number): void;
  traceExit(frame: number): void;
}

export interface TracePorts {
  kernel(): KernelExports;
  /** Up to date. */
  memory(): KernelMemory;
  /** Where the output of the last call lies. */
  returnRoom(): number;
}

/** An instruction that was shown and whose end is not known yet. */
interface OpenStep extends LastInstruction {
  readonly constantGas: number;
  /** Of SELFDESTRUCT: what the account has. */
  readonly balanceWei: bigint;
  /** Of instructions that name one: the account that is called or paid. */
  readonly target: Address;
}

const CREATE = 0xf0;
const RETURN = 0xf3;
const SELF_DESTRUCT = 0xff;
const KINDS: ReadonlyMap<number, TracedCallKind> = new Map([
  [CREATE, "CREATE"],
  [0xf1, "CALL"],
  [0xf2, "CALLCODE"],
  [0xf4, "DELEGATECALL"],
  [0xf5, "CREATE2"],
  [0xfa, "STATICCALL"],
]);
const STATUS_REVERT = 2;
const CALL_DEPTH_MAX = 1_024;
/** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, CALL, CALLCODE, DELEGATECALL, STATICCALL */
const WARM_FIRST: ReadonlySet<number> = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xf1, 0xf2, 0xf4, 0xfa]);
const WARM_ACCESS = 100;
/** EXP and LOG0 to LOG4 */
const WHOLLY_DYNAMIC: ReadonlySet<number> = new Set([0x0a, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4]);

export class TraceHost {
  readonly imports: TraceImports;
  readonly #ports: TracePorts;
  #tracer: ExecutionTracer | null = null;
  #open: OpenStep | null = null;
  /** Calls that have not ended, the run's own first. */
  #calls: TracedCall[] = [];

  constructor(ports: TracePorts) {
    this.#ports = ports;
    this.imports = {
      traceStep: (frame) => this.#onStep(frame),
      traceEnter: (opcode, frame) => this.#onEnter(opcode, frame),
      traceExit: (frame) => this.#onExit(frame),
    };
  }

  /** Before a run. `null`: nobody listens. */
  begin(tracer: ExecutionTracer | null, call: EngineCall, created: Address | null): void {
    this.#tracer = tracer;
    this.#open = null;
    this.#calls = [];
    this.#enter({
      kind: created === null ? "CALL" : "CREATE",
      from: call.caller,
      to: created ?? (call.to as Address),
      input: call.data,
      gas: Number(call.gasLimit),
      valueWei: call.valueWei,
    });
  }

  #enter(call: TracedCall): void {
    this.#calls.push(call);
    this.#tracer?.onEnter?.(call);
  }

  #onStep(frame: number): void {
    const memory = this.#ports.memory();
    this.#endStep(gasOf(memory, frame), null);
    if (this.#tracer === null) return;
    const step = new FrameStep(this.#ports, frame, this.#calls.length);
    const { opcode, gas, stackHeight } = step;
    const entry = memory.u32(this.#ports.kernel().opcodesPointer() + 4 * opcode);
    const target = opcode === SELF_DESTRUCT ? step.peekAddress(0) : step.peekAddress(1);
    const constantGas = constantGasOf(opcode, entry & 0xffff);
    const balanceWei = opcode === SELF_DESTRUCT ? memory.word(this.#ports.kernel().balanceOf(frame)) : 0n;
    this.#open = { opcode, gas, stackHeight, takes: (entry >>> 16) & 0x1f, constantGas, balanceWei, target };
    this.#tracer.onStep?.(step);
  }

  #endStep(gasAfter: number, error: string | null): void {
    const step = this.#open;
    if (step === null) return;
    this.#open = null;
    // What fails for want of words, or of the gas that is due first, has not been priced any further.
    const isUnpriced = error !== null && (step.gas < step.constantGas || step.gas === gasAfter);
    const cost = isUnpriced ? step.constantGas : step.gas - gasAfter;
    this.#tracer?.onStepEnd?.({ cost, error });
  }

  #onEnter(opcode: number, frame: number): void {
    const memory = this.#ports.memory();
    const at = this.#ports.kernel().requestPointer();
    const target = this.#open?.target;
    const kind = KINDS.get(opcode) ?? "CALL";
    const isCreation = kind === "CREATE" || kind === "CREATE2";
    const gas = memory.integer(at + REQUEST.gas);
    // A creation costs what it costs; what the new code may use is taken besides.
    this.#endStep(gasOf(memory, frame) + (isCreation ? gas : 0), null);
    this.#enter({
      kind,
      from: memory.address(frame + FIELD.address),
      to: isCreation || target === undefined ? memory.address(at + REQUEST.address) : target,
      input: memory.read(memory.u32(at + REQUEST.input), memory.u32(at + REQUEST.inputLength)),
      gas,
      valueWei: kind === "STATICCALL" ? null : memory.word(at + REQUEST.value),
    });
  }

  #onExit(frame: number): void {
    const memory = this.#ports.memory();
    const ending = this.#ports.kernel().endingPointer();
    const status = memory.u32(ending + ENDING.status);
    const call = this.#calls.at(-1);
    const output = memory.read(memory.u32(ending + ENDING.output), memory.u32(ending + ENDING.length));
    let error = endingError(status, this.#open);
    if (frame === 0 && status === STATUS_REVERT) error = this.#refusal(call);
    else if (frame !== 0) {
      const gas = gasOf(memory, frame);
      if (status === STATUS.outOfGas && gas >= 0 && this.#open?.opcode === RETURN) error = CODE_STORE_OUT_OF_GAS;
      this.#endFrame(status, gas, error, memory, frame);
    }
    this.#calls.pop();
    const gasUsed = (call?.gas ?? 0) - memory.integer(ending + ENDING.gas);
    this.#tracer?.onExit?.({ output, gasUsed, error });
  }

  #endFrame(status: number, gas: number, error: string | null, memory: KernelMemory, frame: number): void {
    const last = this.#open;
    const hasFailed = status === STATUS.outOfGas || status === STATUS.stackUnderflow || status === STATUS.stackOverflow;
    const isOfStep = hasFailed && error !== CODE_STORE_OUT_OF_GAS;
    this.#endStep(gas, isOfStep ? error : null);
    if (last?.opcode !== SELF_DESTRUCT || status !== 0) return;
    this.#tracer?.onEnter?.({
      kind: "SELFDESTRUCT",
      from: memory.address(frame + FIELD.address),
      to: last.target,
      input: EMPTY_BYTES,
      gas: 0,
      valueWei: last.balanceWei,
    });
    this.#tracer?.onExit?.({ output: EMPTY_BYTES, gasUsed: 0, error: null });
  }
  /** Nothing began: too deep, too poor, or a creator whose nonce cannot grow. */
  #refusal(call: TracedCall | undefined): string {
    if (this.#calls.length > CALL_DEPTH_MAX + 1) return "max call depth exceeded";
    const kernel = this.#ports.kernel();
    const at = kernel.requestPointer();
    const isCreation = this.#ports.memory().u32(at + REQUEST.isCreation) !== 0;
    const isPoor = this.#ports.memory().word(kernel.balanceOfCaller()) < (call?.valueWei ?? 0n);
    return isCreation && !isPoor ? "nonce uint64 overflow" : "insufficient balance for transfer";
  }
}

/** Less than nothing after an instruction that cost more. */
function gasOf(memory: KernelMemory, frame: number): number {
  return Number(BigInt.asIntN(64, memory.u64(frame + FIELD.gas)));
}

/** The part that is due before anything else is looked at: what geth calls constant. */
function constantGasOf(opcode: number, staticGas: number): number {
  if (WARM_FIRST.has(opcode)) return WARM_ACCESS;
  return WHOLLY_DYNAMIC.has(opcode) ? 0 : staticGas;
}
