/** What both implementations of the suite must agree on. */
export const BLS_SUITE = {
  id: 1,
  name: "bls",
  publicKeyBytes: 48,
  signatureBytes: 96,
} as const;

export const BLS_SIGNATURE_DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
export const BLS_POSSESSION_DOMAIN = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/** Decompressed and checked keys kept; a committee has at most a few hundred. */
export const BLS_KEY_CACHE_MAX = 2048;
