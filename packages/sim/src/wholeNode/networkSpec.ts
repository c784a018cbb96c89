import { type ChainSpec, DEFAULT_REWARD_RULES, type Preset, type RecoveryRules, TEST_PRESET } from "@festina/chainspec";
import { addressOfSecretKey, type SignatureSuite } from "@festina/crypto";
import { type Address, bytesToHex } from "@festina/primitives";

export const GENESIS_SECONDS = 1_800_000_000;
export const SIMULATED_CHAIN_ID = 1337n;
const ETHER = 10n ** 18n;
const DEPOSIT_PER_SEAT_WEI = 100n * ETHER;
/** Of a committee. */
export const SEATS = 100;
const KEY_BYTES = 32;

/** Secrets of one member of a simulated committee. */
export interface MemberKeys {
  readonly signingKey: Uint8Array;
  readonly ownerKey: Uint8Array;
  readonly owner: Address;
}

/** Who sends transactions in a simulation: accounts with a balance, and no part in consensus. */
export const WORKER_KEYS: readonly Uint8Array[] = [0xa1, 0xa2, 0xa3].map((byte) =>
  new Uint8Array(KEY_BYTES).fill(byte),
);

/** Where the rewards of miner `index` go, and nothing else. */
export const payoutOfMiner = (index: number): Address =>
  `0x${(0xee00 + index).toString(16).padStart(40, "0")}` as Address;

export function memberKeys(index: number): MemberKeys {
  const ownerKey = new Uint8Array(KEY_BYTES).fill(0x41 + index);
  return {
    signingKey: new Uint8Array(KEY_BYTES).fill(1 + index),
    ownerKey,
    owner: addressOfSecretKey(ownerKey),
  };
}

/** Seats that each of so many members may hold so that all of them together never hold more than f. */
export const tolerableSeats = (faulty: number): number => Math.floor((SEATS - 1) / 3 / Math.max(1, faulty));

/**
 * The network of a simulation: the test preset with a heartbeat, seats dealt out evenly.
 *
 * @param seatsMaxOf what a member's deposit covers
 */
export function networkSpec(
  members: readonly MemberKeys[],
  suite: SignatureSuite,
  preset: Partial<Preset>,
  recovery?: RecoveryRules,
  seatsMaxOf: (index: number) => number = () => SEATS,
): ChainSpec {
  const seatsOf = (index: number): number =>
    Math.floor(((index + 1) * SEATS) / members.length) - Math.floor((index * SEATS) / members.length);
  return {
    name: "simulation",
    chainId: SIMULATED_CHAIN_ID,
    genesisTimeSeconds: GENESIS_SECONDS,
    preset: { ...TEST_PRESET, heartbeatMs: 1_000, snailTargetSeconds: 2, maxUnanchoredMs: 0, ...preset },
    signatureSuite: "bls",
    powEngine: "keccak",
    genesisDifficulty: 128n,
    initialBaseFeeWei: 10n ** 9n,
    baseFeeChangeDenominator: 8n,
    baseFeeElasticity: 2n,
    rewards: DEFAULT_REWARD_RULES,
    depositPerSeatWei: DEPOSIT_PER_SEAT_WEI,
    unbondingSeconds: 600,
    evidenceWindowSeconds: 600,
    jailAfterPayouts: 10,
    genesisAccounts: [...members.map(({ owner }) => owner), ...WORKER_KEYS.map(addressOfSecretKey)].map((address) => ({
      address,
      balanceWei: 1_000n * ETHER,
    })),
    genesisValidators: members.map(({ owner, signingKey }, index) => ({
      address: owner,
      payout: owner,
      publicKey: bytesToHex(suite.publicKey(signingKey)),
      proofOfPossession: bytesToHex(suite.provePossession(signingKey)),
      depositWei: DEPOSIT_PER_SEAT_WEI * BigInt(seatsMaxOf(index)),
      seats: seatsOf(index),
    })),
    restarts: [],
    ...(recovery === undefined ? {} : { recovery }),
  };
}
