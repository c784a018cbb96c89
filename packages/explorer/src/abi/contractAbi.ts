// What a contract offers, from the ABI of its artifact: functions by selector, events by topic, errors by selector.
import { bytesToHex, fail, ok, type Result } from "@festina/primitives";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type AbiField, parseAbiType, parseFields, typeName } from "./abiType.ts";

export interface AbiFunction {
  readonly name: string;
  readonly signature: string;
  /** 0x and 8 hex digits. */
  readonly selector: string;
  readonly inputs: readonly AbiField[];
  readonly outputs: readonly AbiField[];
  readonly mutability: "pure" | "view" | "nonpayable" | "payable";
}

export interface AbiEvent {
  readonly name: string;
  readonly signature: string;
  /** keccak256 of the signature. */
  readonly topic: string;
  readonly inputs: readonly AbiField[];
}

export interface ContractAbi {
  readonly constructorInputs: readonly AbiField[];
  readonly isConstructorPayable: boolean;
  readonly functions: readonly AbiFunction[];
  readonly events: readonly AbiEvent[];
  readonly errors: readonly AbiFunction[];
}

const ENTRIES_MAX = 1_000;
const MUTABILITIES = ["pure", "view", "nonpayable", "payable"] as const;

export function hashText(text: string): string {
  return bytesToHex(keccak_256(new TextEncoder().encode(text)));
}

export function signatureOf(name: string, inputs: readonly AbiField[]): string {
  return `${name}(${inputs.map(({ type }) => typeName(type)).join(",")})`;
}

interface RawEntry {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly stateMutability?: unknown;
}

function readFunction(entry: RawEntry, inputs: readonly AbiField[]): AbiFunction {
  const name = String(entry.name ?? "").slice(0, 200);
  const signature = signatureOf(name, inputs);
  return {
    ...{ name, signature, inputs },
    selector: hashText(signature).slice(0, 10),
    outputs: parseFields(entry.outputs ?? []) ?? [],
    mutability: MUTABILITIES.find((mutability) => mutability === entry.stateMutability) ?? "nonpayable",
  };
}

/** Entries of types that are not understood are left out. */
export function parseContractAbi(value: unknown): Result<ContractAbi, "ABI_UNREADABLE"> {
  const entries = Array.isArray(value) ? value : (value as { readonly abi?: unknown } | null)?.abi;
  if (!Array.isArray(entries))
    return fail("ABI_UNREADABLE", "this is neither an ABI (a list) nor an artifact with one");
  if (entries.length > ENTRIES_MAX) return fail("ABI_UNREADABLE", `more than ${ENTRIES_MAX} entries`);
  const functions: AbiFunction[] = [];
  const events: AbiEvent[] = [];
  const errors: AbiFunction[] = [];
  let constructorInputs: readonly AbiField[] = [];
  let isConstructorPayable = false;
  for (const entry of entries as readonly (RawEntry | null)[]) {
    const inputs = parseFields(entry?.inputs ?? []);
    if (entry === null || typeof entry !== "object" || inputs === null) continue;
    if (entry.type === "constructor") {
      constructorInputs = inputs;
      isConstructorPayable = entry.stateMutability === "payable";
    } else if (entry.type === "function") functions.push(readFunction(entry, inputs));
    else if (entry.type === "error") errors.push(readFunction(entry, inputs));
    else if (entry.type === "event") {
      const { name, signature } = readFunction(entry, inputs);
      events.push({ name, signature, topic: hashText(signature), inputs });
    }
  }
  return ok({ constructorInputs, isConstructorPayable, functions, events, errors });
}

/** From lines as "function transfer(address to,uint256 amount)"; for the ABIs that come with the page. */
export function parseSignatures(lines: readonly string[]): ContractAbi {
  const parsed = parseContractAbi(
    lines.map((line) => {
      const [, type, name, inputs = "", mutability, outputs = ""] =
        /^(function|event|error) (\w+)\((.*?)\)(?: (view))?(?: returns \((.*)\))?$/.exec(line) ?? [];
      return { type, name, inputs: readList(inputs), outputs: readList(outputs), stateMutability: mutability };
    }),
  );
  return parsed.ok
    ? parsed.value
    : { constructorInputs: [], isConstructorPayable: false, functions: [], events: [], errors: [] };
}

function readList(text: string): readonly object[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const words = part.trim().split(" ");
    const type = words[0] ?? "";
    return {
      type: parseAbiType(type, undefined) === null ? "" : type,
      name: words.at(-1),
      indexed: words.includes("indexed"),
    };
  });
}
