import type { SignatureSuite } from "@festina/crypto";
import { createNativeBlsSuite, type NativeBls, requireNativeBls } from "./nativeBlsSuite.ts";
import { createNobleBlsSuite } from "./nobleBlsSuite.ts";

/**
 * The default suite: BLS signatures on BLS12-381 with 48-byte public keys and 96-byte signatures, aggregated, with
 * proofs of possession (draft-irtf-cfrg-bls-signature-05, section 3.3). Native where it loads, JavaScript otherwise;
 * both give the same answers, JavaScript some thirty times slower.
 */
export function createBlsSuite(loadNative: () => NativeBls = requireNativeBls): SignatureSuite {
  try {
    return createNativeBlsSuite(loadNative());
  } catch {
    return createNobleBlsSuite();
  }
}
