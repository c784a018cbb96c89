import { keccakHash } from "@festina/crypto";
import {
  asciiToBytes,
  concatBytes,
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
} from "@festina/primitives";
import { hashSnailHeader, knownHashesOf, readSnailHeader, type SnailHeader, snailHeaderItem } from "./snailHeader.ts";

/** A share of work that pins a fast block. It has no children (a type of its own; flaw 2 of the original nested them). */
export interface Fruit {
  readonly header: SnailHeader;
}

const FRUIT_DOMAIN = asciiToBytes("festina/fruit/1");

/** Unlike the hash of a snail block with the same header, so that neither can stand for the other. */
export function hashFruit({ header }: Fruit): Hash32 {
  const hashes = knownHashesOf(header);
  hashes.fruit ??= keccakHash(concatBytes(FRUIT_DOMAIN, hexToBytes(hashSnailHeader(header))));
  return hashes.fruit;
}

export function fruitItem(fruit: Fruit): RlpItem {
  return snailHeaderItem(fruit.header);
}

export function encodeFruit(fruit: Fruit): Uint8Array {
  return encodeRlp(fruitItem(fruit));
}

export function readFruit(reader: RlpReader): Fruit {
  return { header: readSnailHeader(reader) };
}

export function decodeFruit(bytes: Uint8Array): Result<Fruit, "DECODE_INVALID"> {
  return readRlp(bytes, "fruit", readFruit);
}
