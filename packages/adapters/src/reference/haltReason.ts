import type { HaltReason } from "@festina/tvm";

/** The library's error texts, by what they mean to the port. Texts that only a bug of the library produces are absent. */
const REASONS: ReadonlyMap<string, HaltReason> = new Map([
  ["out of gas", "OUT_OF_GAS"],
  ["code store out of gas", "OUT_OF_GAS"],
  ["stack underflow", "STACK_UNDERFLOW"],
  ["stack overflow", "STACK_OVERFLOW"],
  ["invalid opcode", "INVALID_OPCODE"],
  ["value out of range", "OUT_OF_RANGE"],
  ["static state change", "STATIC_STATE_CHANGE"],
  ["create collision", "CREATE_COLLISION"],
  ["invalid bytecode deployed", "CODE_INVALID"],
  ["code size to deposit exceeds maximum code size", "CODE_TOO_LARGE"],
  ["initcode exceeds max initcode size", "INIT_CODE_TOO_LARGE"],
  ["insufficient balance", "INSUFFICIENT_BALANCE"],
  ["value overflow", "BALANCE_OVERFLOW"],
  ["invalid input length", "PRECOMPILE_FAILED"],
  ["point not on curve", "PRECOMPILE_FAILED"],
  ["input is empty", "PRECOMPILE_FAILED"],
  ["fp point not in field", "PRECOMPILE_FAILED"],
  ["kzg commitment does not match versioned hash", "PRECOMPILE_FAILED"],
  ["kzg inputs invalid", "PRECOMPILE_FAILED"],
  ["kzg proof invalid", "PRECOMPILE_FAILED"],
]);

/** `null` for a text that says the library broke. A bad jump's text goes on with where it happened. */
export function haltReasonOf(text: string): HaltReason | null {
  return text.startsWith("invalid JUMP") ? "INVALID_JUMP" : (REASONS.get(text) ?? null);
}
