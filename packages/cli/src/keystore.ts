import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes, randomUUID, scryptSync } from "node:crypto";
import { addressOfSecretKey, keccak256 } from "@festina/crypto";
import { type Address, bytesToHex, concatBytes, equalBytes, fail, ok, type Result } from "@festina/primitives";

/** Web3 Secret Storage, version 3: the file other Ethereum clients read and write. */
export interface KeystoreFile {
  readonly version: 3;
  readonly id: string;
  readonly address: string;
  readonly crypto: {
    readonly cipher: "aes-128-ctr";
    readonly cipherparams: { readonly iv: string };
    readonly ciphertext: string;
    /** Ours have scrypt; older files have PBKDF2. */
    readonly kdf: "scrypt" | "pbkdf2";
    readonly kdfparams: {
      readonly n: number;
      readonly r: number;
      readonly p: number;
      readonly dklen: number;
      readonly salt: string;
    };
    readonly mac: string;
  };
}

/** geth's default: about one second and 256 MiB for each guess at the password. */
const SCRYPT = { n: 2 ** 18, r: 8, p: 1, dklen: 32 };
const KEY_BYTES = 32;
/** Forty times what other clients write. */
const PBKDF2_ROUNDS_MAX = 10_000_000;
const SCRYPT_MEMORY_MAX = 1024 * 1024 * 1024;
/** n times r times p, which is what a guess takes: eight times what other clients write. */
const SCRYPT_WORK_MAX = 2 ** 24;

const bare = (bytes: Uint8Array): string => bytesToHex(bytes).slice(2);
const bytesOf = (text: string): Buffer => Buffer.from(text, "hex");

const isBare = (text: unknown, bytes: number): boolean =>
  typeof text === "string" && text.length === 2 * bytes && /^[0-9a-f]*$/i.test(text);

/** @throws RangeError or TypeError for parameters that cannot be used */
function deriveKeyOf({ kdf, kdfparams }: KeystoreFile["crypto"], password: string): Buffer {
  const salt = bytesOf(kdfparams.salt);
  if (kdf === "scrypt") return deriveKey(password, salt, kdfparams);
  const { c, prf, dklen } = kdfparams as unknown as {
    readonly c: number;
    readonly prf: string;
    readonly dklen: number;
  };
  if (prf !== "hmac-sha256" || dklen !== KEY_BYTES || c > PBKDF2_ROUNDS_MAX) throw new RangeError("PBKDF2 parameters");
  return pbkdf2Sync(password.normalize("NFKC"), salt, c, dklen, "sha256");
}

function deriveKey(
  password: string,
  salt: Uint8Array,
  params: { n: number; r: number; p: number; dklen: number },
): Buffer {
  if (!(params.n * params.r * params.p <= SCRYPT_WORK_MAX) || params.dklen !== KEY_BYTES)
    throw new RangeError("scrypt parameters");
  const options = { N: params.n, r: params.r, p: params.p, maxmem: SCRYPT_MEMORY_MAX };
  return scryptSync(password.normalize("NFKC"), salt, params.dklen, options);
}

export function encryptKeystore(secretKey: Uint8Array, password: string): KeystoreFile {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const key = deriveKey(password, salt, SCRYPT);
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(secretKey), cipher.final()]);
  return {
    version: 3,
    id: randomUUID(),
    address: addressOfSecretKey(secretKey).slice(2),
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: bare(iv) },
      ciphertext: bare(ciphertext),
      kdf: "scrypt",
      kdfparams: { ...SCRYPT, salt: bare(salt) },
      mac: bare(keccak256(concatBytes(key.subarray(16, 32), ciphertext))),
    },
  };
}

export type KeystoreFailureCode = "KEYSTORE_INVALID" | "KEYSTORE_PASSWORD_WRONG" | "KEYSTORE_KDF_UNSUPPORTED";

/** The secret key inside; the file's own address is checked against it. */
export function decryptKeystore(
  file: unknown,
  password: string,
): Result<{ secretKey: Uint8Array; address: Address }, KeystoreFailureCode> {
  const { version, crypto, address } = (file ?? {}) as Partial<KeystoreFile>;
  if (version !== 3 || crypto?.cipher !== "aes-128-ctr")
    return fail("KEYSTORE_INVALID", "not a version 3 keystore file");
  if (crypto.kdf !== "scrypt" && crypto.kdf !== "pbkdf2")
    return fail("KEYSTORE_KDF_UNSUPPORTED", `key derivation "${String(crypto.kdf)}" is neither scrypt nor pbkdf2`);
  if (!isBare(crypto.mac, 32) || !isBare(crypto.ciphertext, 32) || !isBare(crypto.cipherparams?.iv, 16))
    return fail("KEYSTORE_INVALID", "the file's mac, ciphertext or iv is not hex of the right length");
  if (address !== undefined && typeof address !== "string")
    return fail("KEYSTORE_INVALID", "the file's address is not a text");
  let key: Buffer;
  try {
    key = deriveKeyOf(crypto, password);
  } catch {
    return fail("KEYSTORE_INVALID", "the file's key derivation parameters cannot be used");
  }
  const ciphertext = bytesOf(crypto.ciphertext);
  const mac = keccak256(concatBytes(key.subarray(16, 32), ciphertext));
  if (!equalBytes(mac, bytesOf(crypto.mac))) return fail("KEYSTORE_PASSWORD_WRONG", "wrong password");
  const decipher = createDecipheriv("aes-128-ctr", key.subarray(0, 16), bytesOf(crypto.cipherparams.iv));
  const secretKey = new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
  const found = addressOfSecretKey(secretKey);
  if (address !== undefined && `0x${address.replace(/^0x/, "").toLowerCase()}` !== found) {
    return fail("KEYSTORE_INVALID", "the key in the file is not of the address it names");
  }
  return ok({ secretKey, address: found });
}
