import type { ChainSpec } from "./chainSpec.ts";

/** Spec files are JSON; integers beyond 2^53 and amounts are written as `"123n"`, so that reading back is exact. */
export function serializeChainSpec(spec: ChainSpec): string {
  return `${JSON.stringify(spec, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value), 2)}\n`;
}

const BIGINT_TEXT = /^-?\d+n$/;

/** @throws SyntaxError on malformed JSON; the shape is checked by `checkChainSpec` */
export function parseChainSpecJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && BIGINT_TEXT.test(value) ? BigInt(value.slice(0, -1)) : value,
  );
}

type Canonical =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/** Keys sorted, absent ones left out: one text per value, whatever order a file had. */
export function canonicalText(value: unknown): string {
  const inner = value as Canonical;
  if (typeof inner === "bigint") return `${inner}n`;
  if (Array.isArray(inner)) return `[${inner.map(canonicalText).join(",")}]`;
  if (inner !== null && typeof inner === "object") {
    const entries = Object.entries(inner).filter(([, child]) => child !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${canonicalText(child)}`).join(",")}}`;
  }
  return JSON.stringify(inner);
}
