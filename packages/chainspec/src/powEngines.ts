/** Proof-of-work functions that a network may choose. */
export const POW_ENGINES = ["keccak", "truehash", "argon2id"] as const;

export type PowEngineName = (typeof POW_ENGINES)[number];

/** What each kind of network uses unless its spec says otherwise: public ones the costly function, others the cheap one. */
export const DEFAULT_POW_ENGINES = {
  mainnet: "truehash",
  testnet: "truehash",
  devnet: "keccak",
} as const satisfies Readonly<Record<string, PowEngineName>>;
