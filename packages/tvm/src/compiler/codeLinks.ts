import type { Hash32 } from "@festina/primitives";
import type { LinkedCode } from "./moduleLinks.ts";

/** What a machine runs compiled, and how it comes to that. */
export interface CodeLinks {
  /** Init code, too, which runs once. */
  readonly compilesInitCode: boolean;
  /** Gas that code may use interpreted before it is reported as hot. */
  heatOf(codeBytes: number): bigint;
  /** `null` for code that the interpreter runs. `hash` is `null` for code that runs once; `readCode` may ask the state. */
  find(hash: Hash32 | null, readCode: () => Uint8Array): LinkedCode | null;
  /** Code that was found before runs again, in this run. */
  noteUse(hash: Hash32): void;
  /** Before a run. @returns codes that are compiled no more */
  beginRun(): readonly Hash32[];
  /** After a run that ended: code that has become hot. False when it should be reported again. */
  noteHot(hash: Hash32, code: Uint8Array): boolean;
  /** Gas that a run used. */
  noteGas(interpreted: number, compiled: number): void;
  /** The run broke. */
  noteFault(): void;
  /** The machine has linked so much that the next run should begin with a new one. */
  readonly isFull: boolean;
}
