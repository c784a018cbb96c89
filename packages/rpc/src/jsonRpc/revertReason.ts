import { bytesToBigint } from "@festina/primitives";

const ERROR_STRING = 0x08c379a0n; // Error(string)
const PANIC = 0x4e487b71n; // Panic(uint256)
const REASON_BYTES_MAX = 4_096;

/** What Solidity's panic codes mean, in geth's words. */
const PANICS: Readonly<Record<string, string>> = {
  "0x0": "generic panic",
  "0x1": "assert(false)",
  "0x11": "arithmetic underflow or overflow",
  "0x12": "division or modulo by zero",
  "0x21": "enum overflow",
  "0x22": "invalid encoded storage byte array accessed",
  "0x31": "out-of-bounds array access; popping on an empty array",
  "0x32": "out-of-bounds access of an array or bytesN",
  "0x41": "out of memory",
  "0x51": "uninitialized function",
};

function describePanic(code: string): string {
  const meaning = PANICS[code];
  return meaning === undefined ? `unknown panic code: ${code}` : meaning;
}

/** The text of `Error(string)` or the meaning of `Panic(uint256)`, as geth has them; `null` for anything else. Never throws. */
export function decodeRevertReason(output: Uint8Array): string | null {
  if (output.length < 36) return null;
  const selector = bytesToBigint(output.subarray(0, 4));
  if (selector === PANIC) return describePanic(`0x${bytesToBigint(output.subarray(4, 36)).toString(16)}`);
  if (selector !== ERROR_STRING || output.length < 68) return null;
  const length = bytesToBigint(output.subarray(36, 68));
  if (length > BigInt(Math.min(REASON_BYTES_MAX, output.length - 68))) return null;
  return new TextDecoder().decode(output.subarray(68, 68 + Number(length)));
}
