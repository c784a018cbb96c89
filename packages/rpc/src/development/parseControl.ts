import { type Hex, isHex } from "@festina/primitives";
import { parseQuantity } from "../jsonRpc/params.ts";
import { invalidParams } from "../jsonRpc/rpcError.ts";

/** Tools send control quantities as hex, as JSON numbers, or as decimal text. */
export function parseCount(value: unknown, name: string, max: number): number {
  const isDecimal = typeof value === "string" && /^\d{1,40}$/.test(value);
  const count = isDecimal ? BigInt(value) : parseQuantity(value, name);
  if (count > BigInt(max)) throw invalidParams(`${name}: exceeds ${max}`);
  return Number(count);
}

/** A 32-byte word given as a quantity or as data of up to 32 bytes. */
export function parseWord(value: unknown, name: string): bigint {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{0,64}$/.test(value)) return value === "0x" ? 0n : BigInt(value);
  return parseQuantity(value, name);
}

/** Code with its length whole; empty code takes the contract away. */
export function parseCode(value: unknown, name: string, bytesMax: number): Hex {
  if (!isHex(value)) throw invalidParams(`${name}: expected 0x and an even number of hex digits`);
  if (value.length > 2 + 2 * bytesMax) throw invalidParams(`${name}: more than ${bytesMax} bytes`);
  return value.toLowerCase() as Hex;
}
