import { keccak256 } from "@festina/crypto";
import { bytesToHex, type Hex } from "@festina/primitives";
import { decodeRevertReason } from "@festina/rpc";
import { printable, showWords } from "./consoleLog.ts";

/** Errors that contracts declare, by selector. */
export type DeclaredErrors = ReadonlyMap<Hex, { readonly name: string; readonly kinds: readonly string[] }>;

const SELECTOR_BYTES = 4;

interface AbiEntry {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly inputs?: readonly { readonly type?: unknown }[];
}

/** Those of an artifact as Hardhat and Foundry write them: JSON with `abi`. Anything else has none. */
export function declaredErrors(artifact: unknown): DeclaredErrors {
  const abi = (artifact as { readonly abi?: unknown } | null)?.abi;
  const found = new Map<Hex, { readonly name: string; readonly kinds: readonly string[] }>();
  if (!Array.isArray(abi)) return found;
  for (const { type, name, inputs } of abi as readonly AbiEntry[]) {
    if (type !== "error" || typeof name !== "string" || !Array.isArray(inputs)) continue;
    const kinds = inputs.map((input) => String(input?.type));
    const selector = keccak256(new TextEncoder().encode(`${name}(${kinds.join(",")})`)).subarray(0, SELECTOR_BYTES);
    found.set(bytesToHex(selector), { name, kinds });
  }
  return found;
}

/** Why a call reverted, for people: its text, what its panic means, or its error with arguments where it is declared. */
export function describeRevert(output: Uint8Array, errors: DeclaredErrors): string {
  if (output.length === 0) return "reverted without a reason";
  const reason = decodeRevertReason(output);
  if (reason !== null) return `reverted: ${printable(reason)}`;
  const selector = bytesToHex(output.slice(0, SELECTOR_BYTES));
  const declared = errors.get(selector);
  const data = output.subarray(SELECTOR_BYTES);
  if (declared === undefined) return `reverted: custom error ${selector}, ${data.length} bytes of arguments`;
  return `reverted: ${declared.name}(${showWords(declared.kinds, data).join(", ")})`;
}
