// Points on both pairing curves as contracts write them: of the group, of the curve only, and of nothing.
import { bigintToBytes, concatBytes } from "@festina/primitives";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bn254 } from "@noble/curves/bn254.js";
import fc from "fast-check";

interface Fp2 {
  readonly c0: bigint;
  readonly c1: bigint;
}

interface Affine<T> {
  toAffine(): { readonly x: T; readonly y: T };
}

/** Bytes of a coordinate, and how the two parts of one follow each other. */
class Writer {
  readonly #bytes: number;
  readonly #isImaginaryFirst: boolean;

  constructor(bytes: number, isImaginaryFirst: boolean) {
    this.#bytes = bytes;
    this.#isImaginaryFirst = isImaginaryFirst;
  }

  fp(...values: readonly bigint[]): Uint8Array {
    return concatBytes(...values.map((value) => bigintToBytes(value, this.#bytes)));
  }

  fp2({ c0, c1 }: Fp2): Uint8Array {
    return this.#isImaginaryFirst ? this.fp(c1, c0) : this.fp(c0, c1);
  }

  g1(point: Affine<bigint>): Uint8Array {
    const { x, y } = point.toAffine();
    return this.fp(x, y);
  }

  g2(point: Affine<Fp2>): Uint8Array {
    const { x, y } = point.toAffine();
    return concatBytes(this.fp2(x), this.fp2(y));
  }
}

/** The first `count` points with x = 1, 2, ...: hardly one of them is of the group where the curve has others. */
function pointsOf<T>(
  count: number,
  fieldOf: (n: bigint) => T,
  ySquaredOf: (x: T) => T,
  sqrt: (n: T) => T,
): { x: T; y: T }[] {
  const points: { x: T; y: T }[] = [];
  for (let n = 1n; points.length < count; n++) {
    const x = fieldOf(n);
    try {
      points.push({ x, y: sqrt(ySquaredOf(x)) });
    } catch {
      // No root, no point.
    }
  }
  return points;
}

const SCALARS = [1n, 2n, 3n, 0x1234_5678_9abc_def0_1234_5678n];

const bnWriter = new Writer(32, true);
const blsWriter = new Writer(64, false);
const bnFp2 = bn254.fields.Fp2;
const blsFp = bls12_381.fields.Fp;
const blsFp2 = bls12_381.fields.Fp2;
const BN_B2 = bnFp2.div(bnFp2.fromBigTuple([3n, 0n]), bnFp2.fromBigTuple([9n, 1n]));

export const BN_MODULUS = bn254.fields.Fp.ORDER;
export const BLS_MODULUS = blsFp.ORDER;

type BnPoint2 = typeof bn254.G2.Point.BASE;

const bnStrays: readonly BnPoint2[] = pointsOf(
  2,
  (n) => bnFp2.fromBigTuple([n, 1n]),
  (x) => bnFp2.add(bnFp2.mul(bnFp2.sqr(x), x), BN_B2),
  (n) => bnFp2.sqrt(n),
).map((point) => bn254.G2.Point.fromAffine(point));

/** Nothing of the group is left in it. */
function ofCofactor(point: BnPoint2): BnPoint2 {
  let result = bn254.G2.Point.ZERO;
  for (const bit of bn254.fields.Fr.ORDER.toString(2)) {
    result = result.double();
    if (bit === "1") result = result.add(point);
  }
  return result;
}

export const BN = {
  good1: SCALARS.flatMap((k) => [bn254.G1.Point.BASE.multiply(k), bn254.G1.Point.BASE.multiply(k).negate()]).map((p) =>
    bnWriter.g1(p),
  ),
  good2: SCALARS.map((k) => bnWriter.g2(bn254.G2.Point.BASE.multiply(k))),
  stray2: [...bnStrays, ...bnStrays.map(ofCofactor), ofCofactor(bnStrays[0] as BnPoint2).add(bn254.G2.Point.BASE)].map(
    (p) => bnWriter.g2(p),
  ),
  none1: [
    bnWriter.fp(1n, 3n),
    bnWriter.fp(0n, 1n),
    bnWriter.fp(BN_MODULUS + 1n, 2n),
    bnWriter.fp(1n, BN_MODULUS + 2n),
    bnWriter.fp(BN_MODULUS, 0n),
  ],
};

export const BLS = {
  good1: SCALARS.flatMap((k) => [
    bls12_381.G1.Point.BASE.multiply(k),
    bls12_381.G1.Point.BASE.multiply(k).negate(),
  ]).map((p) => blsWriter.g1(p)),
  good2: SCALARS.map((k) => blsWriter.g2(bls12_381.G2.Point.BASE.multiply(k))),
  stray1: pointsOf(
    3,
    (n) => n,
    (x) => blsFp.add(blsFp.mul(blsFp.sqr(x), x), 4n),
    (n) => blsFp.sqrt(n),
  ).map(({ x, y }) => blsWriter.fp(x, y)),
  stray2: pointsOf(
    3,
    (n) => blsFp2.fromBigTuple([n, 0n]),
    (x) => blsFp2.add(blsFp2.mul(blsFp2.sqr(x), x), blsFp2.fromBigTuple([4n, 4n])),
    (n) => blsFp2.sqrt(n),
  ).map(({ x, y }) => concatBytes(blsWriter.fp2(x), blsWriter.fp2(y))),
  none1: [
    blsWriter.fp(1n, 3n),
    blsWriter.fp(0n, 1n),
    blsWriter.fp(BLS_MODULUS, 0n),
    blsWriter.fp(0n, BLS_MODULUS + 2n),
    blsWriter.fp(1n << 400n, 2n),
  ],
};

const zeros = (length: number): fc.Arbitrary<Uint8Array> => fc.constant(new Uint8Array(length));
const oneOf = (points: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> => fc.constantFrom(...points);
/** One bit is another one. */
const damaged = (points: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(oneOf(points), fc.nat(10_000)).map(([point, bit]) => {
    const copy = point.slice();
    copy[(bit >> 3) % copy.length] = (copy[(bit >> 3) % copy.length] as number) ^ (1 << (bit & 7));
    return copy;
  });

/** Mostly points of the group; `share` in eight are others. */
function mostly(good: readonly Uint8Array[], others: readonly Uint8Array[], share: number): fc.Arbitrary<Uint8Array> {
  const width = (good[0] as Uint8Array).length;
  const rare = fc.oneof(oneOf(others), damaged(good), fc.uint8Array({ minLength: width, maxLength: width }));
  return fc.oneof(
    { weight: 7 - share, arbitrary: oneOf(good) },
    { weight: 1, arbitrary: zeros(width) },
    { weight: share, arbitrary: rare },
  );
}

export const bnG1 = (share: number) => mostly(BN.good1, BN.none1, share);
export const bnG2 = (share: number) => mostly(BN.good2, BN.stray2, share);
export const blsG1 = (share: number) => mostly(BLS.good1, [...BLS.stray1, ...BLS.none1], share);
export const blsG2 = (share: number) => mostly(BLS.good2, BLS.stray2, share);
/** Points of the curve, which addition takes. */
export const blsCurve1 = mostly([...BLS.good1, ...BLS.stray1], BLS.none1, 2);
export const blsCurve2 = mostly([...BLS.good2, ...BLS.stray2], [new Uint8Array(256).fill(1)], 2);
