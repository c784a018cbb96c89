import { randomBytes } from "node:crypto";

/** 32 bytes below the order of both curves in use, which begin with 0x73 (BLS12-381) and 0xff (secp256k1). */
export function createSecret(): Uint8Array {
  const secret = new Uint8Array(randomBytes(32));
  secret[0] = (secret[0] as number) & 0x3f;
  return secret;
}
