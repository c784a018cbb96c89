import { asciiToBytes, bigintToBytes, concatBytes, type Hash32, hexToBytes } from "@festina/primitives";
import type { PowEngine } from "@festina/snailchain";
import { argon2id } from "@noble/hashes/argon2.js";

/** One pass over 256 KiB on one lane: some milliseconds to check, which a packer's hundred fruits must not multiply into minutes. */
const COST = { t: 1, m: 256, p: 1, dkLen: 32, version: 0x13 } as const;
const SALT = asciiToBytes("festina/pow/1");

/** Argon2id (RFC 9106) of seal and nonce, 8 bytes big-endian: needs its memory, so that chips gain little. */
export const argon2idPowEngine = {
  name: "argon2id",
  compute: (sealHash: Hash32, nonce: bigint): Uint8Array =>
    argon2id(concatBytes(hexToBytes(sealHash), bigintToBytes(nonce, 8)), SALT, COST),
} as const satisfies PowEngine;
