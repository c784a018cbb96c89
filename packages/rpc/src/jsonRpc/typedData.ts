// What wallets sign when they sign a record with types (EIP-712).
import { keccak256 } from "@festina/crypto";
import { bigintToBytes, concatBytes, hexToBytes } from "@festina/primitives";
import { parseAddressParam, parseArray, parseBytes } from "./params.ts";
import { invalidParams } from "./rpcError.ts";

interface Field {
  readonly name: string;
  readonly type: string;
}

type Fields = Readonly<Record<string, unknown>>;

const TYPES_MAX = 256;
const FIELDS_MAX = 256;
const DEPTH_MAX = 64;
const DOMAIN = "EIP712Domain";
/** Of a domain without a type: the fields that it has, in this order. */
const DOMAIN_FIELDS: readonly Field[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];
const ARRAY = /^(.*)\[(\d*)\]$/;
const INTEGER = /^(u?)int(\d{0,3})$/;
const FIXED_BYTES = /^bytes(\d{1,2})$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const DECIMAL = /^-?\d{1,80}$/;
/** Wallets pad numbers with zeros. */
const HEX = /^0x(?=[0-9a-fA-F])0{0,64}[0-9a-fA-F]{0,64}$/;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function asObject(value: unknown, name: string): Fields {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw invalidParams(`${name}: expected an object`);
  return value as Fields;
}

function parseTypes(value: unknown, domain: Fields): ReadonlyMap<string, readonly Field[]> {
  const entries = Object.entries(asObject(value, "types"));
  if (entries.length > TYPES_MAX) throw invalidParams(`types: more than ${TYPES_MAX}`);
  const types = new Map<string, readonly Field[]>();
  for (const [name, list] of entries) {
    if (!IDENTIFIER.test(name)) throw invalidParams("types: a name is none");
    const fields = parseArray(list, `types.${name}`, FIELDS_MAX).map((entry) => {
      const field = asObject(entry, `types.${name}`);
      if (typeof field["name"] !== "string" || typeof field["type"] !== "string")
        throw invalidParams(`types.${name}: expected fields with name and type`);
      return { name: field["name"], type: field["type"] };
    });
    types.set(name, fields);
  }
  if (!types.has(DOMAIN))
    types.set(
      DOMAIN,
      DOMAIN_FIELDS.filter(({ name }) => domain[name] !== undefined),
    );
  return types;
}

const baseOf = (type: string): string => type.replace(/(\[\d*\])+$/, "");

/** Hashes records of one set of types. */
class RecordHasher {
  readonly #types: ReadonlyMap<string, readonly Field[]>;
  readonly #typeHashes = new Map<string, Uint8Array>();

  constructor(types: ReadonlyMap<string, readonly Field[]>) {
    this.#types = types;
  }

  hash(type: string, value: unknown, path: string, depth = 0): Uint8Array {
    if (depth > DEPTH_MAX) throw invalidParams(`${path}: too deep`);
    const fields = asObject(value, path);
    const parts = (this.#types.get(type) ?? []).map((field) =>
      this.#encode(field.type, fields[field.name], `${path}.${field.name}`, depth + 1),
    );
    return keccak256(concatBytes(this.#typeHash(type), ...parts));
  }

  #typeHash(type: string): Uint8Array {
    const known = this.#typeHashes.get(type);
    if (known !== undefined) return known;
    const used = new Set<string>();
    const waiting = [type];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (used.has(next) || !this.#types.has(next)) continue;
      used.add(next);
      for (const field of this.#types.get(next) ?? []) waiting.push(baseOf(field.type));
    }
    used.delete(type);
    const shown = [type, ...[...used].sort()].map((name) => {
      const fields = (this.#types.get(name) ?? []).map((field) => `${field.type} ${field.name}`);
      return `${name}(${fields.join(",")})`;
    });
    const hash = keccak256(text(shown.join("")));
    this.#typeHashes.set(type, hash);
    return hash;
  }

  #encode(type: string, value: unknown, path: string, depth: number): Uint8Array {
    const [, items, length = ""] = ARRAY.exec(type) ?? [];
    if (items !== undefined) {
      if (depth > DEPTH_MAX) throw invalidParams(`${path}: too deep`);
      const list = parseArray(value, path, Number.MAX_SAFE_INTEGER);
      if (length !== "" && list.length !== Number(length)) throw invalidParams(`${path}: expected ${length} items`);
      return keccak256(concatBytes(...list.map((item) => this.#encode(items, item, path, depth + 1))));
    }
    if (this.#types.has(type)) return value === null ? new Uint8Array(32) : this.hash(type, value, path, depth);
    return encodeAtom(type, value, path);
  }
}

function encodeAtom(type: string, value: unknown, path: string): Uint8Array {
  switch (type) {
    case "string":
      if (typeof value !== "string") throw invalidParams(`${path}: expected text`);
      return keccak256(text(value));
    case "bytes":
      return keccak256(parseBytes(value, path));
    case "bool":
      if (typeof value !== "boolean") throw invalidParams(`${path}: expected true or false`);
      return bigintToBytes(value ? 1n : 0n, 32);
    case "address":
      return concatBytes(new Uint8Array(12), hexToBytes(parseAddressParam(value, path)));
  }
  const [, size] = FIXED_BYTES.exec(type) ?? [];
  if (size !== undefined && Number(size) >= 1 && Number(size) <= 32) {
    const bytes = parseBytes(value, path);
    if (bytes.length !== Number(size)) throw invalidParams(`${path}: expected ${size} bytes`);
    return concatBytes(bytes, new Uint8Array(32 - bytes.length));
  }
  const [, unsigned, bits = ""] = INTEGER.exec(type) ?? [];
  if (unsigned === undefined) throw invalidParams(`${path}: unknown type ${type.slice(0, 64)}`);
  return encodeInteger(value, unsigned === "u", bits === "" ? 256 : Number(bits), path);
}

function encodeInteger(value: unknown, isUnsigned: boolean, bits: number, path: string): Uint8Array {
  const isNumber = typeof value === "number" && Number.isSafeInteger(value);
  const isText = typeof value === "string" && (DECIMAL.test(value) || HEX.test(value));
  if (!isNumber && !isText) throw invalidParams(`${path}: expected a whole number`);
  const integer = BigInt(value as number | string);
  const isValid = bits % 8 === 0 && bits >= 8 && bits <= 256;
  const fits = (isUnsigned ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer)) === integer;
  if (!isValid || !fits) throw invalidParams(`${path}: does not fit`);
  return bigintToBytes(BigInt.asUintN(256, integer), 32);
}

/** The 32 bytes that are signed. @throws RpcError -32602 for what is no such record */
export function hashTypedData(value: unknown): Uint8Array {
  const data = asObject(value, "typedData");
  const domain = asObject(data["domain"] ?? {}, "domain");
  const { primaryType } = data;
  const types = parseTypes(data["types"], domain);
  if (typeof primaryType !== "string" || !types.has(primaryType))
    throw invalidParams("primaryType: not among the types");
  const hasher = new RecordHasher(types);
  const parts = [Uint8Array.of(0x19, 0x01), hasher.hash(DOMAIN, domain, "domain")];
  // A domain alone is signed without a message.
  if (primaryType !== DOMAIN) parts.push(hasher.hash(primaryType, data["message"], "message"));
  return keccak256(concatBytes(...parts));
}
