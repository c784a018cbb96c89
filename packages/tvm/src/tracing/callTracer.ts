import { type Address, bytesToHex, type Hex } from "@festina/primitives";
import { readLog } from "./readLog.ts";
import type { ExecutionTracer, TracedCall, TracedEnding, TracedStep } from "./tracer.ts";

export interface CallTracerOptions {
  readonly onlyTopCall: boolean;
  readonly withLogs: boolean;
}

/** A call with what it called, in the form that `callTracer` answers with. */
export interface CallFrame {
  readonly type: string;
  readonly from: Address;
  /** Absent for a creation that failed. */
  to?: Address;
  readonly value?: Hex;
  gas: Hex;
  gasUsed: Hex;
  readonly input: Hex;
  output?: Hex;
  error?: string;
  calls?: CallFrame[];
  logs?: CallLog[];
}

export interface CallLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  /** Calls that the frame had made before. */
  readonly position: Hex;
}

const REVERTED = "execution reverted";
/** Of inputs, outputs and logs together. */
const BYTES_MAX = 10 * 1024 * 1024;
const FRAME_BYTES = 300;

const quantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;

export class CallTracer implements ExecutionTracer {
  readonly #options: CallTracerOptions;
  readonly #open: CallFrame[] = [];
  #top: CallFrame | null = null;
  #bytes = 0;
  /** Of calls below those that are recorded. */
  #ignored = 0;

  constructor(options: CallTracerOptions) {
    this.#options = options;
  }

  /** About what the trace takes as text. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  get isTooLarge(): boolean {
    return this.#bytes > BYTES_MAX;
  }

  onEnter(call: TracedCall): void {
    if (this.isTooLarge || (this.#options.onlyTopCall && this.#open.length > 0)) {
      this.#ignored += 1;
      return;
    }
    const { kind, from, to, valueWei, gas, input } = call;
    this.#bytes += FRAME_BYTES + 2 * input.length;
    const frame: CallFrame = {
      type: kind,
      from,
      to,
      ...(valueWei === null ? {} : { value: quantity(valueWei) }),
      gas: quantity(gas),
      gasUsed: "0x0",
      input: bytesToHex(input),
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#top = frame;
    else {
      parent.calls ??= [];
      parent.calls.push(frame);
    }
    this.#open.push(frame);
  }

  onExit({ output, gasUsed, error }: TracedEnding): void {
    if (this.#ignored > 0) {
      this.#ignored -= 1;
      return;
    }
    const frame = this.#open.pop();
    if (frame === undefined) return;
    frame.gasUsed = quantity(gasUsed);
    const isShown = (error === null || error === REVERTED) && output.length > 0;
    if (isShown) frame.output = bytesToHex(output);
    this.#bytes += isShown ? 2 * output.length : 0;
    if (error === null) return;
    frame.error = error;
    if (frame.type.startsWith("CREATE")) delete frame.to;
    dropLogs(frame);
  }

  onStep(step: TracedStep): void {
    if (!this.#options.withLogs || this.#ignored > 0) return;
    const frame = this.#open.at(-1);
    const log = frame === undefined ? null : readLog(step, BYTES_MAX);
    if (frame === undefined || log === null) return;
    this.#bytes += log.data.length;
    const position = quantity(frame.calls?.length ?? 0);
    frame.logs ??= [];
    frame.logs.push({ address: log.address, topics: log.topics, data: bytesToHex(log.data), position });
  }

  /** The run's own call. With the gas of the transaction around it, when there is one. */
  result(transaction?: { readonly gasLimit: bigint; readonly gasUsed: bigint }): CallFrame | null {
    const top = this.#top;
    if (top === null || transaction === undefined) return top;
    return { ...top, gas: quantity(transaction.gasLimit), gasUsed: quantity(transaction.gasUsed) };
  }
}

/** A failure takes its logs back, and those of all that it called. */
function dropLogs(frame: CallFrame): void {
  delete frame.logs;
  for (const call of frame.calls ?? []) dropLogs(call);
}
