// Does the polynomial committed to take the value y at z (EIP-4844)? The chain has no blobs, but the contract answers as anywhere.
import { hash } from "node:crypto";
import { bigintToBytes, compareBytes, concatBytes, equalBytes } from "@festina/primitives";
import type { Computation, Compute } from "../computation.ts";
import { SETUP_G2 } from "../trustedSetup.ts";
import type { Borrowed, Curve } from "./curve.ts";
import { FP_BYTES, FR_BYTES, G1_BYTES } from "./mcl.ts";
import { PairingProduct } from "./pairing.ts";

const INPUT_BYTES = 192;
const COMPRESSED_BYTES = 48;
const VERSION = 1;
const ORDER = bigintToBytes(0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n, 32);
/** Field elements of a blob, and what they are below. */
const ANSWER = concatBytes(bigintToBytes(4_096n, 32), ORDER);

/** The first three bits of a compressed point. */
const IS_COMPRESSED = 0x80;
const IS_INFINITY = 0x40;
const IS_LARGER_Y = 0x20;
/** Half of the field's modulus, rounded down. */
const LARGER_ABOVE = bigintToBytes(
  0x0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555n,
  64,
);

const BASE_G1 = [
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
];
const BASE_G2 = [
  0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
  0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
  0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
];
const TAU_G2 = [SETUP_G2.x.c0, SETUP_G2.x.c1, SETUP_G2.y.c0, SETUP_G2.y.c1];

const pointOf = (coordinates: readonly bigint[]): Uint8Array =>
  concatBytes(...coordinates.map((coordinate) => bigintToBytes(coordinate, 64)));

/** Versioned hash, z, y, commitment, proof: the constants of blobs when the proof is good, and nothing but that is accepted. */
export const createPointEvaluation =
  (curve: Curve): Compute =>
  (input) => {
    if (input.length !== INPUT_BYTES) return null;
    const versionedHash = Uint8Array.from(hash("sha256", input.subarray(96, 144), "buffer"));
    versionedHash[0] = VERSION;
    if (!equalBytes(versionedHash, input.subarray(0, 32))) return null;
    const [z, y] = [input.subarray(32, 64), input.subarray(64, 96)];
    if (compareBytes(z, ORDER) >= 0 || compareBytes(y, ORDER) >= 0) return null;
    return verify(curve, { z, y, commitment: input.subarray(96, 144), proof: input.subarray(144) });
  };

interface Evaluation {
  readonly z: Uint8Array;
  readonly y: Uint8Array;
  readonly commitment: Uint8Array;
  readonly proof: Uint8Array;
}

/** e(y G1 - commitment - z proof, G2) times e(proof, tau G2) is one. */
function* verify(curve: Curve, { z, y, commitment, proof }: Evaluation): Computation {
  const { calls } = curve;
  const borrowed = curve.borrow();
  try {
    const [committed, quotient, multiple] = [
      borrowed.place(G1_BYTES),
      borrowed.place(G1_BYTES),
      borrowed.place(G1_BYTES),
    ];
    const scalar = borrowed.place(FR_BYTES);
    if (!readCompressed(curve, borrowed, committed, commitment)) return null;
    if (!readCompressed(curve, borrowed, quotient, proof)) return null;
    yield;
    const product = new PairingProduct(curve, borrowed);
    curve.readG1(multiple, pointOf(BASE_G1));
    curve.readScalar(scalar, y);
    calls.mclBnG1_mul(multiple, multiple, scalar);
    calls.mclBnG1_sub(committed, multiple, committed);
    curve.readScalar(scalar, z);
    calls.mclBnG1_mul(multiple, quotient, scalar);
    calls.mclBnG1_sub(product.nextG1, committed, multiple);
    curve.readG2(product.nextG2, pointOf(BASE_G2));
    product.take();
    yield;
    curve.copy(product.nextG1, quotient, G1_BYTES);
    curve.readG2(product.nextG2, pointOf(TAU_G2));
    product.take();
    yield;
    return (yield* product.isOne()) ? ANSWER.slice() : null;
  } finally {
    borrowed.giveBack();
  }
}

/** @returns false when the bytes are no point of the group */
function readCompressed(curve: Curve, borrowed: Borrowed, at: number, bytes: Uint8Array): boolean {
  const { calls, coordinateBytes } = curve;
  const flags = bytes[0] as number;
  if ((flags & IS_COMPRESSED) === 0) return false;
  const x = new Uint8Array(coordinateBytes);
  x.set(bytes, coordinateBytes - COMPRESSED_BYTES);
  x[coordinateBytes - COMPRESSED_BYTES] = flags & ~(IS_COMPRESSED | IS_INFINITY | IS_LARGER_Y);
  if ((flags & IS_INFINITY) !== 0) {
    calls.mclBnG1_clear(at);
    return (flags & IS_LARGER_Y) === 0 && x.every((byte) => byte === 0);
  }
  const y = at + FP_BYTES;
  if (!curve.readFp(at, x)) return false;
  // y^2 = x^3 + 4
  const square = borrowed.place(FP_BYTES);
  calls.mclBnFp_sqr(square, at);
  calls.mclBnFp_mul(square, square, at);
  calls.mclBnFp_setInt32(y, 4);
  calls.mclBnFp_add(square, square, y);
  if (calls.mclBnFp_squareRoot(y, square) !== 0) return false;
  const isLarger = compareBytes(curve.writeFp(y), LARGER_ABOVE) > 0;
  if (isLarger !== ((flags & IS_LARGER_Y) !== 0)) calls.mclBnFp_neg(y, y);
  calls.mclBnFp_setInt32(at + 2 * FP_BYTES, 1);
  return calls.mclBnG1_isValidOrder(at) !== 0;
}
