import type { SignatureSuite } from "@festina/crypto";
import { createBlsSuite } from "../blst/blsSuite.ts";
import { createEd25519Scheme } from "./ed25519Scheme.ts";
import { createListSuite } from "./listSuite.ts";
import { createSecp256k1Scheme } from "./secp256k1Scheme.ts";

export type SignatureSuiteName = "bls" | "secp256k1" | "ed25519";

/** The suite that a chain spec names. */
export function createSignatureSuite(name: SignatureSuiteName): SignatureSuite {
  const bls = createBlsSuite();
  if (name === "bls") return bls;
  return createListSuite(name === "secp256k1" ? createSecp256k1Scheme() : createEd25519Scheme(), bls);
}
