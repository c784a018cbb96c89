import type { SignatureSuite } from "@festina/crypto";
import { BLS_SUITE } from "./blsParameters.ts";
import { createNativeBlsSuite, type NativeBls, requireNativeBls } from "./nativeBlsSuite.ts";
import { createNobleBlsSuite } from "./nobleBlsSuite.ts";

/**
 * The default suite: BLS signatures on BLS12-381 with 48-byte public keys and 96-byte signatures, aggregated, with
 * proofs of possession (draft-irtf-cfrg-bls-signature-05, section 3.3). Native where it loads, JavaScript otherwise;
 * both give the same answers, JavaScript some thirty times slower. Loaded at the first use.
 */
export function createBlsSuite(loadNative: () => NativeBls = requireNativeBls): SignatureSuite {
  let chosen: SignatureSuite | null = null;
  const use = (): SignatureSuite => {
    chosen ??= chooseSuite(loadNative);
    return chosen;
  };
  return {
    ...BLS_SUITE,
    publicKey: (secretKey) => use().publicKey(secretKey),
    sign: (secretKey, message) => use().sign(secretKey, message),
    verify: (publicKey, message, signature) => use().verify(publicKey, message, signature),
    aggregate: (signatures) => use().aggregate(signatures),
    verifyAggregate: (publicKeys, message, aggregate) => use().verifyAggregate(publicKeys, message, aggregate),
    provePossession: (secretKey) => use().provePossession(secretKey),
    verifyPossession: (publicKey, proof) => use().verifyPossession(publicKey, proof),
  };
}

function chooseSuite(loadNative: () => NativeBls): SignatureSuite {
  try {
    return createNativeBlsSuite(loadNative());
  } catch {
    return createNobleBlsSuite();
  }
}
