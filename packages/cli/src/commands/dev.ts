// A chain for one contract developer, in this process.
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createSecp256k1, createSystemClock } from "@festina/adapters";
import { DEVELOPMENT_MNEMONIC } from "@festina/chainspec";
import {
  type DeclaredErrors,
  DevChain,
  type DevChainSettings,
  DevLog,
  declaredErrors,
  trustDevValidator,
} from "@festina/dev";
import { createLog, type DevelopmentAccount } from "@festina/node";
import { bytesToHex, type Hex, toHash32 } from "@festina/primitives";
import { createRpcServer, DEFAULT_RPC_LIMITS, type ForkFacts, type RpcBackend, type RpcServer } from "@festina/rpc";
import { chooseAccounts, chooseModes, DEFAULTS, type DevCommandOptions } from "../development/devOptions.ts";
import { type ChosenChain, chooseChain } from "../development/devSpec.ts";
import { openPage } from "../openPage.ts";
import { CliError } from "../output/cliError.ts";
import { createFreshDisk, createRealAdapters } from "../realAdapters.ts";
import { solidityCompiler } from "../solidity/solidityCompiler.ts";
import { type CommandContext, orThrow } from "./context.ts";

const MEBIBYTE = 1024 * 1024;
/** Whoever asks is the developer, who waits for nobody else. */
const BATCH_MAX = 100_000;

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
  { spec: { chainId }, fork }: DevChain,
  { url }: RpcServer,
): void {
  const { isAutomatic, intervalMs } = chooseModes(options);
  const mnemonic = options.mnemonic ?? DEVELOPMENT_MNEMONIC;
  const keys = accounts.map(({ address, secretKey }) => ({ address, secretKey: bytesToHex(secretKey) }));
  if (options.json === true) {
    const ready = { event: "ready", url, chainId: Number(chainId), mnemonic, accounts: keys };
    print(
      JSON.stringify(
        fork === null ? ready : { ...ready, fork: { ...fork.facts, chainId: Number(fork.facts.chainId) } },
      ),
    );
    return;
  }
  const interval = intervalMs === 0 ? [] : [`every ${intervalMs / 1000} s`];
  const mining = [...(isAutomatic ? ["for each transaction"] : []), ...interval];
  const lines = [
    `Festina dev: chain id ${chainId}, blocks ${mining.length === 0 ? "only when asked for (evm_mine)" : mining.join(" and ")}`,
    ...(fork === null ? [] : [describeFork(fork.facts)]),
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

function describeFork({ url, chainId, blockNumber, blockHash }: ForkFacts): string {
  return `Goes on from block ${blockNumber} (${blockHash}) of chain ${chainId} at ${new URL(url).host}`;
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
  const { signRecoverable, recoverPublicKey } = createSecp256k1();
  const accounts = (await chooseAccounts(options)).map(({ address, secretKey }) => ({
    address,
    secretKey,
    signer: { address, sign: (hash: Uint8Array) => signRecoverable(hash, secretKey) },
  }));
  const folder = options.dataDir === undefined ? null : resolve(options.dataDir);
  const chosen = await chooseChain(options, accounts, folder, { clock: createSystemClock(), recoverPublicKey });
  const errors = readErrors(options.artifacts);
  const chain = await startChain(context, options, chosen, folder, { modes, accounts });
  const { clientVersion } = options;
  const backend: RpcBackend = {
    ...chain.createBackend(),
    solidity: solidityCompiler,
    ...(clientVersion === undefined ? {} : { clientVersion: () => clientVersion }),
  };
  const log = options.quiet === true ? null : createDevLog(context, options, backend, errors);
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
  printBanner(context, options, accounts, chain, rpc);
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

function createDevLog(
  { print }: CommandContext,
  options: DevCommandOptions,
  backend: RpcBackend,
  errors: DeclaredErrors,
): DevLog {
  const asJson = options.json === true;
  return new DevLog({
    backend,
    errors,
    print: (line, facts) => print(asJson ? JSON.stringify(facts) : line),
  });
}

async function startChain(
  context: CommandContext,
  options: DevCommandOptions,
  { spec, fork, unforkedSpec }: ChosenChain,
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
      unforkedSpec,
      ...(fork === null ? {} : { fork }),
      ...(options.chainId === undefined ? {} : { forkChainId: BigInt(options.chainId) }),
      isImpersonatingAll: options.autoImpersonate === true,
      sharesSeconds: options.allowSameTimestamp === true,
      tellsFailures: options.throwOnTransactionFailures === true,
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
