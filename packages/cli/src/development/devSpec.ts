// The chain spec of a development chain: by options and a genesis file, or as its folder has it.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChainSpec, createDevSpec, serializeChainSpec } from "@festina/chainspec";
import type { DevelopmentAccount } from "@festina/node";
import { loadChainSpec } from "../commands/start.ts";
import { CliError } from "../output/cliError.ts";
import { DEFAULTS, type DevCommandOptions } from "./devOptions.ts";
import type { GethGenesis } from "./gethGenesis.ts";

/** What cannot change once there is a chain. */
const CHOICES_OF_SPEC = [
  ...(["chainId", "gasLimit", "balance", "accounts", "mnemonic", "codeSizeLimitOff", "txGasLimit", "genesis"] as const),
];
const COIN = 10n ** 18n;
/** What reads the file is loaded by who has one only. */
async function readGenesis({ genesis }: DevCommandOptions): Promise<GethGenesis | null> {
  if (genesis === undefined) return null;
  const { readGenesisFile } = await import("./readGenesisFile.ts");
  return readGenesisFile(genesis);
}

/** What an option says comes before what a genesis file says. The file's accounts are there beside the development accounts. */
function makeSpec(
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  genesis: GethGenesis | null,
): ChainSpec {
  const balanceWei = BigInt(options.balance ?? DEFAULTS.balance) * COIN;
  const listed = new Set(genesis?.accounts.map(({ address }) => address));
  const funded = accounts.filter(({ address }) => !listed.has(address)).map(({ address }) => ({ address, balanceWei }));
  return createDevSpec({
    chainId: BigInt(options.chainId ?? genesis?.chainId ?? DEFAULTS.chainId),
    genesisTimeSeconds: options.timestamp ?? genesis?.timestamp ?? Math.floor(Date.now() / 1000),
    gasLimit: BigInt(options.gasLimit ?? genesis?.gasLimit ?? DEFAULTS.gasLimit),
    accounts: [...funded, ...(genesis?.accounts ?? [])],
    ...(genesis?.baseFeePerGasWei === undefined ? {} : { initialBaseFeeWei: genesis.baseFeePerGasWei }),
    isCodeUnlimited: options.codeSizeLimitOff === true,
    isTransactionGasUnlimited: options.txGasLimit !== true,
  });
}

/** A folder keeps its chain; asking for another one needs another folder. */
function specOfFolder(
  folder: string,
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  genesis: GethGenesis | null,
): ChainSpec {
  const file = join(folder, "chainspec.json");
  if (!existsSync(file)) {
    const spec = makeSpec(options, accounts, genesis);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, serializeChainSpec(spec));
    return spec;
  }
  const spec = loadChainSpec(file);
  const wanted = makeSpec({ ...options, timestamp: spec.genesisTimeSeconds }, accounts, genesis);
  const differing = CHOICES_OF_SPEC.filter((name) => options[name] !== undefined);
  if (differing.length > 0 && serializeChainSpec(wanted) !== serializeChainSpec(spec))
    throw new CliError(
      "DEV_DIFFERS",
      `the chain in ${folder} was made with other choices than ${differing.join(", ")}; choose another --data-dir`,
    );
  return spec;
}

/**
 * `folder`: where the chain is kept, `null` for one in memory.
 *
 * @throws CliError DEV_DIFFERS when the folder's chain was made with other choices, and what is wrong with files
 */
export async function chooseSpec(
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  folder: string | null,
): Promise<ChainSpec> {
  const genesis = await readGenesis(options);
  return folder === null ? makeSpec(options, accounts, genesis) : specOfFolder(folder, options, accounts, genesis);
}
