// What an instruction is about to look at, as tracers of state need it.
import type { Address } from "@festina/primitives";
import type { TracedStep } from "./tracer.ts";

const SLOAD = 0x54;
const SSTORE = 0x55;
/** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT: of the account on top. */
const OF_TOP: ReadonlySet<number> = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xff]);
/** CALL, CALLCODE, DELEGATECALL, STATICCALL: the second word says whom, and there are five at least below. */
const OF_SECOND: ReadonlySet<number> = new Set([0xf1, 0xf2, 0xf4, 0xfa]);
const CALL_WORDS = 6;

const addressOf = (word: bigint): Address =>
  `0x${(word & (2n ** 160n - 1n)).toString(16).padStart(40, "0")}` as Address;

/** The slot of the step's own account; `null` for instructions without one. */
export function slotLookedAt(step: TracedStep): bigint | null {
  const { opcode, stackHeight } = step;
  return stackHeight > 0 && (opcode === SLOAD || opcode === SSTORE) ? step.peek(0) : null;
}

/** The account that is asked about, not called. */
export function accountLookedAt(step: TracedStep): Address | null {
  return step.stackHeight > 0 && OF_TOP.has(step.opcode) ? addressOf(step.peek(0)) : null;
}

export function accountCalled(step: TracedStep): Address | null {
  return step.stackHeight >= CALL_WORDS && OF_SECOND.has(step.opcode) ? addressOf(step.peek(1)) : null;
}
