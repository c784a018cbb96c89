import type { Address } from "@festina/primitives";

/** What a traced run tells, in the order in which it happens. All values are those of the moment of the call. */
export interface ExecutionTracer {
  /** Before an instruction. `step` can be read until this returns. */
  onStep?(step: TracedStep): void;
  /** What the instruction of the last `onStep` costs, a call's with what it passes on; before anything that it calls. */
  onStepEnd?(end: TracedStepEnd): void;
  onEnter?(call: TracedCall): void;
  /** Of the newest call that has not ended. */
  onExit?(ending: TracedEnding): void;
}

export interface TracedStep {
  readonly pc: number;
  readonly opcode: number;
  /** Left before the instruction. */
  readonly gas: number;
  /** 1 for the run's own code. */
  readonly depth: number;
  readonly refund: number;
  /** The account whose storage the code uses. */
  readonly address: Address;
  readonly stackHeight: number;
  readonly memorySize: number;
  /** `depth` words below the top; 0 when there are not so many. */
  peek(depth: number): bigint;
  /** Lowest word first. */
  stack(): readonly bigint[];
  /** All of it, or `length` bytes of it from an offset, as far as there are so many. */
  memory(offset?: number, length?: number): Uint8Array;
  /** That runs. */
  code(): Uint8Array;
  /** Of the last call that ended in this code. */
  returnData(): Uint8Array;
  /** A slot of `address` as it is now. */
  slot(key: bigint): bigint;
}

export interface TracedStepEnd {
  readonly cost: number;
  /** Why the instruction did not begin: gas or stack did not do. */
  readonly error: string | null;
}

export type TracedCallKind =
  | "CALL"
  | "CALLCODE"
  | "DELEGATECALL"
  | "STATICCALL"
  | "CREATE"
  | "CREATE2"
  /** The balance goes away; there is no code and no gas. */
  | "SELFDESTRUCT";

export interface TracedCall {
  readonly kind: TracedCallKind;
  readonly from: Address;
  readonly to: Address;
  /** Call data, or init code. */
  readonly input: Uint8Array;
  readonly gas: number;
  /** What code sees as value; `null` for STATICCALL. */
  readonly valueWei: bigint | null;
}

export interface TracedEnding {
  readonly output: Uint8Array;
  readonly gasUsed: number;
  /** In the words that Ethereum tools know; `null` when it ended well. */
  readonly error: string | null;
}
