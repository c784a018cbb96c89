// The cheapest signatures that tell members apart: a tag is made once for each message and member and then looked up. The
// first byte of a key names the member.
import type { SignatureSuite } from "@festina/crypto";
import { equalBytes } from "@festina/primitives";
import { quickTag } from "../core/quickHash.ts";

const KEY_BYTES = 32;
const TAG_BYTES = 16;

export function createTwinsSuite(): SignatureSuite {
  const tags = new WeakMap<Uint8Array, Uint8Array[]>();
  const tagOf = (key: Uint8Array, message: Uint8Array): Uint8Array => {
    let known = tags.get(message);
    if (known === undefined) {
      known = [];
      tags.set(message, known);
    }
    const member = key[0] as number;
    known[member] ??= quickTag(key, message);
    return known[member];
  };
  const join = (some: readonly Uint8Array[]): Uint8Array => {
    const joined = new Uint8Array(TAG_BYTES);
    for (const tag of some)
      for (let at = 0; at < TAG_BYTES; at++) joined[at] = (joined[at] as number) ^ (tag[at] as number);
    return joined;
  };
  return {
    id: 0xff,
    name: "twins",
    publicKeyBytes: KEY_BYTES,
    signatureBytes: TAG_BYTES,
    publicKey: (secretKey) => secretKey,
    sign: tagOf,
    verify: (publicKey, message, signature) => equalBytes(tagOf(publicKey, message), signature),
    aggregate: join,
    verifyAggregate: (publicKeys, message, aggregate) =>
      equalBytes(join(publicKeys.map((publicKey) => tagOf(publicKey, message))), aggregate),
    provePossession: (secretKey) => secretKey,
    verifyPossession: () => true,
  };
}
