// Inputs for each precompiled contract: good ones, bad ones, and those at the edges.
import { readFileSync } from "node:fs";
import { sha256 } from "@festina/crypto";
import { bigintToBytes, concatBytes, hexToBytes } from "@festina/primitives";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { p256 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import type { AT } from "../../src/precompiles/addresses.ts";
import { BLS_MODULUS, blsCurve1, blsCurve2, blsG1, blsG2, bnG1, bnG2 } from "./samplePoints.ts";

type Inputs = fc.Arbitrary<Uint8Array>;

const word = (value: bigint): Uint8Array => bigintToBytes(value, 32);
const joined = (...parts: readonly Inputs[]): Inputs => fc.tuple(...parts).map((all) => concatBytes(...all));
const many = (unit: Inputs, maxLength: number): Inputs =>
  fc.array(unit, { maxLength }).map((all) => concatBytes(...all));
const bytes = (maxLength: number): Inputs => fc.uint8Array({ maxLength });

/** One in six is a little shorter or longer than it should be. */
const misfitting = (inputs: Inputs): Inputs =>
  fc.oneof(
    { weight: 5, arbitrary: inputs },
    {
      weight: 1,
      arbitrary: fc.tuple(inputs, fc.integer({ min: -70, max: 70 })).map(([input, change]) => {
        if (change >= 0) return concatBytes(input, new Uint8Array(change).fill(change & 1));
        return input.slice(0, Math.max(0, input.length + change));
      }),
    },
  );

const orders = [bls12_381.fields.Fr.ORDER, p256.Point.Fn.ORDER, secp256k1.Point.Fn.ORDER];
const scalar: Inputs = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 2n ** 256n - 1n, ...orders.flatMap((n) => [n - 1n, n, n + 1n])).map(word),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
);

const blsCoordinate: Inputs = fc
  .oneof(
    { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: BLS_MODULUS - 1n }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, BLS_MODULUS - 1n, BLS_MODULUS, 2n ** 384n, 2n ** 512n - 1n) },
  )
  .map((value) => bigintToBytes(value, 64));

const KEY = new Uint8Array(32).fill(9);
const HASHES = [new Uint8Array(32).fill(0xee), new Uint8Array(32).fill(0xff), sha256(KEY)];

/** Hash, v, r, s; some with the other half of s, some of nobody. */
const recoverable: Inputs = fc
  .record({ hash: fc.constantFrom(...HASHES), isHigh: fc.boolean(), change: fc.nat(7), other: scalar })
  .map(({ hash, isHigh, change, other }) => {
    const signed = secp256k1.sign(hash, KEY, { prehash: false, format: "recovered" });
    const n = secp256k1.Point.Fn.ORDER;
    const s = BigInt(`0x${Buffer.from(signed.subarray(33)).toString("hex")}`);
    const parity = BigInt(signed[0] as number) ^ (isHigh ? 1n : 0n);
    const v = change === 1 ? 26n : change === 2 ? 29n + (1n << 8n) : change === 3 ? 1n << 255n : 27n + parity;
    const r = change === 4 ? other : signed.subarray(1, 33);
    return concatBytes(hash, word(v), r, change === 5 ? other : word(isHigh ? n - s : s));
  });

const signatures: Inputs = fc
  .record({ hash: fc.constantFrom(...HASHES), isHigh: fc.boolean(), change: fc.nat(9), other: scalar, bit: fc.nat(7) })
  .map(({ hash, isHigh, change, other, bit }) => {
    const signed = p256.sign(hash, KEY, { prehash: false });
    const s = BigInt(`0x${Buffer.from(signed.subarray(32)).toString("hex")}`);
    const key = p256.getPublicKey(KEY, false).slice(1);
    const parts = [
      hash,
      signed.subarray(0, 32),
      word(isHigh ? p256.Point.Fn.ORDER - s : s),
      key.subarray(0, 32),
      key.subarray(32),
    ];
    if (change < 5) parts[change] = other;
    if (change === 5) key[40] = (key[40] as number) ^ (1 << bit);
    return concatBytes(...parts);
  });

const lengths = fc.oneof(
  { weight: 9, arbitrary: fc.nat(40) },
  { weight: 1, arbitrary: fc.constantFrom(0, 32, 33, 96, 300, 1_024, 1_025) },
);
const modexp: Inputs = fc
  .tuple(lengths, lengths, lengths, fc.boolean(), fc.nat(9))
  .chain(([base, exponent, modulus, isOdd, change]) => {
    const head = concatBytes(
      word(change === 0 ? 2n ** 200n : BigInt(base)),
      word(change === 1 ? 2n ** 64n : BigInt(exponent)),
      word(change === 2 ? 2n ** 33n : BigInt(modulus)),
    );
    const total = base + exponent + modulus;
    return fc.uint8Array({ minLength: Math.min(total, 40), maxLength: total }).map((body) => {
      const full = concatBytes(head, body);
      if (isOdd) full[full.length - 1] = (full[full.length - 1] as number) | 1;
      return full;
    });
  });

const blake2f: Inputs = fc
  .tuple(
    fc.oneof(fc.nat(30), fc.constantFrom(0, 12, 20_000, 20_001, 45_678)),
    fc.uint8Array({ minLength: 208, maxLength: 208 }),
    fc.constantFrom(0, 1, 0, 1, 0, 1, 2),
  )
  .map(([rounds, state, isLast]) => concatBytes(bigintToBytes(BigInt(rounds), 4), state, Uint8Array.of(isLast)));

/** The ceremony's points as another project ships them. */
const setup = JSON.parse(
  readFileSync(new URL("../../../../node_modules/viem/trusted-setups/mainnet.json", import.meta.url), "utf8"),
) as { readonly g1_monomial: readonly string[] };

const { G1, fields } = bls12_381;
const INFINITY = hexToBytes(`0xc0${"00".repeat(47)}`);
const compressed = (point: typeof G1.Point.BASE): Uint8Array => (point.is0() ? INFINITY : point.toBytes(true));
const times = (point: typeof G1.Point.BASE, k: bigint) => (k === 0n ? G1.Point.ZERO : point.multiply(k));

/** Of a + bx: the commitment, a value, its proof, and what may be wrong with one of them. */
const evaluations: Inputs = fc
  .record({ a: fc.bigInt(0n, 3n), b: fc.bigInt(0n, 2n), z: fc.bigInt(0n, 5n), change: fc.nat(16), bit: fc.nat(383) })
  .map(({ a, b, z, change, bit }) => {
    const tau = G1.Point.fromHex((setup.g1_monomial[1] as string).slice(2));
    const commitment = compressed(times(G1.Point.BASE, a).add(times(tau, b)));
    const proof = compressed(times(G1.Point.BASE, b));
    const y = a + b * z;
    if (change === 1) proof[bit >> 3] = (proof[bit >> 3] as number) ^ (1 << (bit & 7));
    if (change === 2) commitment[bit >> 3] = (commitment[bit >> 3] as number) ^ (1 << (bit & 7));
    // Infinity with another sign, or with more than zeros; not compressed; not of the group.
    if (change === 3) proof.set(hexToBytes(`0xe0${"00".repeat(47)}`));
    if (change === 4) proof.set(hexToBytes(`0xc0${"00".repeat(46)}01`));
    if (change === 5) proof[0] = (proof[0] as number) & 0x7f;
    if (change === 6) proof.set(hexToBytes(`0x80${"00".repeat(46)}04`));
    const version = sha256(commitment);
    version[0] = change === 7 ? 2 : 1;
    const [at, value] = [
      change === 8 ? z + fields.Fr.ORDER : z,
      change === 9 ? y + 1n : change === 10 ? y + fields.Fr.ORDER : y,
    ];
    return concatBytes(version, word(at), word(value), commitment, proof);
  });

const bnPair = joined(bnG1(0), bnG2(0));
const blsPair = joined(blsG1(0), blsG2(0));

/** A pairing check that holds: e(P, Q) e(-P, Q), in any order. */
const cancelling = (pairs: Inputs, good1: Inputs, width: number): Inputs =>
  fc.tuple(pairs, good1).map(([pair]) => concatBytes(pair, negated(pair, width), pair, negated(pair, width)));

function negated(pair: Uint8Array, width: number): Uint8Array {
  const copy = pair.slice();
  const modulus =
    width === 32 ? 21888242871839275222246405745257275088696311157297823662689037894645226208583n : BLS_MODULUS;
  const y = BigInt(`0x${Buffer.from(pair.subarray(width, 2 * width)).toString("hex")}`);
  if (y > 0n) copy.set(bigintToBytes(modulus - y, width), width);
  return copy;
}

/** How many inputs to try: the reference takes long for some. */
export const INPUTS: readonly (readonly [keyof typeof AT, number, Inputs])[] = [
  ["ecrecover", 40, misfitting(recoverable)],
  [
    "sha256",
    40,
    fc.oneof(
      bytes(200),
      fc.nat(9).map((n) => new Uint8Array(60_000 + 30_000 * n).fill(n)),
    ),
  ],
  [
    "ripemd160",
    40,
    fc.oneof(
      bytes(200),
      fc.nat(9).map((n) => new Uint8Array(60_000 + 10_000 * n).fill(n)),
    ),
  ],
  ["identity", 40, bytes(200)],
  ["modexp", 150, misfitting(modexp)],
  ["bn254Add", 80, misfitting(joined(bnG1(2), bnG1(2)))],
  ["bn254Mul", 40, misfitting(joined(bnG1(1), scalar))],
  [
    "bn254Pairing",
    12,
    misfitting(fc.oneof(many(joined(bnG1(1), bnG2(1)), 5), many(bnPair, 7), cancelling(bnPair, bnG1(0), 32))),
  ],
  ["blake2f", 60, misfitting(blake2f)],
  ["pointEvaluation", 20, misfitting(evaluations)],
  ["bls12G1Add", 80, misfitting(joined(blsCurve1, blsCurve1))],
  ["bls12G1Msm", 12, misfitting(fc.oneof(many(joined(blsG1(1), scalar), 6), many(joined(blsG1(0), scalar), 35)))],
  ["bls12G2Add", 80, misfitting(joined(blsCurve2, blsCurve2))],
  ["bls12G2Msm", 10, misfitting(fc.oneof(many(joined(blsG2(1), scalar), 4), many(joined(blsG2(0), scalar), 18)))],
  [
    "bls12Pairing",
    10,
    misfitting(fc.oneof(many(joined(blsG1(1), blsG2(1)), 4), many(blsPair, 6), cancelling(blsPair, blsG1(0), 64))),
  ],
  ["bls12MapG1", 40, misfitting(blsCoordinate)],
  ["bls12MapG2", 30, misfitting(joined(blsCoordinate, blsCoordinate))],
  ["p256Verify", 40, misfitting(signatures)],
];
