import { type ChainSpec, checkChainSpec, parseChainSpecJson, serializeChainSpec } from "@festina/chainspec";
import { type Failure, fail, ok, type Result } from "@festina/primitives";

const FORMAT = "festina-dev-state";
const VERSION = 1;

/** A whole development chain: what it is, what time it has, and everything its node keeps. */
export interface DevDump {
  readonly spec: ChainSpec;
  /** Unix milliseconds of the chain's clock. */
  readonly nowMs: number;
  readonly content: readonly (readonly [key: Uint8Array, value: Uint8Array])[];
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** JSON; keys and values in base64. */
export function encodeDump({ spec, nowMs, content }: DevDump): string {
  const entries = content.map(([key, value]) => [textOf(key), textOf(value)]);
  return `${JSON.stringify({ format: FORMAT, version: VERSION, nowMs, chainSpec: serializeChainSpec(spec), entries })}\n`;
}

const invalid = (message: string): Result<never, "DUMP_INVALID"> => fail("DUMP_INVALID", message);

function bytesOf(text: unknown): Uint8Array | null {
  if (typeof text !== "string" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return new Uint8Array(Buffer.from(text, "base64"));
}

function readEntries(entries: unknown): DevDump["content"] | null {
  if (!Array.isArray(entries)) return null;
  const content: [Uint8Array, Uint8Array][] = [];
  for (const entry of entries as unknown[]) {
    const [key, value] = Array.isArray(entry) && entry.length === 2 ? entry.map(bytesOf) : [null, null];
    if (key == null || value == null || key.length === 0) return null;
    content.push([key, value]);
  }
  return content;
}

function readSpec(text: unknown): Result<ChainSpec, string> {
  if (typeof text !== "string") return fail("DUMP_INVALID", "it has no chain spec");
  try {
    return checkChainSpec(parseChainSpecJson(text));
  } catch {
    return fail("DUMP_INVALID", "its chain spec is damaged");
  }
}

/** What a saved state says, whoever saved it. */
export function parseState(text: string): Result<Readonly<Record<string, unknown>>, "DUMP_INVALID"> {
  try {
    return ok((JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>);
  } catch {
    return invalid("the state is not JSON");
  }
}

/** Says why a state is no dump; a later version is named, so that nobody takes it for damage. */
export function readDump(fields: Readonly<Record<string, unknown>>): Result<DevDump, "DUMP_INVALID"> {
  const { format, version, nowMs, chainSpec, entries } = fields;
  if (format !== FORMAT) return invalid(`the state is not of format ${FORMAT}`);
  if (version !== VERSION) return invalid(`the state is of version ${version}; this program reads version ${VERSION}`);
  if (!Number.isSafeInteger(nowMs)) return invalid("the state has no time");
  const spec = readSpec(chainSpec);
  if (!spec.ok) return invalid((spec.error as Failure).message);
  if (spec.value.development !== true) return invalid("the state is of no development chain");
  const content = readEntries(entries);
  return content === null
    ? invalid("the state's entries are damaged")
    : ok({ spec: spec.value, nowMs: nowMs as number, content });
}
