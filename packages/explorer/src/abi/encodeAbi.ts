// Values that people typed into the bytes of a call.
import { bigintToBytes, concatBytes, fail, hexToBytes, ok, type Result } from "@festina/primitives";
import { type AbiField, type AbiType, headBytes, isDynamic, typeName } from "./abiType.ts";

const WORD_BYTES = 32;
const ELEMENTS_MAX = 10_000;

class RefusedError extends Error {}

const word = (value: bigint): Uint8Array => bigintToBytes(BigInt.asUintN(256, value), WORD_BYTES);

function filled(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES);
  whole.set(bytes);
  return whole;
}

function integer(value: unknown, type: AbiType & { readonly bits: number }): bigint {
  const text = String(value).trim();
  if (!/^-?(\d{1,80}|0x[0-9a-f]{1,64})$/i.test(text))
    throw new RefusedError(`“${text.slice(0, 40)}” is no whole number`);
  const number = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  const isKept = type.kind === "uint" ? BigInt.asUintN(type.bits, number) : BigInt.asIntN(type.bits, number);
  if (isKept !== number) throw new RefusedError(`${number} does not fit ${typeName(type)}`);
  return number;
}

function hex(value: unknown, sizeMin: number, sizeMax: number): Uint8Array {
  const text = String(value).trim();
  const size = (text.length - 2) / 2;
  if (!/^0x([0-9a-f]{2})*$/i.test(text) || size < sizeMin || size > sizeMax)
    throw new RefusedError(
      `expected 0x and ${sizeMin === sizeMax ? `${2 * sizeMin} hex digits` : "pairs of hex digits"}`,
    );
  return hexToBytes(text.toLowerCase());
}

function boolean(value: unknown): bigint {
  const text = String(value).trim();
  if (text !== "true" && text !== "false") throw new RefusedError("expected true or false");
  return text === "true" ? 1n : 0n;
}

function list(value: unknown, type: AbiType): readonly unknown[] {
  if (!Array.isArray(value)) throw new RefusedError(`expected a JSON list for ${typeName(type)}`);
  if (value.length > ELEMENTS_MAX) throw new RefusedError(`more than ${ELEMENTS_MAX} elements`);
  return value;
}

function encodeValue(type: AbiType, value: unknown): Uint8Array {
  switch (type.kind) {
    case "uint":
    case "int":
      return word(integer(value, type));
    case "bool":
      return word(boolean(value));
    case "address":
      return concatBytes(new Uint8Array(12), hex(value, 20, 20));
    case "fixedBytes":
      return filled(hex(value, type.size, type.size));
    case "bytes": {
      const bytes = hex(value, 0, 2 ** 20);
      return concatBytes(word(BigInt(bytes.length)), filled(bytes));
    }
    case "string": {
      const bytes = new TextEncoder().encode(String(value));
      return concatBytes(word(BigInt(bytes.length)), filled(bytes));
    }
    case "array": {
      const items = list(value, type);
      if (type.length !== null && items.length !== type.length)
        throw new RefusedError(`expected ${type.length} elements`);
      const body = encodeSequence(
        items.map(() => type.item),
        items,
      );
      return type.length === null ? concatBytes(word(BigInt(items.length)), body) : body;
    }
    case "tuple":
      return encodeSequence(
        type.fields.map((field) => field.type),
        list(value, type),
      );
  }
}

function encodeSequence(types: readonly AbiType[], values: readonly unknown[]): Uint8Array {
  if (values.length !== types.length) throw new RefusedError(`expected ${types.length} values, got ${values.length}`);
  let tailAt = types.reduce((sum, type) => sum + headBytes(type), 0);
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  for (const [index, type] of types.entries()) {
    const encoded = encodeValue(type, values[index]);
    if (!isDynamic(type)) {
      heads.push(encoded);
      continue;
    }
    heads.push(word(BigInt(tailAt)));
    tails.push(encoded);
    tailAt += encoded.length;
  }
  return concatBytes(...heads, ...tails);
}

/** Numbers as decimal or hex text, lists and tuples as lists. The message names the field that does not fit. */
export function encodeAbi(fields: readonly AbiField[], values: readonly unknown[]): Result<Uint8Array, "ABI_REFUSED"> {
  for (const [index, { name, type }] of fields.entries()) {
    try {
      encodeValue(type, values[index]);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return fail("ABI_REFUSED", `${name === "" ? `value ${index + 1}` : name}: ${error.message}`);
    }
  }
  return ok(
    encodeSequence(
      fields.map(({ type }) => type),
      values,
    ),
  );
}

/** What somebody typed for a field: text as it is, lists and tuples as JSON. `undefined` when that is no JSON. */
export function readTyped(type: AbiType, text: string): unknown {
  if (type.kind !== "array" && type.kind !== "tuple") return text;
  try {
    // Numbers beyond 2^53 lose digits as JSON numbers, so digits outside strings become strings first.
    return JSON.parse(
      text.replace(/("(?:[^"\\]|\\.)*")|(-?\d+)/g, (whole, quoted) => (quoted === undefined ? `"${whole}"` : whole)),
    );
  } catch {
    return undefined;
  }
}
