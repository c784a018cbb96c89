// docs/rpc.md: all methods and the shapes they speak of, for people. Made from what `rpc.discover` tells programs.
import type { DescribedMethod } from "./describedMethod.ts";
import { DEVELOPMENT_METHODS } from "./developmentDescriptions.ts";
import { ETHEREUM_METHODS } from "./ethereumMethods.ts";
import { HYBRID_METHODS } from "./hybridChainMethods.ts";
import { SCHEMAS, type Schema } from "./schemas.ts";

const HEAD = `# RPC reference

Made by \`npm run rpc-reference\` from the descriptions that every node answers \`rpc.discover\` with. A \`?\` marks what may
be left out. Errors are JSON-RPC's and geth's: -32601 for an unknown method, -32602 for parameters that make no sense, 3
with the revert's data where a contract reverts, -32000 for what the node refuses, each with a sentence.
`;

const REFERENCE = "#/components/schemas/";

/** A schema in one line of words; names of shapes are links. */
function wordsOf(schema: Schema): string {
  const { $ref, anyOf, type, items, properties, required, additionalProperties, title } = schema;
  const choices = schema["enum"];
  if (typeof $ref === "string") {
    const name = $ref.slice(REFERENCE.length);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (Array.isArray(anyOf)) return anyOf.map((each: Schema) => wordsOf(each)).join(" or ");
  if (Array.isArray(choices)) return choices.map((choice) => `\`${String(choice)}\``).join(", ");
  if (typeof title === "string") return title;
  if (type === "array") return `list of ${wordsOf(items as Schema)}`;
  if (properties !== undefined) return fieldsOf(properties as Readonly<Record<string, Schema>>, required);
  if (additionalProperties !== undefined) return `map of ${wordsOf(additionalProperties as Schema)}`;
  return typeof type === "string" ? type : "anything";
}

function fieldsOf(properties: Readonly<Record<string, Schema>>, required: unknown): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const fields = Object.entries(properties).map(
    ([name, schema]) => `\`${name}${needed.includes(name) ? "" : "?"}\`: ${wordsOf(schema)}`,
  );
  return fields.length === 0 ? "object" : `{ ${fields.join("; ")} }`;
}

function rowOf({ name, summary, params, result }: DescribedMethod): string {
  const taken = params.map((param) => `\`${param.name}${param.isRequired ? "" : "?"}\`: ${wordsOf(param.schema)}`);
  return `| \`${name}\` | ${summary} | ${taken.join("<br>")} | ${wordsOf(result)} |`;
}

function tableOf(methods: readonly DescribedMethod[]): string {
  const rows = methods.map(rowOf).join("\n");
  return `| method | what it does | takes | answers |\n|---|---|---|---|\n${rows}\n`;
}

function sectionsOf(methods: readonly DescribedMethod[]): string {
  const families = new Map<string, DescribedMethod[]>();
  for (const described of methods) {
    const family = described.name.split(/[_.]/)[0] ?? "";
    families.set(family, [...(families.get(family) ?? []), described]);
  }
  const sections = [...families].sort(([a], [b]) => (a < b ? -1 : 1));
  return sections.map(([family, members]) => `### ${family}\n\n${tableOf(members)}`).join("\n");
}

export function createRpcReference(): string {
  const shapes = Object.entries(SCHEMAS).map(([name, schema]) => `### ${name}\n\n${wordsOf(schema)}\n`);
  return [
    HEAD,
    "## What only this chain has\n",
    sectionsOf(HYBRID_METHODS),
    "## What Ethereum's clients have\n",
    sectionsOf(ETHEREUM_METHODS),
    "## What only `festina dev` has\n",
    sectionsOf(DEVELOPMENT_METHODS),
    "## Shapes\n",
    ...shapes,
  ].join("\n");
}
