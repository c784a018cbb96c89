import {
  type Address,
  type Hash32,
  type Hex,
  hexToBytes,
  isHex,
  parseAddress,
  parseHash32,
  type Result,
} from "@festina/primitives";
import { invalidParams } from "./rpcError.ts";

/** Reads the parameters of a method by position; every complaint names the parameter. */
export class Params {
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  raw(index: number): unknown {
    return this.#values[index];
  }

  has(index: number): boolean {
    return this.#values[index] !== undefined && this.#values[index] !== null;
  }

  address(index: number, name: string): Address {
    return unwrap(parseAddress(this.#values[index]), name);
  }

  hash(index: number, name: string): Hash32 {
    return unwrap(parseHash32(this.#values[index]), name);
  }

  bytes(index: number, name: string): Uint8Array {
    return parseBytes(this.#values[index], name);
  }

  quantity(index: number, name: string): bigint {
    return parseQuantity(this.#values[index], name);
  }

  /** A quantity that JavaScript holds exactly. */
  number(index: number, name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.quantity(index, name);
    if (value > BigInt(max)) throw invalidParams(`${name}: exceeds ${max}`);
    return Number(value);
  }

  boolean(index: number, name: string): boolean {
    const value = this.#values[index] ?? false;
    if (typeof value !== "boolean") throw invalidParams(`${name}: expected true or false`);
    return value;
  }

  object(index: number, name: string): Readonly<Record<string, unknown>> {
    const value = this.#values[index];
    if (value === null || typeof value !== "object" || Array.isArray(value))
      throw invalidParams(`${name}: expected an object`);
    return value as Record<string, unknown>;
  }

  array(index: number, name: string, max: number): readonly unknown[] {
    return parseArray(this.#values[index], name, max);
  }

  string(index: number, name: string): string {
    const value = this.#values[index];
    if (typeof value !== "string") throw invalidParams(`${name}: expected a string`);
    return value;
  }
}

function unwrap<T>(result: Result<T>, name: string): T {
  if (!result.ok) throw invalidParams(`${name}: ${result.error.message}`);
  return result.value;
}

export function parseArray(value: unknown, name: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidParams(`${name}: expected an array`);
  if (value.length > max) throw invalidParams(`${name}: more than ${max} items`);
  return value;
}

export function parseBytes(value: unknown, name: string): Uint8Array {
  if (!isHex(value)) throw invalidParams(`${name}: expected 0x and an even number of hex digits`);
  return hexToBytes(value);
}

export function parseAddressParam(value: unknown, name: string): Address {
  return unwrap(parseAddress(value), name);
}

export function parseHashParam(value: unknown, name: string): Hash32 {
  return unwrap(parseHash32(value), name);
}

const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** Leading zeros are accepted, as several libraries send them; plain JSON numbers too, where they are exact. */
export function parseQuantity(value: unknown, name: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value !== "string" || !QUANTITY.test(value)) throw invalidParams(`${name}: expected a hex quantity`);
  return BigInt(value);
}

export function optionalQuantity(value: unknown, name: string): bigint | null {
  return value === undefined || value === null ? null : parseQuantity(value, name);
}

/** A storage slot: a number in hex or JSON, or up to 32 bytes of data. */
export function parseSlot(value: unknown, name: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === "string" && QUANTITY.test(value)) return BigInt(value);
  throw invalidParams(`${name}: expected a storage slot of at most 32 bytes`);
}

export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}
