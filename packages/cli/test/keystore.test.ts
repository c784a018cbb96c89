import { describe, expect, it } from "@jest/globals";
import { decryptKeystore, encryptKeystore } from "../src/keystore.ts";

/** Cheap to derive from. */
const SCRYPT = { n: 2, r: 8, p: 1, dklen: 32, salt: "00" };
const CRYPTO = {
  cipher: "aes-128-ctr",
  kdf: "scrypt",
  kdfparams: SCRYPT,
  mac: "11".repeat(32),
  ciphertext: "22".repeat(32),
  cipherparams: { iv: "33".repeat(16) },
};
const SECRET = new Uint8Array(32).fill(7);

describe("a keystore file", () => {
  it("gives back what went in, and only for its password", () => {
    const file = encryptKeystore(SECRET, "festina");
    expect(decryptKeystore(file, "festina")).toMatchObject({ ok: true, value: { secretKey: SECRET } });
    expect(decryptKeystore(file, "lente").ok).toBe(false);
  });

  it.each([null, 7, "text", [], {}, { version: 3 }, { version: 3, crypto: null }, { version: 3, crypto: {} }])(
    "that holds %j is refused, not thrown",
    (value) => {
      expect(decryptKeystore(value, "festina").ok).toBe(false);
    },
  );

  it.each([
    ["no mac", { mac: undefined }],
    ["a short mac", { mac: "11" }],
    ["no ciphertext", { ciphertext: undefined }],
    ["a ciphertext that is no hex", { ciphertext: "zz".repeat(32) }],
    ["no iv", { cipherparams: null }],
    ["an iv of another length", { cipherparams: { iv: "33" } }],
    ["no scrypt parameters", { kdfparams: undefined }],
    ["impossible scrypt parameters", { kdfparams: { ...SCRYPT, n: 3 } }],
    ["scrypt parameters beyond all memory", { kdfparams: { ...SCRYPT, n: 2 ** 40 } }],
  ])("with %s is invalid", (_what, change) => {
    const file = { version: 3, crypto: { ...CRYPTO, ...change } };
    expect(decryptKeystore(file, "festina")).toMatchObject({ ok: false, error: { code: "KEYSTORE_INVALID" } });
  });

  it("with a mac of another password, an unknown derivation or an address that is no text says so", () => {
    const codeOf = (file: object) => {
      const found = decryptKeystore(file, "festina");
      return found.ok ? "ok" : found.error.code;
    };
    expect(codeOf({ version: 3, crypto: CRYPTO })).toBe("KEYSTORE_PASSWORD_WRONG");
    expect(codeOf({ version: 3, crypto: { ...CRYPTO, kdf: "argon2" } })).toBe("KEYSTORE_KDF_UNSUPPORTED");
    expect(codeOf({ version: 3, crypto: CRYPTO, address: 7 })).toBe("KEYSTORE_INVALID");
  });
});
