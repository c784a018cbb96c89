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
  /** The same by the very arrays that keys come in. */
  const secretsOfKeys = new WeakMap<Uint8Array, Uint32Array>();
  const ownSecrets = new WeakMap<Uint8Array, Uint32Array>();
  const digestOf = createDigests();
  const secretWords = (secretKey: Uint8Array): Uint32Array => {
    let words = ownSecrets.get(secretKey);
    if (words === undefined) {
      words = new Uint32Array(quickTag(secretKey).buffer);
      ownSecrets.set(secretKey, words);
    }
    return words;
  };
  const secretOf = (publicKey: Uint8Array): Uint32Array | undefined => {
    let words = secretsOfKeys.get(publicKey);
    if (words === undefined) {
      words = secrets.get(bytesToHex(publicKey));
      if (words !== undefined) secretsOfKeys.set(publicKey, words);
    }
    return words;
  };
  const publicKeyOf = (secretKey: Uint8Array): Uint8Array => {
    const half = quickTag(secretKey);
    const key = concatBytes(half, quickTag(half));
    secrets.set(bytesToHex(key), secretWords(secretKey));
    return key;
  };
  const sign = (secretKey: Uint8Array, message: Uint8Array): Uint8Array => {
    const tag = new Uint32Array(WORDS);
    mixInto(tag, secretWords(secretKey), digestOf(message));
    return new Uint8Array(tag.buffer);
  };
  const verifyAggregate = (publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean => {
    const tag = new Uint32Array(WORDS);
    const digest = digestOf(message);
    for (const publicKey of publicKeys) {
      const secret = secretOf(publicKey);
      if (secret === undefined) return false;
      mixInto(tag, secret, digest);
    }
    return publicKeys.length > 0 && equalBytes(new Uint8Array(tag.buffer), aggregate);
  };
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
