/** How committee members sign votes (docs/spec/voting.md, Suites). */
export const SIGNATURE_SUITES = ["bls", "secp256k1", "ed25519", "bls-secp256k1"] as const;

/** Of networks of a few members on ordinary machines (docs/adr/0047). */
export const DEFAULT_SIGNATURE_SUITE = "bls-secp256k1" as const;

export type SignatureSuiteName = (typeof SIGNATURE_SUITES)[number];
