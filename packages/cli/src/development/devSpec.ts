// The chain spec of a development chain: by options and a genesis file, or as its folder has it.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChainSpec, createDevSpec, serializeChainSpec } from "@festina/chainspec";
import type { Fork, ForkTools } from "@festina/dev";
import type { DevelopmentAccount } from "@festina/node";
import { orThrow } from "../commands/context.ts";
import { loadChainSpec } from "../nodeFiles.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import { DEFAULTS, type DevCommandOptions } from "./devOptions.ts";
import type { GethGenesis } from "./gethGenesis.ts";

/** What cannot change once there is a chain. */
const CHOICES_OF_SPEC = [
  ...(["chainId", "gasLimit", "balance", "accounts", "mnemonic", "codeSizeLimitOff", "txGasLimit", "genesis"] as const),
  ...(["forkUrl", "forkBlockNumber"] as const),
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

/** A development chain, and the one that it goes on from, if it does. */
export interface ChosenChain {
  readonly spec: ChainSpec;
  readonly fork: Fork | null;
  /** What it is, or would be, without another one to go on from. */
  readonly unforkedSpec: ChainSpec;
}

/** `kept`: the chain spec of a folder. */
async function makeChain(
  options: DevCommandOptions,
  unforkedSpec: ChainSpec,
  kept: ChainSpec | null,
  world: ForkTools,
): Promise<ChosenChain> {
  if (options.forkUrl === undefined && kept?.fork === undefined)
    return { spec: unforkedSpec, fork: null, unforkedSpec };
  const { chooseFork } = await import("./chooseFork.ts");
  const fork = await chooseFork(options, kept?.fork, world);
  const chainId = options.chainId === undefined ? null : BigInt(options.chainId);
  return { spec: orThrow(await fork.specOver(unforkedSpec, chainId)), fork, unforkedSpec };
}

/** A folder keeps its chain; asking for another one needs another folder. */
async function chainOfFolder(
  folder: string,
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  genesis: GethGenesis | null,
  world: ForkTools,
): Promise<ChosenChain> {
  const file = join(folder, "chainspec.json");
  if (!existsSync(file)) {
    const chosen = await makeChain(options, makeSpec(options, accounts, genesis), null, world);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, serializeChainSpec(chosen.spec));
    return chosen;
  }
  const spec = loadChainSpec(file);
  const begun = { ...options, timestamp: spec.genesisTimeSeconds };
  const wanted = await makeChain(options, makeSpec(begun, accounts, genesis), spec, world);
  const differing = CHOICES_OF_SPEC.filter((name) => options[name] !== undefined);
  if (differing.length > 0 && serializeChainSpec(wanted.spec) !== serializeChainSpec(spec))
    throw new CliError(
      "DEV_DIFFERS",
      `the chain in ${folder} was made with other choices than ${differing.join(", ")}; choose another --data-dir`,
    );
  return { ...wanted, spec };
}

function checkForkOptions({ forkUrl, forkBlockNumber, genesis }: DevCommandOptions): void {
  if (forkBlockNumber !== undefined && forkUrl === undefined)
    throw new CliError("OPTION_MISSING", "--fork-block-number needs --fork-url URL", EXIT.usage);
  if (forkUrl !== undefined && genesis !== undefined)
    throw new CliError("OPTIONS_CONTRADICT", "--genesis and --fork-url contradict each other", EXIT.usage);
}

/**
 * `folder`: where the chain is kept, `null` for one in memory.
 *
 * @throws CliError DEV_DIFFERS when the folder's chain was made with other choices, what is wrong with files, and why another
 * chain cannot be gone on from
 */
export async function chooseChain(
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  folder: string | null,
  world: ForkTools,
): Promise<ChosenChain> {
  checkForkOptions(options);
  const genesis = await readGenesis(options);
  return folder === null
    ? makeChain(options, makeSpec(options, accounts, genesis), null, world)
    : chainOfFolder(folder, options, accounts, genesis, world);
}
