// An argument of a contract's function as it is typed on a command line. Lists and tuples are JSON.
import { isHex } from "@festina/primitives";
import type { AbiParameter } from "viem";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";

const LIST = /^(.*)\[(\d*)\]$/;
const WHOLE = /^-?\d+$/;
const NESTING_MAX = 16;

type Parameter = AbiParameter & { readonly components?: readonly AbiParameter[] };

function refuse(parameter: Parameter, text: unknown, expected: string): CliError {
  const name = parameter.name === undefined || parameter.name === "" ? "the argument" : parameter.name;
  const shown = typeof text === "string" ? text : JSON.stringify(text);
  return new CliError("ARGUMENTS_INVALID", `${name}: "${shown}" is no ${parameter.type}; ${expected}`, 2);
}

function parseNumber(parameter: Parameter, text: string): bigint {
  if (WHOLE.test(text) || /^0x[0-9a-f]+$/i.test(text)) return BigInt(text);
  const amount = parseAmount(text);
  if (!amount.ok) throw refuse(parameter, text, "write for example 7, 0x2a or 1.5ether");
  return amount.value;
}

function parseJson(parameter: Parameter, text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    // Numbers beyond 2^53 would lose digits: they become texts first.
    return JSON.parse(text.replace(/(?<=[[,:\s])(-?\d{16,})(?=[\],}\s])/g, '"$1"'));
  } catch {
    throw refuse(parameter, text, "write it as JSON");
  }
}

function parseList(parameter: Parameter, base: string, length: string, value: unknown, depth: number): unknown {
  const items = parseJson(parameter, value);
  if (!Array.isArray(items)) throw refuse(parameter, value, "write a JSON list");
  if (length !== "" && items.length !== Number(length)) throw refuse(parameter, value, `it has ${length} items`);
  return items.map((item: unknown) => parseArgument({ ...parameter, type: base }, item, depth + 1));
}

function parseTuple(parameter: Parameter, value: unknown, depth: number): unknown {
  const fields = parseJson(parameter, value);
  const { components = [] } = parameter;
  if (fields === null || typeof fields !== "object") throw refuse(parameter, value, "write a JSON object or list");
  if (Array.isArray(fields) && fields.length !== components.length)
    throw refuse(parameter, value, `it has ${components.length} fields`);
  const entries = components.map((component, index) => {
    const name = component.name ?? String(index);
    const field: unknown = Array.isArray(fields) ? fields[index] : (fields as Record<string, unknown>)[name];
    if (field === undefined) throw refuse(parameter, value, `the field ${name} is missing`);
    return [name, parseArgument(component, field, depth + 1)] as const;
  });
  return components.every(({ name }) => name !== undefined && name !== "")
    ? Object.fromEntries(entries)
    : entries.map(([, field]) => field);
}

/** The value that viem encodes for `parameter`. @throws CliError ARGUMENTS_INVALID */
export function parseArgument(parameter: Parameter, value: unknown, depth = 0): unknown {
  if (depth > NESTING_MAX) throw refuse(parameter, value, "it is nested too deeply");
  const list = LIST.exec(parameter.type);
  if (list !== null) return parseList(parameter, list[1] ?? "", list[2] ?? "", value, depth);
  if (parameter.type === "tuple") return parseTuple(parameter, value, depth);
  const text = typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
  if (parameter.type === "bool") {
    if (text !== "true" && text !== "false") throw refuse(parameter, value, "write true or false");
    return text === "true";
  }
  if (/^u?int\d*$/.test(parameter.type)) return parseNumber(parameter, text);
  if (parameter.type === "string") return text;
  if (!isHex(text)) throw refuse(parameter, value, "write 0x and hex digits");
  return text;
}
