// Changes of a valid JSON document: of its values, of its fields, of its text.
import type { Prng } from "@festina/primitives";

const EDGES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    -0,
    2 ** 53,
    2 ** 31,
    "",
    " ",
    "0x",
    "0x0",
    "0xzz",
    "-1n",
    "1n",
    "9".repeat(400),
  ],
  ...["__proto__", "\u0000", "\ud800", [], {}, [[]], [null], { length: 3 }, "a".repeat(5_000)],
];
const NAMES = ["__proto__", "constructor", "toString", "length", "extra", ""];
const DEPTH_MAX = 40;

function mutateValue(value: unknown, prng: Prng): unknown {
  const edge = (): unknown => EDGES[prng.below(EDGES.length)];
  if (prng.below(5) === 0) return edge();
  if (Array.isArray(value)) {
    const at = prng.below(value.length + 1);
    if (value.length === 0 || prng.below(4) === 0) return [...value.slice(0, at), edge(), ...value.slice(at)];
    if (prng.below(4) === 0) return value.filter((_, index) => index !== at);
    return value.map((each, index) => (index === at ? mutateValue(each, prng) : each));
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    const at = prng.below(entries.length);
    const kind = prng.below(8);
    if (entries.length === 0 || kind === 0)
      return Object.fromEntries([...entries, [NAMES[prng.below(NAMES.length)] as string, edge()]]);
    if (kind === 1) return Object.fromEntries(entries.filter((_, index) => index !== at));
    return Object.fromEntries(
      entries.map(([name, each], index) => [name, index === at ? mutateValue(each, prng) : each]),
    );
  }
  if (typeof value === "string") {
    const at = prng.below(value.length + 1);
    return value.slice(0, at) + String.fromCharCode(prng.below(0x180)) + value.slice(at + prng.below(3));
  }
  if (typeof value === "number") return prng.below(2) === 0 ? value * 2 ** (prng.below(60) - 8) : -value;
  return edge();
}

function mutateText(text: string, prng: Prng): string {
  const at = prng.below(text.length + 1);
  if (prng.below(3) === 0) return text.slice(0, at);
  if (prng.below(8) === 0) return `${"[".repeat(DEPTH_MAX * prng.below(500))}${text}`;
  return text.slice(0, at) + String.fromCharCode(prng.below(0x100)) + text.slice(at + prng.below(4));
}

export function mutateJson(seed: string, prng: Prng): string {
  if (prng.below(6) === 0) return mutateText(seed, prng);
  let value: unknown = JSON.parse(seed);
  for (let left = 1 + prng.below(3); left > 0; left--) value = mutateValue(value, prng);
  return JSON.stringify(value) ?? "null";
}
