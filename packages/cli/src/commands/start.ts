import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { createSecp256k1, type EngineKind } from "@festina/adapters";
import { createLog, createNode, developmentAccounts, type NodeConfig, type ValidatorKeys } from "@festina/node";
import { loadChainSpec, loadNodeConfig } from "../nodeFiles.ts";
import { openPage } from "../openPage.ts";
import { CliError } from "../output/cliError.ts";
import { createRealAdapters } from "../realAdapters.ts";
import { lockSeatFolder, openSeatFolder } from "../seat/seatFolder.ts";
import type { SeatSecrets } from "../seat/seatKeys.ts";
import { loadPlainKey } from "./sender.ts";

export interface StartOptions {
  readonly config: string;
  /** Begin when something arrives on standard input, stop when it ends: a supervisor that dies takes its nodes with it. */
  readonly supervised?: boolean;
  /** Instead of what the configuration says. */
  readonly engine?: EngineKind;
  readonly engineCheck?: boolean;
  readonly passwordFile?: string;
  /** Whether old states are kept, whatever the configuration says. */
  readonly history?: "full" | "archive";
  /** Origins whose pages may use the RPC, instead of the configuration's. */
  readonly cors?: readonly string[];
  readonly ipc?: string;
  /** Follow headers and certificates only, whatever the configuration says. */
  readonly light?: boolean;
}

function withOptions(config: NodeConfig, { engine, engineCheck, light, history, cors, ipc }: StartOptions): NodeConfig {
  const { kind = "compiler", isChecked = false } = config.engine ?? {};
  const mode = light === true ? ({ sync: { mode: "light" } } as const) : {};
  const kept = history === undefined ? {} : { history };
  const rpc =
    config.rpc === null
      ? null
      : {
          ...config.rpc,
          ...(cors === undefined ? {} : { origins: [...cors] }),
          ...(ipc === undefined ? {} : { ipc: resolve(ipc) }),
        };
  return { ...config, ...mode, ...kept, rpc, engine: { kind: engine ?? kind, isChecked: engineCheck ?? isChecked } };
}

interface OpenedKeys extends SeatSecrets {
  /** Lets another process use them. */
  readonly release: () => void;
}

async function openKeys(keys: ValidatorKeys | null, named: string | undefined): Promise<OpenedKeys | null> {
  if (keys === null) return null;
  if ("signingKeyFile" in keys)
    return {
      signingKey: loadPlainKey(keys.signingKeyFile),
      ownerKey: loadPlainKey(keys.ownerKeyFile),
      release: () => undefined,
    };
  const { keyFolder } = keys;
  const passwordFile = named ?? keys.passwordFile ?? undefined;
  const secrets = await openSeatFolder(keyFolder, passwordFile === undefined ? {} : { passwordFile });
  return { ...secrets, release: lockSeatFolder(keyFolder) };
}

/** Resolves with `false` when standard input ends before anything has arrived. */
function awaitFirstInput(): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdin
      .once("data", () => resolve(true))
      .once("close", () => resolve(false))
      .once("error", () => resolve(false));
  });
}

function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { message } = error as Error;
    throw new CliError("DATA_DIR_UNUSABLE", `cannot make the data folder: ${message}; festina doctor says more`);
  }
}

/** `festina start --config FILE`: runs one node until it is told to stop. Answers with the exit code. */
export async function start(options: StartOptions): Promise<number> {
  // Loading this program takes longer than all that follows, so a supervisor has it loaded while it still prepares.
  if (options.supervised === true && !(await awaitFirstInput())) return 0;
  const config = withOptions(loadNodeConfig(options.config), options);
  const spec = loadChainSpec(config.chainSpecFile);
  const log = createLog(config.log.level);
  log.info("starting", { processMs: Math.round(performance.now()) });
  // Whoever read our log may be gone; that is no reason to stop in the middle of a block.
  process.stdout.on("error", () => undefined);
  if (config.dataDir !== null) makeDataFolder(config.dataDir);
  let stop: (code: number) => void = () => undefined;
  const stopped = new Promise<number>((finish) => {
    stop = finish;
  });
  const keys = await openKeys(config.validator, options.passwordFile);
  const adapters = await createRealAdapters(spec, config, log, () => stop(1));
  const node = await createNode(
    {
      spec,
      config,
      developmentAccounts: await developmentAccounts(config.developmentAccounts),
      validator:
        keys === null
          ? null
          : { signingKey: keys.signingKey, owner: createSecp256k1().createAccountSigner(keys.ownerKey) },
    },
    { ...adapters, page: openPage() },
  );
  // A member that loads the machine with the first transaction makes everybody wait for its vote.
  if (keys !== null)
    adapters.engine.prepare?.().catch((error: Error) => log.warn("engineNotPrepared", { message: error.message }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(0));
  if (options.supervised === true)
    process.stdin
      .on("close", () => stop(0))
      .on("error", () => stop(0))
      .resume();
  node.failed.then(() => stop(1));
  const code = await stopped;
  log.info("stopping");
  await node.stop();
  keys?.release();
  process.stdin.destroy();
  return code;
}
