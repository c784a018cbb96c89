export type {
  ChainSpec,
  CommitteeRestart,
  ForkPoint,
  GenesisAccount,
  GenesisValidator,
  RecoveryRules,
  RestartMember,
  RewardRules,
  RewardSplit,
} from "./chainSpec.ts";
export { type ChainSpecFailureCode, checkChainSpec } from "./checkChainSpec.ts";
export { DEVELOPMENT_KEYS, DEVELOPMENT_MNEMONIC } from "./developmentAccounts.ts";
export { createDevSpec, DEV_VALIDATOR, type DevOptions } from "./networks/dev.ts";
export {
  createDevnetSpec,
  DEVNET_DEPOSIT_PER_SEAT_WEI,
  type DevnetOptions,
  type DevnetValidator,
} from "./networks/devnet.ts";
export { DEFAULT_POW_ENGINES, POW_ENGINES, type PowEngineName } from "./powEngines.ts";
export { DEVNET_PRESET, MAINNET_PRESET, type Preset, TEST_PRESET } from "./preset.ts";
export { DEFAULT_REWARD_RULES, snailRewardWei } from "./rewards.ts";
export { DEFAULT_SIGNATURE_SUITE, SIGNATURE_SUITES, type SignatureSuiteName } from "./signatureSuites.ts";
export { canonicalText, parseChainSpecJson, serializeChainSpec } from "./specCodec.ts";
