import { bytesToHex, type Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  addressOfPublicKey,
  addressOfSecretKey,
  isPrepareMessage,
  recoverPublicKey,
  SIGNING_DOMAIN,
  signHash,
  signingMessage,
} from "../src/index.ts";

const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
const context = { chainId: 7n, genesisHash: hash("aa"), epoch: 3 };

describe("signingMessage", () => {
  it("differs whenever anything it covers differs (flaw 27: votes replayed across chains)", () => {
    const messages = [
      signingMessage(context, "prepare", 5, hash("01")),
      signingMessage(context, "commit", 5, hash("01")),
      signingMessage(context, "prepare", 6, hash("01")),
      signingMessage(context, "prepare", 5, hash("02")),
      signingMessage(context, "viewChange", 5, null),
      signingMessage({ ...context, epoch: 4 }, "prepare", 5, hash("01")),
      signingMessage({ ...context, chainId: 8n }, "prepare", 5, hash("01")),
      signingMessage({ ...context, genesisHash: hash("ab") }, "prepare", 5, hash("01")),
    ].map(bytesToHex);
    expect(new Set(messages).size).toBe(messages.length);
  });

  it("is the same from memory, however much was asked for in between", () => {
    const first = bytesToHex(signingMessage(context, "prepare", 5, hash("01")));
    for (let view = 6; view < 600; view++) signingMessage(context, "prepare", view, hash("01"));
    expect(bytesToHex(signingMessage(context, "prepare", 5, hash("01")))).toBe(first);
    expect(bytesToHex(signingMessage({ ...context }, "prepare", 5, hash("01")))).toBe(first);
  });

  it("shows whether it is a PREPARE, however long it is", () => {
    for (const chainId of [1n, 7n, 2n ** 200n])
      for (const kind of ["prePrepare", "prepare", "commit", "viewChange", "beaconReveal", "session"] as const)
        for (const digest of [null, hash("01")]) {
          const message = signingMessage({ ...context, chainId }, kind, 5, digest);
          expect([kind, isPrepareMessage(message)]).toEqual([kind, kind === "prepare" || kind === "prePrepare"]);
          expect(isPrepareMessage(message.slice(1))).toBe(false);
        }
    for (const bytes of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(40).fill(0xff)])
      expect(isPrepareMessage(bytes)).toBe(false);
  });

  it("has one tag per kind, and a leader's PREPARE that of its proposal", () => {
    const { prePrepare, ...others } = SIGNING_DOMAIN;
    expect(prePrepare).toBe(others.prepare);
    const tags = Object.values(others);
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe("secp256k1", () => {
  it("recovers the signer and nobody else", () => {
    const secretKey = new Uint8Array(32).fill(7);
    const message = new Uint8Array(32).fill(9);
    const { r, s, yParity } = signHash(message, secretKey);
    const compact = Buffer.from(r.toString(16).padStart(64, "0") + s.toString(16).padStart(64, "0"), "hex");
    const publicKey = recoverPublicKey(message, compact, yParity);
    expect(publicKey && addressOfPublicKey(publicKey)).toBe(addressOfSecretKey(secretKey));
    const other = recoverPublicKey(message, compact, 1 - yParity);
    expect(other && addressOfPublicKey(other)).not.toBe(addressOfSecretKey(secretKey));
    expect(recoverPublicKey(message, new Uint8Array(64), 0)).toBeNull();
    expect(recoverPublicKey(message, new Uint8Array(64).fill(255), 0)).toBeNull();
  });
});
