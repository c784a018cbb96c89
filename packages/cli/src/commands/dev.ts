// A chain for one contract developer, in this process.
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createSecp256k1, type EngineKind } from "@festina/adapters";
import { type ChainSpec, createDevSpec, DEVELOPMENT_MNEMONIC, serializeChainSpec } from "@festina/chainspec";
import {
  type DeclaredErrors,
  DevChain,
  type DevChainSettings,
  DevLog,
  declaredErrors,
  trustDevValidator,
} from "@festina/dev";
import { createLog, type DevelopmentAccount, deriveAccounts, developmentAccounts } from "@festina/node";
import { bytesToHex, type Hex, toHash32 } from "@festina/primitives";
import { createRpcServer, DEFAULT_RPC_LIMITS, type RpcBackend, type RpcServer } from "@festina/rpc";
import type { GethGenesis } from "../genesis/gethGenesis.ts";
import { openPage } from "../openPage.ts";
import { CliError } from "../output/cliError.ts";
import { createFreshDisk, createRealAdapters } from "../realAdapters.ts";
import { solidityCompiler } from "../solidity/solidityCompiler.ts";
import { type CommandContext, orThrow } from "./context.ts";
import { loadChainSpec } from "./start.ts";

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
  readonly allowSameTimestamp?: boolean;
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

const DEFAULTS = { rpcPort: 8545, accounts: 10, balance: 10_000, chainId: 31_337, gasLimit: 60_000_000 };
/** What cannot change once there is a chain. */
const CHOICES_OF_SPEC = [
  ...(["chainId", "gasLimit", "balance", "accounts", "mnemonic", "codeSizeLimitOff", "txGasLimit", "genesis"] as const),
];
const COIN = 10n ** 18n;
const MEBIBYTE = 1024 * 1024;
/** Whoever asks is the developer, who waits for nobody else. */
const BATCH_MAX = 100_000;

function chooseModes({ blockTime, mining, mixedMining }: DevCommandOptions): DevChainSettings["modes"] {
  if (mixedMining === true && blockTime === undefined)
    throw new CliError("OPTION_MISSING", "--mixed-mining needs --block-time SECONDS", 2);
  if (!mining && blockTime !== undefined)
    throw new CliError("OPTIONS_CONTRADICT", "--no-mining and --block-time contradict each other", 2);
  const intervalMs = Math.round((blockTime ?? 0) * 1000);
  return { isAutomatic: mining && (blockTime === undefined || mixedMining === true), intervalMs };
}

function chooseAccounts({ accounts = DEFAULTS.accounts, mnemonic }: DevCommandOptions) {
  return mnemonic === undefined || mnemonic === DEVELOPMENT_MNEMONIC
    ? developmentAccounts(accounts)
    : deriveAccounts(accounts, mnemonic);
}

/** What reads the file is loaded by who has one only. */
async function readGenesis({ genesis }: DevCommandOptions): Promise<GethGenesis | null> {
  if (genesis === undefined) return null;
  const { readGenesisFile } = await import("../genesis/readGenesisFile.ts");
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

function readState(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read the state ${file}`);
  }
}

/** Whole or not at all, whenever the process ends. */
function writeState(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

function printBanner(
  { print }: CommandContext,
  options: DevCommandOptions,
  accounts: readonly DevelopmentAccount[],
  { chainId }: ChainSpec,
  { url }: RpcServer,
): void {
  const { isAutomatic, intervalMs } = chooseModes(options);
  const mnemonic = options.mnemonic ?? DEVELOPMENT_MNEMONIC;
  const keys = accounts.map(({ address, secretKey }) => ({ address, secretKey: bytesToHex(secretKey) }));
  if (options.json === true) {
    print(JSON.stringify({ event: "ready", url, chainId: Number(chainId), mnemonic, accounts: keys }));
    return;
  }
  const interval = intervalMs === 0 ? [] : [`every ${intervalMs / 1000} s`];
  const mining = [...(isAutomatic ? ["for each transaction"] : []), ...interval];
  const lines = [
    `Festina dev: chain id ${chainId}, blocks ${mining.length === 0 ? "only when asked for (evm_mine)" : mining.join(" and ")}`,
    "",
    `Accounts with ${options.balance ?? DEFAULTS.balance} coins each (their keys are public: never use them for anything of value)`,
    ...keys.map(({ address, secretKey }, index) => `  (${index}) ${address}  ${secretKey}`),
    `  mnemonic: ${mnemonic}`,
    "",
    `Listening on ${url}${options.ipc === undefined ? "" : ` and at ${resolve(options.ipc)}`}`,
    "",
  ];
  print(lines.join("\n"));
}

function awaitSignal(chain: DevChain): Promise<number> {
  return new Promise((finish) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => finish(0));
    // Whoever read what we print may be gone; that is no reason to lose a chain.
    process.stdout.on("error", () => undefined);
    chain.failed.then(() => finish(1));
  });
}

/** `festina dev`: until Ctrl-C. Answers with the exit code. */
export async function runDev(context: CommandContext, options: DevCommandOptions): Promise<number> {
  const modes = chooseModes(options);
  const { signRecoverable } = createSecp256k1();
  const accounts = (await chooseAccounts(options)).map(({ address, secretKey }) => ({
    address,
    secretKey,
    signer: { address, sign: (hash: Uint8Array) => signRecoverable(hash, secretKey) },
  }));
  const folder = options.dataDir === undefined ? null : resolve(options.dataDir);
  const genesis = await readGenesis(options);
  const spec =
    folder === null ? makeSpec(options, accounts, genesis) : specOfFolder(folder, options, accounts, genesis);
  const chain = await startChain(context, options, spec, folder, { modes, accounts });
  const { clientVersion } = options;
  const backend: RpcBackend = {
    ...chain.createBackend(),
    solidity: solidityCompiler,
    ...(clientVersion === undefined ? {} : { clientVersion: () => clientVersion }),
  };
  const log = options.quiet === true ? null : createDevLog(context, options, backend);
  const server = createRpcServer(backend, {
    host: "127.0.0.1",
    port: options.port ?? options.rpcPort ?? DEFAULTS.rpcPort,
    clock: chain.clock,
    page: openPage(),
    // A dump comes back in one body.
    limits: {
      ...DEFAULT_RPC_LIMITS,
      bodyBytesMax: 256 * MEBIBYTE,
      responseBytesMax: 256 * MEBIBYTE,
      batchMax: BATCH_MAX,
    },
    origins: options.cors ?? [],
    ipcPath: options.ipc === undefined ? undefined : resolve(options.ipc),
    ...(log === null
      ? {}
      : {
          onCall: (method, failure) => log.onCall(method, failure),
          onOriginRefused: (origin) => log.onOriginRefused(origin),
        }),
    onMethodError: (method, error) => context.printError(`${method}: ${String(error)}`),
  });
  const rpc = await orStop(chain, server);
  printBanner(context, options, accounts, chain.spec, rpc);
  const code = await awaitSignal(chain);
  await rpc.close();
  await log?.drain();
  const dumpFile = options.dumpState ?? options.state;
  if (dumpFile !== undefined) writeState(dumpFile, await chain.dump());
  await chain.stop();
  return code;
}

const ARTIFACTS_MAX = 20_000;

/** Errors that the contracts of a project declare, as Hardhat and Foundry leave them in folders of JSON files. */
function readErrors(folder: string | undefined): DeclaredErrors {
  if (folder === undefined) return new Map();
  const errors: [Hex, { readonly name: string; readonly kinds: readonly string[] }][] = [];
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read the artifacts in ${folder}`);
  }
  for (const name of files.slice(0, ARTIFACTS_MAX)) {
    try {
      errors.push(...declaredErrors(JSON.parse(readFileSync(join(folder, name), "utf8"))));
    } catch {
      // Not every JSON file of a project is an artifact, nor whole.
    }
  }
  return new Map(errors);
}

function createDevLog({ print }: CommandContext, options: DevCommandOptions, backend: RpcBackend): DevLog {
  const asJson = options.json === true;
  return new DevLog({
    backend,
    errors: readErrors(options.artifacts),
    print: (line, facts) => print(asJson ? JSON.stringify(facts) : line),
  });
}

async function startChain(
  context: CommandContext,
  options: DevCommandOptions,
  spec: ChainSpec,
  folder: string | null,
  settings: Pick<DevChainSettings, "modes" | "accounts">,
): Promise<DevChain> {
  const log = createLog("error");
  const config = {
    chainSpecFile: "",
    dataDir: folder,
    rpc: null,
    network: null,
    validator: null,
    miner: null,
    developmentAccounts: 0,
    engine: { kind: options.engine ?? "compiler", isChecked: false },
    log: { level: "error" },
  } as const;
  const adapters = await createRealAdapters(spec, config, log, () => undefined);
  const chain = new DevChain(
    {
      ...settings,
      spec,
      isImpersonatingAll: options.autoImpersonate === true,
      sharesSeconds: options.allowSameTimestamp === true,
      ...(options.timestamp === undefined ? {} : { startMs: options.timestamp * 1000 }),
    },
    {
      ...adapters,
      suite: trustDevValidator(adapters.suite),
      createDisk: createFreshDisk,
      createId: () => toHash32(new Uint8Array(randomBytes(32))),
      // Sockets that can be read come before it.
      nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
    },
  );
  await chain.start();
  await orStop(chain, loadFile(context, options, chain));
  return chain;
}

/** A command that cannot go on ends: nothing of the chain may keep it. */
async function orStop<T>(chain: DevChain, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

async function loadFile({ printError }: CommandContext, options: DevCommandOptions, chain: DevChain): Promise<void> {
  const file = options.loadState ?? (options.state !== undefined && existsSync(options.state) ? options.state : null);
  if (file === null) return;
  const { warning } = orThrow(await chain.load(readState(file)));
  if (warning === null) return;
  // What is saved at the end is in our form.
  if (file === options.state) copyFileSync(file, `${file}.anvil`);
  printError(file === options.state ? `${warning}; a copy is kept in ${file}.anvil` : warning);
}
