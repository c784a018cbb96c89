// The committee and the accounts of the test chain, with their keys.
import {
  type ChainSpec,
  DEFAULT_REWARD_RULES,
  type GenesisValidator,
  type Preset,
  TEST_PRESET,
} from "@festina/chainspec";
import { addressOfSecretKey, type SignatureSuite } from "@festina/crypto";
import { type Address, bytesToHex } from "@festina/primitives";
import { mockSuite } from "../bft/mockSuite.ts";

export const ETHER = 10n ** 18n;
export const GWEI = 10n ** 9n;
export const CHAIN_ID = 1337n;
export const GENESIS_SECONDS = 1_800_000_000;
const DEPOSIT_PER_SEAT_WEI = 100n * ETHER;

/** The registry takes keys of 48 bytes, as BLS has them. */
export const testSuite: SignatureSuite = { ...mockSuite, publicKeyBytes: 48 };

/** Owners of validators: the account's key, and the voting key (secret and public alike, see `mockSuite`). */
export const OWNER_KEYS = [0x41, 0x42, 0x43, 0x44].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
export const OWNERS = OWNER_KEYS.map(addressOfSecretKey) as [Address, Address, Address, Address];
export const PAYOUTS = ["a1", "a2", "a3", "a4"].map((byte) => `0x${byte.repeat(20)}`) as typeof OWNERS;

export const USER_KEYS = [0x51, 0x52, 0x53].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
export const USERS = USER_KEYS.map(addressOfSecretKey) as [Address, Address, Address];

function validator(index: number): GenesisValidator {
  const key = bytesToHex(new Uint8Array(48).fill(index + 1));
  return {
    address: OWNERS[index] as Address,
    payout: PAYOUTS[index] as Address,
    publicKey: key,
    proofOfPossession: key,
    depositWei: 100n * DEPOSIT_PER_SEAT_WEI,
    seats: 25,
  };
}

export function aSpec(changes: Partial<ChainSpec> = {}, preset: Partial<Preset> = {}): ChainSpec {
  return {
    name: "test",
    chainId: CHAIN_ID,
    genesisTimeSeconds: GENESIS_SECONDS,
    preset: { ...TEST_PRESET, ...preset },
    signatureSuite: "bls",
    powEngine: "keccak",
    genesisDifficulty: 1_000n,
    initialBaseFeeWei: GWEI,
    baseFeeChangeDenominator: 8n,
    baseFeeElasticity: 2n,
    rewards: DEFAULT_REWARD_RULES,
    depositPerSeatWei: DEPOSIT_PER_SEAT_WEI,
    unbondingSeconds: 600,
    evidenceWindowSeconds: 600,
    jailAfterPayouts: 3,
    restarts: [],
    genesisAccounts: [...USERS, ...OWNERS].map((address) => ({ address, balanceWei: 1_000n * ETHER })),
    genesisValidators: OWNERS.map((_, index) => validator(index)),
    ...changes,
  };
}
