import { keccak256, keccakHash } from "@festina/crypto";
import { concatBytes, encodeRlp, type Hash32, hexToBytes, type Result, readRlp, toHash32 } from "@festina/primitives";
import { type Certificate, certificateItem, readCertificate } from "../consensus/certificate.ts";
import { type Fruit, fruitItem, hashFruit, readFruit } from "./fruit.ts";
import { readSnailHeader, type SnailHeader, snailHeaderItem } from "./snailHeader.ts";

/** Packs fresh fruits and carries the COMMITTED certificate of its anchor (`null` while the anchor is the fast genesis). */
export interface SnailBlock {
  readonly header: SnailHeader;
  readonly fruits: readonly Fruit[];
  readonly certificate: Certificate | null;
}

export const FRUITS_MAX = 4_096;

/** keccak over the concatenated fruit hashes; of nothing for a block without fruits. */
export function computeFruitsRoot(fruits: readonly Fruit[]): Hash32 {
  return toHash32(keccak256(concatBytes(...fruits.map((fruit) => hexToBytes(hashFruit(fruit))))));
}

/** The root of a block that packs no fruit. */
export const EMPTY_FRUITS_ROOT: Hash32 = keccakHash(new Uint8Array(0));

export function encodeSnailBlock(block: SnailBlock): Uint8Array {
  return encodeRlp([
    snailHeaderItem(block.header),
    block.fruits.map(fruitItem),
    block.certificate === null ? [] : [certificateItem(block.certificate)],
  ]);
}

export function decodeSnailBlock(bytes: Uint8Array): Result<SnailBlock, "DECODE_INVALID"> {
  return readRlp(bytes, "snailBlock", (reader) => ({
    header: reader.list("header", readSnailHeader),
    fruits: reader.many("fruits", FRUITS_MAX, (list) => list.list("fruit", readFruit)),
    certificate: reader.many("certificate", 1, (list) => list.list("certificate", readCertificate))[0] ?? null,
  }));
}
