// Functions, constructors and errors of contracts, by the ABI in a file or by a signature. viem encodes; it loads on use.
import { readFileSync } from "node:fs";
import type { Abi, AbiEvent, AbiFunction, AbiParameter, Hex } from "viem";
import { CliError } from "../output/cliError.ts";
import { parseArgument } from "./parseArgument.ts";

type AbiConstructor = Extract<Abi[number], { type: "constructor" }>;

const loadViem = () => import("viem");

/** The ABI in a JSON file: a list, or an artifact of Hardhat, Foundry or solc with the field `abi`. */
export function loadAbi(file: string): Abi {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read the ABI ${file}`);
  }
  const abi = abiOf(text);
  if (abi === null)
    throw new CliError("ABI_INVALID", `${file} holds no ABI; expected a JSON list, or an object with the field "abi"`);
  return abi;
}

/** `null` where the text is no JSON with an ABI in it. */
export function abiOf(text: string): Abi | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const list: unknown = Array.isArray(parsed) ? parsed : (parsed as { abi?: unknown } | null)?.abi;
  const isEntry = (entry: unknown): boolean =>
    entry !== null && typeof entry === "object" && typeof (entry as { type?: unknown }).type === "string";
  return Array.isArray(list) && list.every(isEntry) ? (list as unknown as Abi) : null;
}

/** A tuple by what is in it, as selectors are made from. */
function typeOf(parameter: AbiParameter): string {
  if (!("components" in parameter)) return parameter.type;
  return `(${parameter.components.map(typeOf).join(",")})${parameter.type.slice("tuple".length)}`;
}

function signatureOf({ name, inputs }: AbiFunction): string {
  return `${name}(${inputs.map(typeOf).join(",")})`;
}

/** A function by name, by full signature, or by as many arguments as are given. @throws CliError FUNCTION_UNKNOWN */
export function findFunction(abi: Abi, name: string, given: number): AbiFunction {
  const functions = abi.filter((entry): entry is AbiFunction => entry.type === "function");
  const wanted = name.includes("(")
    ? functions.filter((entry) => signatureOf(entry) === name.replaceAll(" ", ""))
    : functions.filter((entry) => entry.name === name);
  const fitting = wanted.filter(({ inputs }) => inputs.length === given);
  const [only, second] = fitting.length === 0 ? wanted : fitting;
  if (only === undefined)
    throw new CliError(
      "FUNCTION_UNKNOWN",
      `the ABI has no function ${name}; it has ${functions.map(signatureOf).join(", ") || "none"}`,
      2,
    );
  if (second !== undefined)
    throw new CliError("FUNCTION_UNCLEAR", `name one of ${wanted.map(signatureOf).join(", ")}`, 2);
  return only;
}

/** "balanceOf(address) returns (uint256)", with or without the word function. @throws CliError SIGNATURE_INVALID */
export async function parseFunction(signature: string): Promise<AbiFunction> {
  const { parseAbiItem } = await loadViem();
  const text = signature.startsWith("function ") ? signature : `function ${signature}`;
  try {
    const item = parseAbiItem(text as "function f()") as AbiFunction;
    if (item.type === "function") return item;
  } catch {
    // Told below.
  }
  throw new CliError(
    "SIGNATURE_INVALID",
    `"${signature}" is no signature; write for example "balanceOf(address) returns (uint256)"`,
    2,
  );
}

export function parseArguments(inputs: readonly AbiParameter[], texts: readonly string[]): readonly unknown[] {
  if (texts.length !== inputs.length) {
    const wanted = inputs.map(({ type, name }) => (name === undefined ? type : `${type} ${name}`)).join(", ");
    throw new CliError(
      "ARGUMENTS_INVALID",
      `expected ${inputs.length === 1 ? "1 argument" : `${inputs.length} arguments`}${wanted === "" ? "" : ` (${wanted})`}, got ${texts.length}`,
      2,
    );
  }
  return inputs.map((input, index) => parseArgument(input, texts[index]));
}

function refuseEncoding(error: unknown): CliError {
  const { shortMessage, message } = error as { shortMessage?: string; message: string };
  return new CliError("ARGUMENTS_INVALID", (shortMessage ?? message).split("\n")[0] ?? "the arguments do not fit", 2);
}

/** The data of a call. @throws CliError ARGUMENTS_INVALID */
export async function encodeCall(item: AbiFunction, texts: readonly string[]): Promise<Hex> {
  const { encodeFunctionData } = await loadViem();
  const args = parseArguments(item.inputs, texts);
  try {
    return encodeFunctionData({ abi: [item], functionName: item.name, args });
  } catch (error) {
    throw refuseEncoding(error);
  }
}

/** Encoded arguments of a constructor, to be put behind its code. @throws CliError ARGUMENTS_INVALID */
export async function encodeConstructor(abi: Abi, texts: readonly string[]): Promise<Hex> {
  const inputs = abi.find((entry): entry is AbiConstructor => entry.type === "constructor")?.inputs ?? [];
  const { encodeAbiParameters } = await loadViem();
  const args = parseArguments(inputs, texts);
  try {
    return encodeAbiParameters(inputs, args as never);
  } catch (error) {
    throw refuseEncoding(error);
  }
}

/** What a call answered, by the types of its outputs; `null` where they do not fit. */
export async function decodeOutputs(item: AbiFunction, data: Hex): Promise<readonly unknown[] | null> {
  if (item.outputs.length === 0) return [];
  const { decodeAbiParameters } = await loadViem();
  try {
    return decodeAbiParameters(item.outputs, data);
  } catch {
    return null;
  }
}

/** "InsufficientBalance(7, 9)" where the ABI declares such an error. */
export async function describeError(abi: Abi, data: unknown): Promise<string | null> {
  if (typeof data !== "string" || !data.startsWith("0x") || data.length < 10) return null;
  const { decodeErrorResult } = await loadViem();
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi, data: data as Hex });
    return `${errorName}(${(args as readonly unknown[]).map(String).join(", ")})`;
  } catch {
    return null;
  }
}

export interface DecodedLog {
  readonly event: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** An event that the ABI declares; `null` for others. */
export async function decodeLog(
  abi: Abi,
  log: { readonly topics: readonly string[]; readonly data: string },
): Promise<DecodedLog | null> {
  const { decodeEventLog } = await loadViem();
  const events = abi.filter((entry): entry is AbiEvent => entry.type === "event");
  try {
    const { eventName, args } = decodeEventLog({
      abi: events,
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data as Hex,
    });
    return { event: String(eventName), args: (args ?? {}) as Readonly<Record<string, unknown>> };
  } catch {
    return null;
  }
}
