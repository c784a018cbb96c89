import { bytesToHex, type Hex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  decryptSeatKeys,
  encryptSeatKeys,
  readSeatKeyFile,
  type SeatIdentity,
  type SeatKeyFile,
} from "../../src/seat/seatKeys.ts";

const SECRETS = { signingKey: new Uint8Array(32).fill(5), ownerKey: new Uint8Array(32).fill(9) };
const IDENTITY: SeatIdentity = {
  address: `0x${"ab".repeat(20)}` as SeatIdentity["address"],
  publicKey: `0x${"cd".repeat(48)}`,
  proofOfPossession: `0x${"ef".repeat(96)}`,
};
const FILE = encryptSeatKeys(SECRETS, IDENTITY, "festina");
const changed = (change: object): SeatKeyFile => ({ ...FILE, ...change });

/** The same bytes but for one bit. */
function withFlip(text: Hex, at: number): Hex {
  const digits = [...text];
  digits[at] = (Number.parseInt(digits[at] as string, 16) ^ 1).toString(16);
  return digits.join("") as Hex;
}

describe("a file of seat keys", () => {
  it("gives back what went in, through its text, and names whose they are", () => {
    const file = readSeatKeyFile(JSON.parse(JSON.stringify(FILE)));
    expect(file).toMatchObject({ ok: true, value: IDENTITY });
    expect(decryptSeatKeys(FILE, "festina")).toEqual({ ok: true, value: SECRETS });
  });

  it("holds no secret in the open, and another salt and nonce each time", () => {
    const text = JSON.stringify(FILE);
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(bytesToHex(secret).slice(2));
    const again = encryptSeatKeys(SECRETS, IDENTITY, "festina");
    expect([again.kdf.salt, again.cipher.nonce]).not.toEqual([FILE.kdf.salt, FILE.cipher.nonce]);
  });

  it.each([
    ["another password", FILE, "lente"],
    ["a bit of the ciphertext changed", changed({ ciphertext: withFlip(FILE.ciphertext, 9) }), "festina"],
    ["a bit of the tag changed", changed({ ciphertext: withFlip(FILE.ciphertext, 161) }), "festina"],
    ["another owner named in the open", changed({ address: `0x${"11".repeat(20)}` }), "festina"],
    ["another public key named in the open", changed({ publicKey: `0x${"22".repeat(48)}` }), "festina"],
  ])("does not open with %s", (_what, file, password) => {
    expect(decryptSeatKeys(file, password)).toMatchObject({ ok: false, error: { code: "SEAT_KEYS_PASSWORD_WRONG" } });
  });

  it.each([
    ["nothing", null, "SEAT_KEYS_INVALID"],
    ["a number", 7, "SEAT_KEYS_INVALID"],
    ["an account's keystore", { version: 3, crypto: {} }, "SEAT_KEYS_INVALID"],
    ["a version to come", changed({ version: 2 as never }), "SEAT_KEYS_VERSION"],
    ["no address", changed({ address: undefined }), "SEAT_KEYS_INVALID"],
    ["an address in capitals", changed({ address: `0x${"AB".repeat(20)}` }), "SEAT_KEYS_INVALID"],
    ["a short key", changed({ publicKey: "0xcd" }), "SEAT_KEYS_INVALID"],
    ["a short proof", changed({ proofOfPossession: "0xcd" }), "SEAT_KEYS_INVALID"],
    ["no derivation", changed({ kdf: undefined }), "SEAT_KEYS_INVALID"],
    ["another derivation", changed({ kdf: { ...FILE.kdf, name: "pbkdf2" } }), "SEAT_KEYS_INVALID"],
    ["another cipher", changed({ cipher: { ...FILE.cipher, name: "aes-128-ctr" } }), "SEAT_KEYS_INVALID"],
    ["a short nonce", changed({ cipher: { ...FILE.cipher, nonce: "0x00" } }), "SEAT_KEYS_INVALID"],
    ["a short ciphertext", changed({ ciphertext: "0x00" }), "SEAT_KEYS_INVALID"],
  ])("that is %s is refused with a code", (_what, value, code) => {
    expect(readSeatKeyFile(value)).toMatchObject({ ok: false, error: { code } });
  });

  it.each([{ n: 3 }, { n: 2 ** 40 }, { r: 2 ** 31 }, { p: -1 }, { n: "many" }])(
    "with the costs %j is refused",
    (cost) => {
      const file = changed({ kdf: { ...FILE.kdf, ...cost } });
      expect(decryptSeatKeys(file, "festina")).toMatchObject({ ok: false, error: { code: "SEAT_KEYS_INVALID" } });
    },
  );
});
