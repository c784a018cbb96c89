// Types of Ethereum's contract ABI, parsed from their names.

export type AbiType =
  | { readonly kind: "uint" | "int"; readonly bits: number }
  | { readonly kind: "address" | "bool" | "string" | "bytes" }
  | { readonly kind: "fixedBytes"; readonly size: number }
  | { readonly kind: "array"; readonly item: AbiType /** `null`: any number. */; readonly length: number | null }
  | { readonly kind: "tuple"; readonly fields: readonly AbiField[] };

export interface AbiField {
  readonly name: string;
  readonly type: AbiType;
  readonly isIndexed: boolean;
}

/** A parameter as artifacts have it. */
export interface AbiParameter {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly indexed?: unknown;
  readonly components?: unknown;
}

const DEPTH_MAX = 12;
const FIELDS_MAX = 64;
const LENGTH_MAX = 4_096;

function parseSimple(name: string): AbiType | null {
  if (name === "address" || name === "bool" || name === "string" || name === "bytes") return { kind: name };
  const integer = /^(u?int)(\d{0,3})$/.exec(name);
  if (integer !== null) {
    const bits = integer[2] === "" ? 256 : Number(integer[2]);
    if (bits % 8 !== 0 || bits < 8 || bits > 256) return null;
    return { kind: integer[1] === "uint" ? "uint" : "int", bits };
  }
  const size = Number(/^bytes([1-9]\d?)$/.exec(name)?.[1] ?? 0);
  return size >= 1 && size <= 32 ? { kind: "fixedBytes", size } : null;
}

/** `null` for what is no type, or too large a one. */
export function parseAbiType(name: string, components: unknown, depth = 0): AbiType | null {
  if (depth > DEPTH_MAX || name.length > 100) return null;
  const array = /^(.*)\[(\d{0,5})\]$/.exec(name);
  if (array !== null) {
    const item = parseAbiType(array[1] ?? "", components, depth + 1);
    const length = array[2] === "" ? null : Number(array[2]);
    return item === null || (length ?? 0) > LENGTH_MAX ? null : { kind: "array", item, length };
  }
  if (name !== "tuple") return parseSimple(name);
  const fields = parseFields(components, depth + 1);
  return fields === null ? null : { kind: "tuple", fields };
}

export function parseFields(parameters: unknown, depth = 0): readonly AbiField[] | null {
  if (!Array.isArray(parameters) || parameters.length > FIELDS_MAX || depth > DEPTH_MAX) return null;
  const fields: AbiField[] = [];
  for (const parameter of parameters as readonly (AbiParameter | null)[]) {
    const type = parseAbiType(String(parameter?.type ?? ""), parameter?.components, depth);
    if (type === null) return null;
    fields.push({ name: String(parameter?.name ?? "").slice(0, 100), type, isIndexed: parameter?.indexed === true });
  }
  return fields;
}

/** As signatures spell it: tuples by their fields in parentheses. */
export function typeName(type: AbiType): string {
  switch (type.kind) {
    case "uint":
    case "int":
      return `${type.kind}${type.bits}`;
    case "fixedBytes":
      return `bytes${type.size}`;
    case "array":
      return `${typeName(type.item)}[${type.length ?? ""}]`;
    case "tuple":
      return `(${type.fields.map((field) => typeName(field.type)).join(",")})`;
    default:
      return type.kind;
  }
}

/** Stands behind an offset. */
export function isDynamic(type: AbiType): boolean {
  if (type.kind === "string" || type.kind === "bytes") return true;
  if (type.kind === "array") return type.length === null || isDynamic(type.item);
  return type.kind === "tuple" && type.fields.some((field) => isDynamic(field.type));
}

const WORD_BYTES = 32;

/** Of a type in the head of what contains it. */
export function headBytes(type: AbiType): number {
  if (isDynamic(type)) return WORD_BYTES;
  if (type.kind === "array") return (type.length ?? 0) * headBytes(type.item);
  if (type.kind === "tuple") return type.fields.reduce((sum, field) => sum + headBytes(field.type), 0);
  return WORD_BYTES;
}
