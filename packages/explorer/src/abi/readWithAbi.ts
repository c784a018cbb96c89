// Calls and logs in words, where an ABI is known.
import { fail, hexToBytes, ok, type Result } from "@festina/primitives";
import type { AbiField } from "./abiType.ts";
import type { ContractAbi } from "./contractAbi.ts";
import { type AbiValue, decodeAbi } from "./decodeAbi.ts";

export interface NamedValue {
  readonly field: AbiField;
  readonly value: AbiValue;
}

export interface Worded {
  readonly name: string;
  readonly signature: string;
  readonly values: readonly NamedValue[];
}

const isHex = (text: string): boolean => /^0x([0-9a-f]{2})*$/i.test(text);

function name(fields: readonly AbiField[], values: readonly AbiValue[]): readonly NamedValue[] {
  return fields.flatMap((field, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ field, value }];
  });
}

/** A call's input or a revert's output, by the first ABI that knows its selector and fits. */
export function readSelected(abis: readonly ContractAbi[], part: "functions" | "errors", input: string): Worded | null {
  if (!isHex(input) || input.length < 10) return null;
  const selector = input.slice(0, 10).toLowerCase();
  for (const abi of abis) {
    for (const entry of abi[part].filter((candidate) => candidate.selector === selector)) {
      const decoded = decodeAbi(entry.inputs, hexToBytes(`0x${input.slice(10)}`.toLowerCase()));
      if (decoded.ok)
        return { name: entry.name, signature: entry.signature, values: name(entry.inputs, decoded.value) };
    }
  }
  return null;
}

export function readLog(abis: readonly ContractAbi[], topics: readonly string[], data: string): Worded | null {
  if (!isHex(data) || !topics.every((topic) => isHex(topic) && topic.length === 66)) return null;
  for (const abi of abis) {
    for (const { topic, inputs, name: eventName, signature } of abi.events) {
      const indexed = inputs.filter(({ isIndexed }) => isIndexed);
      if (topic !== topics[0] || indexed.length !== topics.length - 1) continue;
      const values = valuesOfLog(inputs, topics.slice(1), data);
      if (values.ok) return { name: eventName, signature, values: name(inputs, values.value) };
    }
  }
  return null;
}

function valuesOfLog(
  inputs: readonly AbiField[],
  topics: readonly string[],
  data: string,
): Result<readonly AbiValue[], string> {
  const plain = decodeAbi(
    inputs.filter(({ isIndexed }) => !isIndexed),
    hexToBytes(data.toLowerCase()),
  );
  if (!plain.ok) return plain;
  const rest = [...plain.value];
  const left = [...topics];
  const values: AbiValue[] = [];
  for (const field of inputs) {
    if (!field.isIndexed) {
      values.push(rest.shift() ?? "");
      continue;
    }
    const topic = left.shift() ?? "";
    // Of what does not fit a word, a topic holds the hash.
    const isWord = !["string", "bytes", "array", "tuple"].includes(field.type.kind);
    const decoded = isWord ? decodeAbi([field], hexToBytes(topic.toLowerCase())) : ok([topic]);
    if (!decoded.ok) return decoded;
    values.push(decoded.value[0] ?? topic);
  }
  return values.length === inputs.length ? ok(values) : fail("ABI_MALFORMED", "values are missing");
}

const VALUE_SHOWN = 2_000;

/** A value as text: lists in brackets. */
export function valueText(value: AbiValue): string {
  const text = Array.isArray(value) ? `[${value.map(valueText).join(", ")}]` : String(value);
  return text.length <= VALUE_SHOWN ? text : `${text.slice(0, VALUE_SHOWN)}…`;
}
