// Whether a point of bn254's second curve is of the group. Multiplying it by the group's order, as the library does, would
// take as long as the point's part of a pairing.
import { bigintToBytes, concatBytes } from "@festina/primitives";
import type { Borrowed, Curve } from "./curve.ts";
import { FP_BYTES, FP2_BYTES, G2_BYTES } from "./mcl.ts";

/** The number that the curve is made from, in bits. */
const SEED = 4965661367192848881n.toString(2);

/** (9 + i) to the power of (p - 1) / 3 and of (p - 1) / 2, with p the modulus; imaginary parts first. */
const X_FACTOR = concatBytes(
  bigintToBytes(0x16c9e55061ebae204ba4cc8bd75a079432ae2a1d0b7c9dce1665d51c640fcba2n, 32),
  bigintToBytes(0x2fb347984f7911f74c0bec3cf559b143b78cc310c2c3330c99e39557176f553dn, 32),
);
const Y_FACTOR = concatBytes(
  bigintToBytes(0x07c03cbcac41049a0704b5a7ec796f2b21807dc98fa25bd282d37f632623b0e3n, 32),
  bigintToBytes(0x063cf305489af5dcdc5ec698b6e2f9b9dbaae0eda9c95998dc54014671a0135an, 32),
);

/**
 * With f the Frobenius map moved to this curve and s the seed, a point P of the curve is of the group exactly when
 * (s + 1) P + f(s P) + f(f(s P)) = f(f(f(2 s P))) (Dai, Lin, Zhao, Zhou: Fast subgroup membership testings, 2022).
 */
export function createBn254GroupCheck(curve: Curve, borrowed: Borrowed): (at: number) => boolean {
  const { calls } = curve;
  const [multiple, image, sum] = [borrowed.place(G2_BYTES), borrowed.place(G2_BYTES), borrowed.place(G2_BYTES)];
  const [xFactor, yFactor] = [borrowed.place(FP2_BYTES), borrowed.place(FP2_BYTES)];
  curve.readFp2(xFactor, X_FACTOR);
  curve.readFp2(yFactor, Y_FACTOR);

  const map = (point: number): void => {
    for (let part = 0; part < 3; part++) {
      const imaginary = point + part * FP2_BYTES + FP_BYTES;
      calls.mclBnFp_neg(imaginary, imaginary);
    }
    calls.mclBnFp2_mul(point, point, xFactor);
    calls.mclBnFp2_mul(point + FP2_BYTES, point + FP2_BYTES, yFactor);
  };
  // The library's own multiplication relies on what is to be found out.
  const multiplyBySeed = (to: number, from: number): void => {
    curve.copy(to, from, G2_BYTES);
    for (let i = 1; i < SEED.length; i++) {
      calls.mclBnG2_dbl(to, to);
      if (SEED[i] === "1") calls.mclBnG2_add(to, to, from);
    }
  };
  return (at) => {
    multiplyBySeed(multiple, at);
    calls.mclBnG2_add(sum, multiple, at);
    curve.copy(image, multiple, G2_BYTES);
    map(image);
    calls.mclBnG2_add(sum, sum, image);
    map(image);
    calls.mclBnG2_add(sum, sum, image);
    calls.mclBnG2_dbl(image, multiple);
    for (let i = 0; i < 3; i++) map(image);
    return calls.mclBnG2_isEqual(sum, image) !== 0;
  };
}
