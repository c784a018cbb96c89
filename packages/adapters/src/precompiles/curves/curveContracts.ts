// The precompiled contracts that compute on curves. Each curve is set up with its first call.
import type { Address } from "@festina/primitives";
import { AT } from "../addresses.ts";
import type { Compute } from "../computation.ts";
import { createBls12, createBls12Curve } from "./bls12.ts";
import { createBn254 } from "./bn254.ts";
import { createP256Verify } from "./p256.ts";
import { createPointEvaluation } from "./pointEvaluation.ts";

function once<T>(create: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= create();
    return made;
  };
}

export function createCurveContracts(): ReadonlyMap<Address, Compute> {
  const bn254 = once(createBn254);
  const bls12Curve = once(createBls12Curve);
  const bls12 = once(() => createBls12(bls12Curve()));
  const pointEvaluation = once(() => createPointEvaluation(bls12Curve()));
  const p256Verify = once(createP256Verify);
  return new Map<Address, Compute>([
    [AT.bn254Add, (input) => bn254().add(input)],
    [AT.bn254Mul, (input) => bn254().mul(input)],
    [AT.bn254Pairing, (input) => bn254().pairing(input)],
    [AT.pointEvaluation, (input) => pointEvaluation()(input)],
    [AT.bls12G1Add, (input) => bls12().g1Add(input)],
    [AT.bls12G1Msm, (input) => bls12().g1Msm(input)],
    [AT.bls12G2Add, (input) => bls12().g2Add(input)],
    [AT.bls12G2Msm, (input) => bls12().g2Msm(input)],
    [AT.bls12Pairing, (input) => bls12().pairing(input)],
    [AT.bls12MapG1, (input) => bls12().mapG1(input)],
    [AT.bls12MapG2, (input) => bls12().mapG2(input)],
    [AT.p256Verify, (input) => p256Verify()(input)],
  ]);
}
