import { bytesToBigint } from "@festina/primitives";

const ERROR_STRING = 0x08c379a0n; // Error(string)
const PANIC = 0x4e487b71n; // Panic(uint256)
const REASON_BYTES_MAX = 4_096;

/** The text of `Error(string)` or the number of `Panic(uint256)`; `null` for anything else. Never throws. */
export function decodeRevertReason(output: Uint8Array): string | null {
  if (output.length < 36) return null;
  const selector = bytesToBigint(output.subarray(0, 4));
  if (selector === PANIC) return `panic code 0x${bytesToBigint(output.subarray(4, 36)).toString(16)}`;
  if (selector !== ERROR_STRING || output.length < 68) return null;
  const length = bytesToBigint(output.subarray(36, 68));
  if (length > BigInt(Math.min(REASON_BYTES_MAX, output.length - 68))) return null;
  return new TextDecoder().decode(output.subarray(68, 68 + Number(length)));
}
