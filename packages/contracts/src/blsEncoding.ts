import { bigintToBytes, concatBytes, fail, ok, type Result } from "@festina/primitives";
import { bls12_381 } from "@noble/curves/bls12-381.js";

/**
 * From the short form of BLS keys and signatures (ZCash flags) to that of the precompiles of EIP-2537, which the
 * registry takes: each coordinate big-endian in 64 bytes, imaginary part last.
 */

export const G1_POINT_BYTES = 128;
export const G2_POINT_BYTES = 256;

const COORDINATE_BYTES = 64;

export type BlsEncodingFailureCode = "BLS_KEY_INVALID" | "BLS_SIGNATURE_INVALID";

function coordinate(value: bigint): Uint8Array {
  return bigintToBytes(value, COORDINATE_BYTES);
}

/** The point that `bytes` are, if it lies in the curve's subgroup and is not zero; else `null`. */
function readPoint<Point extends { assertValidity(): void; is0(): boolean }>(
  bytes: Uint8Array,
  lengthBytes: number,
  fromBytes: (bytes: Uint8Array) => Point,
): Point | null {
  if (bytes.length !== lengthBytes) return null;
  try {
    const point = fromBytes(bytes);
    point.assertValidity();
    return point.is0() ? null : point;
  } catch {
    return null;
  }
}

/** 48 bytes in, 128 bytes out. */
export function expandBlsKey(compressed: Uint8Array): Result<Uint8Array, BlsEncodingFailureCode> {
  const point = readPoint(compressed, 48, (bytes) => bls12_381.G1.Point.fromBytes(bytes));
  if (point === null) return fail("BLS_KEY_INVALID", "not a compressed point of G1");
  const { x, y } = point.toAffine();
  return ok(concatBytes(coordinate(x), coordinate(y)));
}

/** 96 bytes in, 256 bytes out. */
export function expandBlsSignature(compressed: Uint8Array): Result<Uint8Array, BlsEncodingFailureCode> {
  const point = readPoint(compressed, 96, (bytes) => bls12_381.G2.Point.fromBytes(bytes));
  if (point === null) return fail("BLS_SIGNATURE_INVALID", "not a compressed point of G2");
  const { x, y } = point.toAffine();
  return ok(concatBytes(...[x.c0, x.c1, y.c0, y.c1].map(coordinate)));
}
