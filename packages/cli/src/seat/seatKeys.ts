// The encrypted file of a validator's two secrets: the seat's signing key and the owner account. It is not an account's
// keystore: what it opens signs blocks, so it names its public key, its proof of possession and its own format version.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import {
  type Address,
  bytesToHex,
  fail,
  type Hex,
  hexToBytes,
  isHex,
  ok,
  parseAddress,
  type Result,
} from "@festina/primitives";

/** What everybody may know of a validator. */
export interface SeatIdentity {
  /** The owner account; the validator's id. */
  readonly address: Address;
  /** 48 bytes, compressed. */
  readonly publicKey: Hex;
  /** 96 bytes, compressed. */
  readonly proofOfPossession: Hex;
}

export interface SeatSecrets {
  /** 32 bytes. */
  readonly signingKey: Uint8Array;
  /** 32 bytes. */
  readonly ownerKey: Uint8Array;
}

export interface SeatKeyFile extends SeatIdentity {
  readonly kind: typeof KIND;
  readonly version: typeof VERSION;
  readonly kdf: {
    readonly name: "scrypt";
    readonly n: number;
    readonly r: number;
    readonly p: number;
    readonly salt: Hex;
  };
  readonly cipher: { readonly name: "aes-256-gcm"; readonly nonce: Hex };
  /** Signing key and owner key, then the tag of 16 bytes. What is public above is authenticated with them. */
  readonly ciphertext: Hex;
}

export type SeatKeysFailureCode = "SEAT_KEYS_INVALID" | "SEAT_KEYS_VERSION" | "SEAT_KEYS_PASSWORD_WRONG";

const KIND = "festina seat keys";
const VERSION = 1;
/** Some 0.4 s and 128 MiB for each guess at the password. */
const SCRYPT = { n: 2 ** 17, r: 8, p: 1 };
const SCRYPT_MEMORY_MAX = 1024 * 1024 * 1024;
const SECRET_BYTES = 32;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PUBLIC_KEY_BYTES = 48;
const PROOF_BYTES = 96;

const isBytes = (value: unknown, length: number): value is Hex => isHex(value) && value.length === 2 + 2 * length;

function deriveKey(password: string, { n, r, p, salt }: SeatKeyFile["kdf"]): Buffer {
  const options = { N: n, r, p, maxmem: SCRYPT_MEMORY_MAX };
  return scryptSync(password.normalize("NFKC"), hexToBytes(salt), SECRET_BYTES, options);
}

function authenticated({ address, publicKey, proofOfPossession }: SeatIdentity): Buffer {
  return Buffer.from([KIND, VERSION, address, publicKey, proofOfPossession].join("\n"));
}

export function encryptSeatKeys(secrets: SeatSecrets, identity: SeatIdentity, password: string): SeatKeyFile {
  const kdf = { name: "scrypt", ...SCRYPT, salt: bytesToHex(randomBytes(SALT_BYTES)) } as const;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", deriveKey(password, kdf), nonce);
  cipher.setAAD(authenticated(identity));
  const sealed = [cipher.update(secrets.signingKey), cipher.update(secrets.ownerKey), cipher.final()];
  const { address, publicKey, proofOfPossession } = identity;
  return {
    kind: KIND,
    version: VERSION,
    address,
    publicKey,
    proofOfPossession,
    kdf,
    cipher: { name: "aes-256-gcm", nonce: bytesToHex(nonce) },
    ciphertext: bytesToHex(Buffer.concat([...sealed, cipher.getAuthTag()])),
  };
}

/** Any parsed JSON: the file if it has the form of one. Needs no password. */
export function readSeatKeyFile(value: unknown): Result<SeatKeyFile, SeatKeysFailureCode> {
  const file = (value ?? {}) as Partial<SeatKeyFile>;
  if (file.kind !== KIND) return fail("SEAT_KEYS_INVALID", "not a file of seat keys");
  if (file.version !== VERSION)
    return fail("SEAT_KEYS_VERSION", `seat keys of version ${String(file.version)}; this program reads ${VERSION}`);
  const { address, publicKey, proofOfPossession, kdf, cipher, ciphertext } = file;
  if (typeof address !== "string" || !parseAddress(address).ok || address !== address.toLowerCase())
    return fail("SEAT_KEYS_INVALID", "address: expected 0x and 40 lower-case hex digits");
  if (!isBytes(publicKey, PUBLIC_KEY_BYTES)) return fail("SEAT_KEYS_INVALID", "publicKey: expected 48 bytes of hex");
  if (!isBytes(proofOfPossession, PROOF_BYTES))
    return fail("SEAT_KEYS_INVALID", "proofOfPossession: expected 96 bytes of hex");
  if (kdf?.name !== "scrypt" || !isBytes(kdf.salt, SALT_BYTES))
    return fail("SEAT_KEYS_INVALID", "kdf: expected scrypt with a salt of 32 bytes");
  if (cipher?.name !== "aes-256-gcm" || !isBytes(cipher.nonce, NONCE_BYTES))
    return fail("SEAT_KEYS_INVALID", "cipher: expected aes-256-gcm with a nonce of 12 bytes");
  if (!isBytes(ciphertext, 2 * SECRET_BYTES + TAG_BYTES))
    return fail("SEAT_KEYS_INVALID", "ciphertext: expected 80 bytes of hex");
  return ok(file as SeatKeyFile);
}

/** The secrets inside. What the file says in the open is the truth if the password opens it. */
export function decryptSeatKeys(file: SeatKeyFile, password: string): Result<SeatSecrets, SeatKeysFailureCode> {
  let key: Buffer;
  try {
    key = deriveKey(password, file.kdf);
  } catch {
    return fail("SEAT_KEYS_INVALID", "kdf: its parameters cannot be used");
  }
  const sealed = hexToBytes(file.ciphertext);
  const decipher = createDecipheriv("aes-256-gcm", key, hexToBytes(file.cipher.nonce));
  decipher.setAAD(authenticated(file));
  decipher.setAuthTag(sealed.subarray(2 * SECRET_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, 2 * SECRET_BYTES)), decipher.final()]);
    const secrets = new Uint8Array(plain);
    return ok({ signingKey: secrets.slice(0, SECRET_BYTES), ownerKey: secrets.slice(SECRET_BYTES) });
  } catch {
    return fail("SEAT_KEYS_PASSWORD_WRONG", "wrong password, or the file of seat keys was changed");
  }
}
