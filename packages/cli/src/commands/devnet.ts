// The whole network on this machine. What makes a new network is loaded apart: while that runs, the nodes load already.
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import type { EngineKind } from "@festina/adapters";
import { DEVELOPMENT_KEYS, DEVELOPMENT_MNEMONIC } from "@festina/chainspec";
import {
  createSupervisor,
  type DevnetLayout,
  type DevnetManifest,
  devnetLayout,
  loadManifest,
  memberName,
  placeProcesses,
  requireFreePorts,
  type Supervisor,
  sendCommand,
  takeLock,
} from "@festina/devnet";
import { OperationError } from "@festina/primitives";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, orThrow } from "./context.ts";

export interface DevnetCommandOptions {
  readonly members?: number;
  readonly miners?: number;
  readonly dataDir: string;
  readonly rpcPort?: number;
  readonly chainId?: number;
  readonly snailSeconds?: number;
  readonly heartbeatMs?: number;
  readonly unbondingSeconds?: number;
  readonly suite?: NonNullable<DevnetManifest["suite"]>;
  readonly pow?: NonNullable<DevnetManifest["pow"]>;
  readonly fresh?: boolean;
  readonly engine?: EngineKind;
  readonly engineCheck?: boolean;
  readonly cors?: readonly string[];
}

const DEFAULTS = { members: 4, miners: 1, rpcPort: 8545, chainId: 19330 };
/** Peer ports lie this far above the RPC ports. */
const NETWORK_PORT_OFFSET = 22_000;

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function chooseManifest(options: DevnetCommandOptions): DevnetManifest {
  const rpcPort = options.rpcPort ?? DEFAULTS.rpcPort;
  const networkPort =
    rpcPort + NETWORK_PORT_OFFSET > 65_000 ? rpcPort - NETWORK_PORT_OFFSET : rpcPort + NETWORK_PORT_OFFSET;
  const { members = DEFAULTS.members, miners = DEFAULTS.miners, chainId = DEFAULTS.chainId } = options;
  const { snailSeconds, heartbeatMs, unbondingSeconds, suite, pow } = options;
  return {
    formatVersion: 1,
    members,
    miners,
    chainId,
    rpcPort,
    networkPort,
    ...(snailSeconds === undefined ? {} : { snailSeconds }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(unbondingSeconds === undefined ? {} : { unbondingSeconds }),
    ...(suite === undefined ? {} : { suite }),
    ...(pow === undefined ? {} : { pow }),
  };
}

/** A start on an existing network keeps its choices; asking for others needs a fresh one. */
function requireSameChoices(manifest: DevnetManifest, options: DevnetCommandOptions): void {
  for (const name of [
    "members",
    "miners",
    "rpcPort",
    "chainId",
    "snailSeconds",
    "heartbeatMs",
    "unbondingSeconds",
    "suite",
    "pow",
  ] as const) {
    if (options[name] !== undefined && options[name] !== manifest[name]) {
      throw new CliError(
        "DEVNET_DIFFERS",
        `this network was made with ${name} = ${manifest[name]}; add --fresh to make a new one`,
      );
    }
  }
}

function printBanner(context: CommandContext, layout: DevnetLayout, manifest: DevnetManifest): void {
  const { print } = context;
  print(
    `Festina devnet: ${manifest.members} committee members, ${manifest.miners} miner${manifest.miners === 1 ? "" : "s"}, chain id ${manifest.chainId}`,
  );
  print("");
  print("Accounts with 10,000 coins each (their keys are public: never use them for anything of value)");
  for (const [index, { address, secretKey }] of DEVELOPMENT_KEYS.entries()) {
    print(`  (${index}) ${address}  ${secretKey}`);
  }
  print(`  mnemonic: ${DEVELOPMENT_MNEMONIC}`);
  print("");
  for (const { name, rpcPort } of placeProcesses(layout, manifest))
    print(`  ${name.padEnd(9)} http://127.0.0.1:${rpcPort}`);
  print("");
  print("Ctrl-C stops everything; the next start goes on where this one stopped.");
  print("");
}

/** Free to change from one start to the next. */
function nodeArguments({ engine, engineCheck, cors }: DevnetCommandOptions): readonly string[] {
  return [
    ...(engine === undefined ? [] : ["--engine", engine]),
    ...(engineCheck === true ? ["--engine-check"] : []),
    ...(cors === undefined ? [] : ["--cors", cors.join(",")]),
  ];
}

/** `festina devnet`: the whole network on this machine, until Ctrl-C. Answers with the exit code. */
export async function runDevnet(context: CommandContext, options: DevnetCommandOptions): Promise<number> {
  const layout = devnetLayout(resolve(options.dataDir));
  mkdirSync(layout.root, { recursive: true });
  const releaseLock = takeLock(layout.lockFile, refuseSecond);
  try {
    const known = options.fresh === true ? null : loadManifest(layout);
    if (known !== null) requireSameChoices(known, options);
    const manifest = known ?? chooseManifest(options);
    const placed = placeProcesses(layout, manifest);
    await requireFreePorts(
      placed.flatMap(({ rpcPort, networkPort }) => [rpcPort, networkPort]),
      "stop what uses it, or choose another with --rpc-port PORT --fresh",
    );
    if (known === null) for (const { folder } of placed.map((each) => each.layout)) emptyFolder(folder);
    const nodeCommand = [process.execPath, context.program, "start", "--supervised", ...nodeArguments(options)];
    const supervisor = createSupervisor({ layout, manifest, nodeCommand, print: context.print });
    try {
      if (known === null) await (await import("./makeDevnet.ts")).makeDevnet(layout, manifest);
      printBanner(context, layout, manifest);
      return await supervise(context, supervisor);
    } finally {
      await supervisor.stop();
    }
  } finally {
    releaseLock();
  }
}

function refuseSecond(pid: number): OperationError {
  return new OperationError(
    "DEVNET_RUNNING",
    `a devnet already runs on this folder (process ${pid}); stop it, or choose another with --data-dir`,
  );
}

async function supervise(context: CommandContext, supervisor: Supervisor): Promise<number> {
  const interrupted = new Promise<number>((finish) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => finish(0));
    // A closed terminal or pipe is as good as Ctrl-C.
    process.stdout.on("error", () => finish(0));
  });
  await supervisor.start();
  const first = await Promise.race([supervisor.ready, interrupted]);
  let code = 0;
  if (typeof first === "object" && !first.ok) {
    context.printError(first.error.message);
    code = 1;
  } else if (typeof first === "object") {
    context.print("all processes are up");
    code = await interrupted;
  }
  context.print("stopping ...");
  await supervisor.stop();
  context.print("stopped");
  return code;
}

/** `festina devnet kill N` and `festina devnet restart N`, from another terminal. */
export async function commandDevnet(
  context: CommandContext,
  action: "kill" | "restart",
  name: string,
  options: { readonly dataDir: string },
): Promise<void> {
  const layout = devnetLayout(resolve(options.dataDir));
  const process = /^\d+$/.test(name) ? memberName(Number(name)) : name;
  context.print(orThrow(await sendCommand(layout.controlSocket, { action, process })));
}
