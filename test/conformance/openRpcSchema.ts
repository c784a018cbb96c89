import { readFileSync } from "node:fs";
import { join } from "node:path";

/** As much of JSON Schema as the description of the Ethereum methods uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly not?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface OpenRpc {
  readonly methods: readonly { readonly name: string; readonly result: { readonly schema: Schema } }[];
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

const isOfType = (value: unknown, type: string): boolean =>
  type === "integer" ? Number.isInteger(value) : typeOf(value) === type;

/** Checks answers against the published description of the Ethereum methods. */
export class OpenRpcSchemas {
  readonly #document: OpenRpc;

  constructor(document: OpenRpc) {
    this.#document = document;
  }

  /** Of the document that Ethereum's clients agreed on. */
  static ofEthereum(folder: string): OpenRpcSchemas {
    return new OpenRpcSchemas(JSON.parse(readFileSync(join(folder, "openrpc.json"), "utf8")) as OpenRpc);
  }

  /** What is wrong with the result of a method; empty when it is as described. */
  complaints(method: string, result: unknown): readonly string[] {
    const described = this.#document.methods.find(({ name }) => name === method);
    if (described === undefined) return [`${method} is not described`];
    return this.#check(described.result.schema, result, method);
  }

  #check(schema: Schema, value: unknown, path: string): readonly string[] {
    const complaints: string[] = [];
    const complain = (what: string): number => complaints.push(`${path}: ${what}, got ${JSON.stringify(value)}`);
    if (schema.$ref !== undefined) {
      const target = this.#document.components.schemas[schema.$ref.split("/").at(-1) as string];
      if (target === undefined) throw new Error(`${schema.$ref} is missing`);
      complaints.push(...this.#check(target, value, path));
    }
    if (schema.type !== undefined && !isOfType(value, schema.type)) complain(`not of type ${schema.type}`);
    if (schema.pattern !== undefined && !(typeof value === "string" && new RegExp(schema.pattern).test(value))) {
      complain(`does not match ${schema.pattern}`);
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) complain("not one of the values");
    if (schema.const !== undefined && schema.const !== value) complain(`not ${String(schema.const)}`);
    if (schema.minimum !== undefined && !(Number(value) >= schema.minimum)) complain(`below ${schema.minimum}`);
    if (schema.maximum !== undefined && !(Number(value) <= schema.maximum)) complain(`above ${schema.maximum}`);
    for (const part of schema.allOf ?? []) complaints.push(...this.#check(part, value, path));
    for (const options of [schema.oneOf, schema.anyOf]) {
      if (options === undefined) continue;
      const tries = options.map((option) => this.#check(option, value, path));
      const fits = tries.filter((found) => found.length === 0).length;
      if (fits === 0) complaints.push(...tries.flat());
      if (options === schema.oneOf && fits > 1) complain("fits several of which only one may fit");
    }
    if (schema.not !== undefined && this.#check(schema.not, value, path).length === 0)
      complain("is what it must not be");
    if (Array.isArray(value) && schema.items !== undefined) {
      const { items } = schema;
      complaints.push(...value.flatMap((item, index) => this.#check(items, item, `${path}[${index}]`)));
    }
    if (typeOf(value) === "object") complaints.push(...this.#checkFields(schema, value as object, path));
    return complaints;
  }

  #checkFields(schema: Schema, value: object, path: string): readonly string[] {
    const complaints = (schema.required ?? [])
      .filter((name) => !(name in value))
      .map((name) => `${path}.${name}: missing`);
    for (const [name, field] of Object.entries(value)) {
      const patterned = Object.entries(schema.patternProperties ?? {}).find(([pattern]) =>
        new RegExp(pattern).test(name),
      );
      const described = schema.properties?.[name] ?? patterned?.[1] ?? schema.additionalProperties;
      if (described === false) complaints.push(`${path}.${name}: not allowed`);
      if (typeof described === "object") complaints.push(...this.#check(described, field, `${path}.${name}`));
    }
    return complaints;
  }
}
