// Verifies ECDSA signatures on the curve P-256 (EIP-7951).
import { bigintToBytes, compareBytes, EMPTY_BYTES } from "@festina/primitives";
import type { Compute } from "../computation.ts";
import { Curve, type CurveShape } from "./curve.ts";
import { FR_BYTES, G1_BYTES } from "./mcl.ts";
import { wordOf } from "./pairing.ts";

const SHAPE: CurveShape = {
  name: "p256",
  modulus: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  coordinateBytes: 32,
  isImaginaryFirst: false,
};
const ORDER = bigintToBytes(0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, 32);
const INPUT_BYTES = 160;

const isInRange = (scalar: Uint8Array): boolean => compareBytes(scalar, ORDER) < 0 && scalar.some((byte) => byte !== 0);

/** Hash, r, s, and the key's coordinates: one for a good signature, nothing for any other input. */
export function createP256Verify(): Compute {
  const curve = new Curve(SHAPE);
  const { calls } = curve;
  const permanent = curve.borrow();
  const points = permanent.place(2 * G1_BYTES);
  const scalars = permanent.place(2 * FR_BYTES);
  const [s, r, x] = [permanent.place(FR_BYTES), permanent.place(FR_BYTES), permanent.place(FR_BYTES)];
  const sum = permanent.place(G1_BYTES);
  const verify = (input: Uint8Array): boolean => {
    const [rBytes, sBytes, key] = [input.subarray(32, 64), input.subarray(64, 96), input.subarray(96)];
    if (!isInRange(rBytes) || !isInRange(sBytes)) return false;
    if (!curve.readG1(points + G1_BYTES, key) || calls.mclBnG1_isZero(points + G1_BYTES) !== 0) return false;
    calls.mclBnG1_getBasePoint(points);
    curve.readScalar(scalars, input.subarray(0, 32));
    curve.readScalar(r, rBytes);
    curve.readScalar(s, sBytes);
    // (hash / s) times the base point and (r / s) times the key: r is its x.
    calls.mclBnFr_div(scalars, scalars, s);
    calls.mclBnFr_div(scalars + FR_BYTES, r, s);
    calls.mclBnG1_mulVec(sum, points, scalars, 2);
    if (calls.mclBnG1_isZero(sum) !== 0) return false;
    curve.readScalar(x, curve.writeG1(sum).subarray(0, 32));
    return calls.mclBnFr_isEqual(x, r) !== 0;
  };
  return (input) => (input.length === INPUT_BYTES && verify(input) ? wordOf(true) : EMPTY_BYTES);
}
