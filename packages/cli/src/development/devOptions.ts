// What `festina dev` is told, and what holds where it is not.
import type { EngineKind } from "@festina/adapters";
import { DEVELOPMENT_MNEMONIC } from "@festina/chainspec";
import type { DevChainSettings } from "@festina/dev";
import { type DevelopmentAccount, deriveAccounts, developmentAccounts } from "@festina/node";
import { CliError } from "../output/cliError.ts";

export interface DevCommandOptions {
  readonly rpcPort?: number;
  readonly port?: number;
  readonly mnemonic?: string;
  readonly accounts?: number;
  /** Coins. */
  readonly balance?: number;
  readonly chainId?: number;
  /** Seconds. */
  readonly blockTime?: number;
  /** Commander's form of --no-mining. */
  readonly mining: boolean;
  readonly mixedMining?: boolean;
  readonly gasLimit?: number;
  readonly codeSizeLimitOff?: boolean;
  readonly txGasLimit?: boolean;
  readonly autoImpersonate?: boolean;
  /** Unix seconds. */
  readonly timestamp?: number;
  readonly genesis?: string;
  readonly forkUrl?: string;
  readonly forkBlockNumber?: number;
  readonly allowSameTimestamp?: boolean;
  readonly throwOnTransactionFailures?: boolean;
  readonly dataDir?: string;
  readonly state?: string;
  readonly dumpState?: string;
  readonly loadState?: string;
  readonly engine?: EngineKind;
  readonly artifacts?: string;
  readonly clientVersion?: string;
  readonly cors?: readonly string[];
  readonly ipc?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export const DEFAULTS = { rpcPort: 8545, accounts: 10, balance: 10_000, chainId: 31_337, gasLimit: 60_000_000 };

/** When blocks are made. @throws CliError OPTION_MISSING, OPTIONS_CONTRADICT */
export function chooseModes({ blockTime, mining, mixedMining }: DevCommandOptions): DevChainSettings["modes"] {
  if (mixedMining === true && blockTime === undefined)
    throw new CliError("OPTION_MISSING", "--mixed-mining needs --block-time SECONDS", 2);
  if (!mining && blockTime !== undefined)
    throw new CliError("OPTIONS_CONTRADICT", "--no-mining and --block-time contradict each other", 2);
  const intervalMs = Math.round((blockTime ?? 0) * 1000);
  return { isAutomatic: mining && (blockTime === undefined || mixedMining === true), intervalMs };
}

export function chooseAccounts({
  accounts = DEFAULTS.accounts,
  mnemonic,
}: DevCommandOptions): Promise<readonly DevelopmentAccount[]> {
  return mnemonic === undefined || mnemonic === DEVELOPMENT_MNEMONIC
    ? developmentAccounts(accounts)
    : deriveAccounts(accounts, mnemonic);
}
