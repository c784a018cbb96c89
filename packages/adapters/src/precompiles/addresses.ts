import { type Address, bigintToBytes, toAddress } from "@festina/primitives";

const addressOf = (number: number): Address => toAddress(bigintToBytes(BigInt(number), 20));

/** Where the precompiled contracts are. */
export const AT = {
  ecrecover: addressOf(0x01),
  sha256: addressOf(0x02),
  ripemd160: addressOf(0x03),
  identity: addressOf(0x04),
  modexp: addressOf(0x05),
  bn254Add: addressOf(0x06),
  bn254Mul: addressOf(0x07),
  bn254Pairing: addressOf(0x08),
  blake2f: addressOf(0x09),
  pointEvaluation: addressOf(0x0a),
  bls12G1Add: addressOf(0x0b),
  bls12G1Msm: addressOf(0x0c),
  bls12G2Add: addressOf(0x0d),
  bls12G2Msm: addressOf(0x0e),
  bls12Pairing: addressOf(0x0f),
  bls12MapG1: addressOf(0x10),
  bls12MapG2: addressOf(0x11),
  p256Verify: addressOf(0x100),
} as const;
