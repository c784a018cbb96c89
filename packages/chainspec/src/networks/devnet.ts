import type { Address } from "@festina/primitives";
import type { ChainSpec, GenesisAccount, GenesisValidator } from "../chainSpec.ts";
import { DEFAULT_POW_ENGINES, type PowEngineName } from "../powEngines.ts";
import { DEVNET_PRESET } from "../preset.ts";
import { DEFAULT_REWARD_RULES } from "../rewards.ts";
import { DEFAULT_SIGNATURE_SUITE } from "../signatureSuites.ts";
import { DETERMINISTIC_DEPLOYER } from "./deterministicDeployer.ts";

const COIN = 10n ** 18n;

export const DEVNET_DEPOSIT_PER_SEAT_WEI = 100n * COIN;
const DEVELOPMENT_BALANCE_WEI = 10_000n * COIN;
/** Owners pay the gas of `ready()` once per window; this lasts for years. */
const OWNER_BALANCE_WEI = 100n * COIN;
/** Room for more seats than at genesis: a member keeps its share when others leave. */
const DEPOSIT_SEATS_FACTOR = 4;
const UNBONDING_SECONDS = 600;
/** Never longer than a deposit is locked: who is found guilty must still have it. */
const EVIDENCE_WINDOW_SECONDS = 300;

export interface DevnetValidator
  extends Pick<GenesisValidator, "address" | "payout" | "publicKey" | "proofOfPossession"> {}

export interface DevnetOptions {
  readonly chainId: bigint;
  readonly genesisTimeSeconds: number;
  /** Expected hashes per snail block, calibrated to the machine. */
  readonly genesisDifficulty: bigint;
  /** Pace of the snail chain, and with it of elections; the preset's when absent. */
  readonly snailTargetSeconds?: number;
  /** Pause of an idle leader; the preset's when absent. */
  readonly heartbeatMs?: number;
  /** Seconds for which the deposit of a validator that left stays locked; ten minutes when absent. */
  readonly unbondingSeconds?: number;
  /** How votes are signed; `DEFAULT_SIGNATURE_SUITE` when absent. */
  readonly signatureSuite?: ChainSpec["signatureSuite"];
  /** Proof of work; the cheap one when absent. */
  readonly powEngine?: PowEngineName;
  readonly validators: readonly DevnetValidator[];
  /** Accounts of the development mnemonic, funded with 10,000 coins each. */
  readonly developmentAccounts: readonly Address[];
}

/** A network on one machine: the preset's seats divided equally (the rest to the first), everything else fixed. */
export function createDevnetSpec(options: DevnetOptions): ChainSpec {
  const { validators, unbondingSeconds = UNBONDING_SECONDS } = options;
  const share = Math.floor(DEVNET_PRESET.seats / validators.length);
  const rest = DEVNET_PRESET.seats - share * validators.length;
  const genesisValidators = validators.map((validator, index): GenesisValidator => {
    const seats = share + (index < rest ? 1 : 0);
    return { ...validator, seats, depositWei: DEVNET_DEPOSIT_PER_SEAT_WEI * BigInt(seats * DEPOSIT_SEATS_FACTOR) };
  });
  const fund =
    (balanceWei: bigint) =>
    (address: Address): GenesisAccount => ({ address, balanceWei });
  return {
    name: "devnet",
    chainId: options.chainId,
    genesisTimeSeconds: options.genesisTimeSeconds,
    preset: {
      ...DEVNET_PRESET,
      snailTargetSeconds: options.snailTargetSeconds ?? DEVNET_PRESET.snailTargetSeconds,
      heartbeatMs: options.heartbeatMs ?? DEVNET_PRESET.heartbeatMs,
    },
    signatureSuite: options.signatureSuite ?? DEFAULT_SIGNATURE_SUITE,
    powEngine: options.powEngine ?? DEFAULT_POW_ENGINES.devnet,
    genesisDifficulty: options.genesisDifficulty,
    initialBaseFeeWei: 1_000_000_000n,
    // Ethereum moves by 1/8 per 12 s; blocks here may come every few milliseconds, one per second when idle.
    baseFeeChangeDenominator: 96n,
    baseFeeElasticity: 2n,
    rewards: DEFAULT_REWARD_RULES,
    depositPerSeatWei: DEVNET_DEPOSIT_PER_SEAT_WEI,
    unbondingSeconds,
    evidenceWindowSeconds: Math.min(EVIDENCE_WINDOW_SECONDS, unbondingSeconds),
    jailAfterPayouts: 30, // five minutes of snail blocks
    genesisAccounts: [
      ...options.developmentAccounts.map(fund(DEVELOPMENT_BALANCE_WEI)),
      ...validators.map(({ address }) => address).map(fund(OWNER_BALANCE_WEI)),
      DETERMINISTIC_DEPLOYER,
    ],
    genesisValidators,
    restarts: [],
  };
}
