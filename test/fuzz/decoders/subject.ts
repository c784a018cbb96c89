import type { Prng } from "@festina/primitives";
import { mutateBytes } from "./mutateBytes.ts";
import { mutateJson } from "./mutateJson.ts";

/** Whether the input was taken, and, where an encoding has one form only, what it encodes to again. */
export interface Verdict {
  readonly ok: boolean;
  readonly encoded?: () => Uint8Array;
}

/** One decoder under test. Bytes in, or text. */
export interface Subject {
  readonly name: string;
  readonly seeds: readonly (Uint8Array | string)[];
  readonly mutate: (seed: never, other: Uint8Array, prng: Prng) => Uint8Array | string;
  readonly decode: (input: never) => Verdict;
  /** Of an ordinary share of the inputs; less for what is slow by design. */
  readonly share?: number;
  /** What takes longer counts as hanging. */
  readonly slowMs?: number;
}

type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** `encode` where there is one encoding for each value. */
export function ofBytes<T>(
  name: string,
  seeds: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Decoded<T>,
  encode?: (value: T) => Uint8Array,
): Subject {
  return {
    name,
    seeds,
    mutate: (seed: Uint8Array, other, prng) => mutateBytes(seed, other, prng),
    decode: (bytes: Uint8Array) => {
      const decoded = decode(bytes);
      if (!decoded.ok || encode === undefined) return { ok: decoded.ok };
      return { ok: true, encoded: () => encode(decoded.value) };
    },
  };
}

/** @param check of the parsed value; text that is no JSON is refused before */
export function ofJson(
  name: string,
  seeds: readonly unknown[],
  check: (value: unknown) => { readonly ok: boolean },
): Subject {
  return ofText(
    name,
    seeds.map((seed) => JSON.stringify(seed)),
    (text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return { ok: false };
      }
      return check(value);
    },
  );
}

/** Of a document in JSON that the decoder parses by itself. */
export function ofText(
  name: string,
  seeds: readonly string[],
  decode: (text: string) => { readonly ok: boolean },
): Subject {
  return {
    name,
    seeds,
    mutate: (seed: string, _other, prng) => mutateJson(seed, prng),
    decode: (text: string) => ({ ok: decode(text).ok }),
  };
}
