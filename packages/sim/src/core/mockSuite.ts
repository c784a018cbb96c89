// Signatures that cost nothing. A tag over key and message stands for a signature, and only who holds the secret key can
// ask for one; aggregates are the tags laid over each other.
import type { SignatureSuite } from "@festina/crypto";
import { bytesToHex, concatBytes, equalBytes } from "@festina/primitives";
import { quickTag } from "./quickHash.ts";

const KEY_BYTES = 32;
const TAG_BYTES = 16;
const POSSESSION = Uint8Array.of(0x70);

/** Messages are hashed once, however many keys sign them or check them. */
function createDigests(): (message: Uint8Array) => Uint32Array {
  const known = new WeakMap<Uint8Array, Uint32Array>();
  return (message) => {
    let digest = known.get(message);
    if (digest === undefined) {
      digest = new Uint32Array(quickTag(message).buffer);
      known.set(message, digest);
    }
    return digest;
  };
}

const WORDS = TAG_BYTES / 4;

/** Adds the tag of one key over one message to what is there. */
function mixInto(tag: Uint32Array, secret: Uint32Array, digest: Uint32Array): void {
  for (let index = 0; index < WORDS; index++) {
    const word = Math.imul((secret[index] as number) ^ (digest[index] as number), 0x9e3779b1);
    const other = Math.imul(
      (digest[(index + 1) % WORDS] as number) + (secret[(index + 2) % WORDS] as number),
      0x85ebca6b,
    );
    tag[index] = (tag[index] as number) ^ word ^ (other >>> 7) ^ (other << 11);
  }
}

export function createMockSuite(): SignatureSuite {
  /** Secrets by public key: the suite checks a signature by making it again. */
  const secrets = new Map<string, Uint32Array>();
  const names = new WeakMap<Uint8Array, string>();
  const digestOf = createDigests();
  const secretWords = (secretKey: Uint8Array): Uint32Array => new Uint32Array(quickTag(secretKey).buffer);
  const nameOf = (publicKey: Uint8Array): string => {
    let name = names.get(publicKey);
    if (name === undefined) {
      name = bytesToHex(publicKey);
      names.set(publicKey, name);
    }
    return name;
  };
  const publicKeyOf = (secretKey: Uint8Array): Uint8Array => {
    const half = quickTag(secretKey);
    const key = concatBytes(half, quickTag(half));
    secrets.set(bytesToHex(key), secretWords(secretKey));
    return key;
  };
  const tagsOf = (words: readonly (Uint32Array | undefined)[], message: Uint8Array): Uint8Array | null => {
    const tag = new Uint32Array(WORDS);
    const digest = digestOf(message);
    for (const secret of words) {
      if (secret === undefined) return null;
      mixInto(tag, secret, digest);
    }
    return words.length === 0 ? null : new Uint8Array(tag.buffer);
  };
  const sign = (secretKey: Uint8Array, message: Uint8Array): Uint8Array =>
    tagsOf([secretWords(secretKey)], message) as Uint8Array;
  const isTag = (expected: Uint8Array | null, tag: Uint8Array): boolean =>
    expected !== null && equalBytes(expected, tag);
  const verifyAggregate = (publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean =>
    isTag(
      tagsOf(
        publicKeys.map((publicKey) => secrets.get(nameOf(publicKey))),
        message,
      ),
      aggregate,
    );
  return {
    id: 0xff,
    name: "mock",
    publicKeyBytes: KEY_BYTES,
    signatureBytes: TAG_BYTES,
    publicKey: publicKeyOf,
    sign,
    verify: (publicKey, message, signature) => verifyAggregate([publicKey], message, signature),
    aggregate: joinTags,
    verifyAggregate,
    provePossession: (secretKey) => sign(secretKey, POSSESSION),
    verifyPossession: (publicKey, proof) => verifyAggregate([publicKey], POSSESSION, proof),
  };
}

function joinTags(tags: readonly Uint8Array[]): Uint8Array | null {
  const joined = new Uint8Array(TAG_BYTES);
  for (const tag of tags) {
    if (tag.length !== TAG_BYTES) return null;
    for (let index = 0; index < TAG_BYTES; index++) joined[index] = (joined[index] as number) ^ (tag[index] as number);
  }
  return tags.length === 0 ? null : joined;
}
