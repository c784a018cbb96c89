// The chain that studies run on: mainnet's sizes and paces, the shipped reward table, a committee that always signs.
import { type ChainSpec, createDevnetSpec, MAINNET_PRESET } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import type { Committee } from "@festina/types";

/** Of all miners together, before anything swings. */
export const NETWORK_HASHES_PER_SECOND = 1_000_000_000;
export const GENESIS_SECONDS = 1_800_000_000;

const COMMITTEE_SIZE = 7;

export function studyAddress(kind: string, index: number): Address {
  return `0x${kind}${index.toString(16).padStart(40 - kind.length, "0")}` as Address;
}

/** At the right difficulty from the first block on. `changes` are for what a study plants. */
export function createStudySpec(changes: Partial<ChainSpec> = {}): ChainSpec {
  const validators = Array.from({ length: COMMITTEE_SIZE }, (_, index) => ({
    address: studyAddress("aa", index),
    payout: studyAddress("bb", index),
    publicKey: "0x" as const,
    proofOfPossession: "0x" as const,
  }));
  const base = createDevnetSpec({
    signatureSuite: "bls",
    chainId: 1n,
    genesisTimeSeconds: GENESIS_SECONDS,
    genesisDifficulty: BigInt(NETWORK_HASHES_PER_SECOND * MAINNET_PRESET.snailTargetSeconds),
    validators,
    developmentAccounts: [],
  });
  return { ...base, name: "study", preset: MAINNET_PRESET, ...changes };
}

export function committeeOf(spec: ChainSpec): Committee {
  return { epoch: 0, members: spec.genesisValidators };
}
