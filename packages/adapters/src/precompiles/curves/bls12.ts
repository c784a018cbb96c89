// The curve BLS12-381: precompiled contracts 0x0b to 0x11 (EIP-2537). Inputs have exactly the bytes they should.
import type { Computation, Compute } from "../computation.ts";
import { Curve, type CurveShape } from "./curve.ts";
import { FP2_BYTES, FR_BYTES, G1_BYTES, G2_BYTES } from "./mcl.ts";
import { checkPairing } from "./pairing.ts";

const SHAPE: CurveShape = {
  name: "bls12",
  modulus: 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn,
  coordinateBytes: 64,
  isImaginaryFirst: false,
};
/** Of RFC 9380, without its hash: the library's number for it. */
const MAP_TO_CURVE = 5;
/** Points whose multiples are added at once: 4 to 6 ms. */
const PIECE_POINTS = { g1: 16, g2: 8 };

/** What the two groups differ in. */
interface Group {
  /** In contracts' bytes and in the library's. */
  readonly pointBytes: number;
  readonly placeBytes: number;
  readonly pieceBytes: number;
  read(at: number, bytes: Uint8Array): boolean;
  write(at: number): Uint8Array;
  clear(at: number): void;
  isValidOrder(at: number): number;
  add(z: number, x: number, y: number): void;
  mulVec(z: number, points: number, scalars: number, count: number): void;
}

export function createBls12Curve(): Curve {
  const curve = new Curve(SHAPE);
  curve.calls.mclBn_setMapToMode(MAP_TO_CURVE);
  return curve;
}

function groupsOf(curve: Curve): { readonly g1: Group; readonly g2: Group } {
  const { calls } = curve;
  return {
    g1: {
      pointBytes: curve.g1Bytes,
      placeBytes: G1_BYTES,
      pieceBytes: PIECE_POINTS.g1 * (curve.g1Bytes + FR_BYTES),
      read: (at, bytes) => curve.readG1(at, bytes),
      write: (at) => curve.writeG1(at),
      clear: calls.mclBnG1_clear,
      isValidOrder: calls.mclBnG1_isValidOrder,
      add: calls.mclBnG1_add,
      mulVec: calls.mclBnG1_mulVec,
    },
    g2: {
      pointBytes: curve.g2Bytes,
      placeBytes: G2_BYTES,
      pieceBytes: PIECE_POINTS.g2 * (curve.g2Bytes + FR_BYTES),
      read: (at, bytes) => curve.readG2(at, bytes),
      write: (at) => curve.writeG2(at),
      clear: calls.mclBnG2_clear,
      isValidOrder: calls.mclBnG2_isValidOrder,
      add: calls.mclBnG2_add,
      mulVec: calls.mclBnG2_mulVec,
    },
  };
}

/** Two points of the curve, of the group or not. */
function adder(curve: Curve, { pointBytes, placeBytes, read, write, add }: Group): Compute {
  const permanent = curve.borrow();
  const [first, second] = [permanent.place(placeBytes), permanent.place(placeBytes)];
  return (input) => {
    if (input.length !== 2 * pointBytes) return null;
    if (!read(first, input.subarray(0, pointBytes)) || !read(second, input.subarray(pointBytes))) return null;
    add(first, first, second);
    return write(first);
  };
}

/** Pairs of a point of the group and a scalar. */
const multiplier =
  (curve: Curve, group: Group): Compute =>
  (input) =>
    input.length === 0 || input.length % (group.pointBytes + FR_BYTES) !== 0 ? null : addMultiples(curve, group, input);

function* addMultiples(curve: Curve, group: Group, input: Uint8Array): Computation {
  const { pointBytes, placeBytes, pieceBytes } = group;
  const pairBytes = pointBytes + FR_BYTES;
  const borrowed = curve.borrow();
  try {
    const room = Math.min(input.length, pieceBytes) / pairBytes;
    const points = borrowed.place(room * placeBytes);
    const scalars = borrowed.place(room * FR_BYTES);
    const [sum, part] = [borrowed.place(placeBytes), borrowed.place(placeBytes)];
    group.clear(sum);
    for (let from = 0; from < input.length; from += pieceBytes) {
      const piece = input.subarray(from, from + pieceBytes);
      const count = piece.length / pairBytes;
      for (let i = 0; i < count; i++) {
        const pair = piece.subarray(i * pairBytes, (i + 1) * pairBytes);
        const point = points + i * placeBytes;
        if (!group.read(point, pair.subarray(0, pointBytes)) || group.isValidOrder(point) === 0) return null;
        curve.readScalar(scalars + i * FR_BYTES, pair.subarray(pointBytes));
        yield;
      }
      group.mulVec(part, points, scalars, count);
      group.add(sum, sum, part);
      yield;
    }
    return group.write(sum);
  } finally {
    borrowed.giveBack();
  }
}

export interface Bls12 {
  readonly g1Add: Compute;
  readonly g1Msm: Compute;
  readonly g2Add: Compute;
  readonly g2Msm: Compute;
  readonly pairing: Compute;
  readonly mapG1: Compute;
  readonly mapG2: Compute;
}

export function createBls12(curve: Curve): Bls12 {
  const { calls, coordinateBytes, g1Bytes, g2Bytes } = curve;
  const { g1, g2 } = groupsOf(curve);
  const permanent = curve.borrow();
  const [field, point] = [permanent.place(FP2_BYTES), permanent.place(G2_BYTES)];
  const groups = {
    isInG1: (at: number) => calls.mclBnG1_isValidOrder(at) !== 0,
    isInG2: (at: number) => calls.mclBnG2_isValidOrder(at) !== 0,
  };
  return {
    g1Add: adder(curve, g1),
    g1Msm: multiplier(curve, g1),
    g2Add: adder(curve, g2),
    g2Msm: multiplier(curve, g2),
    pairing: (input) =>
      input.length === 0 || input.length % (g1Bytes + g2Bytes) !== 0 ? null : checkPairing(curve, groups, input),
    mapG1: (input) => {
      if (input.length !== coordinateBytes || !curve.readFp(field, input)) return null;
      calls.mclBnFp_mapToG1(point, field);
      return curve.writeG1(point);
    },
    mapG2: (input) => {
      if (input.length !== 2 * coordinateBytes || !curve.readFp2(field, input)) return null;
      calls.mclBnFp2_mapToG2(point, field);
      return curve.writeG2(point);
    },
  };
}
