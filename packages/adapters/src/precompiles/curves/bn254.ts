// The curve of precompiled contracts 6 to 8 (EIP-196, EIP-197), also called alt_bn128.
import type { Compute } from "../computation.ts";
import { readPadded } from "../readPadded.ts";
import { createBn254GroupCheck } from "./bn254Group.ts";
import { Curve, type CurveShape } from "./curve.ts";
import { FR_BYTES, G1_BYTES } from "./mcl.ts";
import { checkPairing } from "./pairing.ts";

const SHAPE: CurveShape = {
  name: "bn254",
  modulus: 21888242871839275222246405745257275088696311157297823662689037894645226208583n,
  coordinateBytes: 32,
  isImaginaryFirst: true,
};

/** Missing bytes are zeros, further ones are ignored; a pairing's must be whole pairs. */
export function createBn254(): { readonly add: Compute; readonly mul: Compute; readonly pairing: Compute } {
  const curve = new Curve(SHAPE);
  const { calls, g1Bytes, g2Bytes } = curve;
  const permanent = curve.borrow();
  const [first, second] = [permanent.place(G1_BYTES), permanent.place(G1_BYTES)];
  const scalar = permanent.place(FR_BYTES);
  // Its first curve has no points but the group's.
  const groups = { isInG1: () => true, isInG2: createBn254GroupCheck(curve, permanent) };
  return {
    add: (input) => {
      const data = readPadded(input, 0, 2 * g1Bytes);
      if (!curve.readG1(first, data.subarray(0, g1Bytes)) || !curve.readG1(second, data.subarray(g1Bytes))) return null;
      calls.mclBnG1_add(first, first, second);
      return curve.writeG1(first);
    },
    mul: (input) => {
      const data = readPadded(input, 0, g1Bytes + FR_BYTES);
      if (!curve.readG1(first, data.subarray(0, g1Bytes))) return null;
      curve.readScalar(scalar, data.subarray(g1Bytes));
      calls.mclBnG1_mul(first, first, scalar);
      return curve.writeG1(first);
    },
    pairing: (input) => (input.length % (g1Bytes + g2Bytes) === 0 ? checkPairing(curve, groups, input) : null),
  };
}
