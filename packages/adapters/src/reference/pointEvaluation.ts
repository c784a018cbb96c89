import { bytesToBigint, hexToBytes } from "@festina/primitives";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { SETUP_G2 } from "../precompiles/trustedSetup.ts";

/**
 * The check behind precompile 0x0a (EIP-4844): does the polynomial committed to take the value `y` at `z`? The chain
 * has no blobs, but the precompile is part of Osaka and answers as anywhere.
 */

const TAU_G2 = bls12_381.G2.Point.fromAffine(SETUP_G2);

/** The text by which the library tells bad input from its own failures. */
const BAD_INPUT = "C_KZG_BADARGS";

function readScalar(text: string): bigint {
  const value = bytesToBigint(hexToBytes(text));
  if (value >= bls12_381.fields.Fr.ORDER) throw new RangeError(`${BAD_INPUT}: not a field element`);
  return value;
}

function readPoint(text: string): typeof bls12_381.G1.Point.BASE {
  try {
    const point = bls12_381.G1.Point.fromBytes(hexToBytes(text));
    point.assertValidity();
    return point;
  } catch (error) {
    if (isInfinity(text)) return bls12_381.G1.Point.ZERO;
    throw new RangeError(`${BAD_INPUT}: not a point of the group`, { cause: error });
  }
}

function isInfinity(text: string): boolean {
  return text === `0xc0${"00".repeat(47)}`;
}

function multiply<P extends { multiplyUnsafe(scalar: bigint): P }>(point: P, scalar: bigint): P {
  return point.multiplyUnsafe(scalar);
}

/** All hex. @throws RangeError naming bad input when a point or a scalar is not one */
export function verifyPointEvaluation(commitment: string, z: string, y: string, proof: string): boolean {
  const { G1, G2, fields, pairingBatch } = bls12_381;
  const committed = readPoint(commitment).subtract(multiply(G1.Point.BASE, readScalar(y)));
  const quotient = readPoint(proof);
  const shifted = TAU_G2.subtract(multiply(G2.Point.BASE, readScalar(z)));
  // e(C - [y]G1, -G2) * e(proof, [tau - z]G2) = 1; a pair with the point at infinity contributes 1.
  const pairs = [
    { g1: committed, g2: G2.Point.BASE.negate() },
    { g1: quotient, g2: shifted },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  if (pairs.length === 0) return true;
  return fields.Fp12.eql(pairingBatch(pairs), fields.Fp12.ONE);
}
