import type { SignatureSuiteName } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { createBlsSuite } from "../blst/blsSuite.ts";
import { createEd25519Scheme } from "./ed25519Scheme.ts";
import { createListSuite } from "./listSuite.ts";
import { createQuickPrepareSuite } from "./quickPrepareSuite.ts";
import { createSecp256k1Scheme } from "./secp256k1Scheme.ts";

/** The suite that a chain spec names. */
export function createSignatureSuite(name: SignatureSuiteName): SignatureSuite {
  const bls = createBlsSuite();
  switch (name) {
    case "bls":
      return bls;
    case "secp256k1":
      return createListSuite(createSecp256k1Scheme(), bls);
    case "ed25519":
      return createListSuite(createEd25519Scheme(), bls);
    case "bls-secp256k1":
      return createQuickPrepareSuite(createListSuite(createSecp256k1Scheme(), bls), bls);
  }
}
