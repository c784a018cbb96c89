import type { Address, Hex } from "@festina/primitives";
import type { ChainSpec, GenesisAccount } from "../chainSpec.ts";
import { DEFAULT_POW_ENGINES } from "../powEngines.ts";
import { DEVNET_PRESET } from "../preset.ts";
import { DEFAULT_REWARD_RULES } from "../rewards.ts";
import { DETERMINISTIC_DEPLOYER } from "./deterministicDeployer.ts";
import { DEVNET_DEPOSIT_PER_SEAT_WEI } from "./devnet.ts";

const GWEI = 1_000_000_000n;

/** The one seat of every development chain. Its keys are public, and its possession proof is of the suite `ed25519`. */
export const DEV_VALIDATOR = {
  address: "0x1563915e194d8cfba1943570603f7606a3115508" as Address,
  signingKey: `0x${"11".repeat(32)}` as Hex,
  ownerKey: `0x${"22".repeat(32)}` as Hex,
  publicKey:
    "0x97248533cef0908a5ebe52c3b487471301bf6369010e6167f63dd74feddac2dfb5336a59a331d38eb0e454d6f6fcb1a4258e9d4627650442bb5f09e9731f15383055bcef9ec78cf1c802e220b20934f7" as Hex,
  proofOfPossession:
    "0xa87b11ba82bdb45cbfbc7a41afcfe8053d9083e2e8ee43abab76019bc530f8da508cd7c802886fc45c14dd6d9b0e30b506c8a1206ec456ea4132e9f8ba4a4f194fefe6b9ea3399657038a00042792f1ca793c18bfd1d068a8d91356a346cc775b74db3fd0255dac292844fbc4bea9a58883b4f2e508b5c30b3800ba989281e6cd76e9db8af213d8ffc206dde0fba98f4780e556ba6afa3a8921ec0955e4c9002" as Hex,
} as const;

export interface DevOptions {
  readonly chainId: bigint;
  readonly genesisTimeSeconds: number;
  readonly gasLimit: bigint;
  readonly accounts: readonly GenesisAccount[];
  /** One gwei when absent. */
  readonly initialBaseFeeWei?: bigint;
  /** No limit on the length of contracts; off when absent. */
  readonly isCodeUnlimited?: boolean;
  /** No limit on a transaction's gas but the block's; off when absent. */
  readonly isTransactionGasUnlimited?: boolean;
}

/**
 * A chain for one developer on one machine: one seat, blocks on demand only, no miner and so no snail blocks, rewards or
 * elections, and nothing that waits for an anchor. The base fee moves as Ethereum's.
 */
export function createDevSpec({
  chainId,
  genesisTimeSeconds,
  gasLimit,
  accounts,
  initialBaseFeeWei = GWEI,
  isCodeUnlimited,
  isTransactionGasUnlimited,
}: DevOptions): ChainSpec {
  const { address, publicKey, proofOfPossession } = DEV_VALIDATOR;
  const seat = { address, payout: address, publicKey, proofOfPossession };
  const hasDeployer = accounts.some((account) => account.address === DETERMINISTIC_DEPLOYER.address);
  return {
    name: "dev",
    chainId,
    genesisTimeSeconds,
    preset: { ...DEVNET_PRESET, heartbeatMs: 0, minBlockIntervalMs: 0, fastGasLimit: gasLimit, maxUnanchoredMs: 0 },
    signatureSuite: "ed25519",
    powEngine: DEFAULT_POW_ENGINES.devnet,
    genesisDifficulty: 1n,
    initialBaseFeeWei,
    baseFeeChangeDenominator: 8n,
    baseFeeElasticity: 2n,
    rewards: DEFAULT_REWARD_RULES,
    depositPerSeatWei: DEVNET_DEPOSIT_PER_SEAT_WEI,
    unbondingSeconds: 600,
    evidenceWindowSeconds: 300,
    jailAfterPayouts: 0,
    genesisAccounts: hasDeployer ? accounts : [...accounts, DETERMINISTIC_DEPLOYER],
    genesisValidators: [{ ...seat, seats: 1, depositWei: DEVNET_DEPOSIT_PER_SEAT_WEI }],
    restarts: [],
    development: true,
    ...(isCodeUnlimited === true && { unlimitedCode: true }),
    ...(isTransactionGasUnlimited === true && { unlimitedTransactionGas: true }),
  };
}
