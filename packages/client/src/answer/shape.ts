// Readers of what a node answers: each checks one shape and gives it the types that viem's users expect. What a reader
// gives is what its TypeScript type is inferred from, so that the two cannot part.
import type { Address, Hash, Hex } from "viem";
import { AnswerError } from "./answerError.ts";

/** Reads a part of an answer; `path` names the part in errors. @throws AnswerError when it is something else */
export type Shape<Value> = (wire: unknown, path: string) => Value;
export type ValueOf<Of> = Of extends Shape<infer Value> ? Value : never;

function matching<Value extends string>(pattern: RegExp, what: string): Shape<Value> {
  return (wire, path) => {
    if (typeof wire !== "string" || !pattern.test(wire)) throw new AnswerError(path, what, wire);
    return wire as Value;
  };
}

function plain<Value>(type: "boolean" | "string" | "number"): Shape<Value> {
  return (wire, path) => {
    if (typeof wire !== type) throw new AnswerError(path, `a ${type}`, wire);
    return wire as Value;
  };
}

export const hash = matching<Hash>(/^0x[0-9a-f]{64}$/, "32 bytes in hex");
export const address = matching<Address>(/^0x[0-9a-fA-F]{40}$/, "an address");
export const bytes = matching<Hex>(/^0x([0-9a-fA-F]{2})*$/, "bytes in hex");
export const text = plain<string>("string");
export const flag = plain<boolean>("boolean");
export const real = plain<number>("number");
export const anything: Shape<unknown> = (wire) => wire;

const quantityText = matching(/^0x(0|[1-9a-f][0-9a-f]*)$/, "a number in hex");
/** Heights, amounts in wei, times in seconds. */
export const quantity: Shape<bigint> = (wire, path) => BigInt(quantityText(wire, path));

/** A count that the node tells as a JSON number. */
export const integer: Shape<number> = (wire, path) => {
  if (!Number.isSafeInteger(wire)) throw new AnswerError(path, "an integer", wire);
  return wire as number;
};

export function words<const Words extends readonly string[]>(...known: Words): Shape<Words[number]> {
  return (wire, path) => {
    if (!known.includes(wire as string)) throw new AnswerError(path, `one of ${known.join(", ")}`, wire);
    return wire as Words[number];
  };
}

export function nullable<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (wire, path) => (wire === null ? null : shape(wire, path));
}

export function list<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return (wire, path) => {
    if (!Array.isArray(wire)) throw new AnswerError(path, "a list", wire);
    return wire.map((item, index) => shape(item, `${path}[${index}]`));
  };
}

function record(wire: unknown, path: string): Readonly<Record<string, unknown>> {
  if (wire === null || typeof wire !== "object" || Array.isArray(wire)) throw new AnswerError(path, "an object", wire);
  return wire as Readonly<Record<string, unknown>>;
}

export function mapOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (wire, path) =>
    Object.fromEntries(Object.entries(record(wire, path)).map(([key, value]) => [key, shape(value, `${path}.${key}`)]));
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type ObjectOf<Of extends Fields> = { readonly [Key in keyof Of]: ValueOf<Of[Key]> };

/** An object with all of these fields. Fields that a newer node adds are left out. */
export function object<const Of extends Fields>(fields: Of): Shape<ObjectOf<Of>> {
  return (wire, path) => {
    const found = record(wire, path);
    const read = Object.entries(fields).map(([key, shape]) => {
      const value = Object.hasOwn(found, key) ? found[key] : undefined;
      return [key, shape(value, `${path}.${key}`)];
    });
    return Object.fromEntries(read) as ObjectOf<Of>;
  };
}

/** `undefined` where the node leaves a field out. */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (wire, path) => (wire === undefined ? undefined : shape(wire, path));
}
