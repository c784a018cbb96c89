/** How committee members sign votes (docs/spec/voting.md, Suites). */
export const SIGNATURE_SUITES = ["bls", "secp256k1", "ed25519", "bls-ed25519"] as const;

export type SignatureSuiteName = (typeof SIGNATURE_SUITES)[number];
