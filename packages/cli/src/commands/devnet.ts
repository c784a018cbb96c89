import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createBlsSuite,
  createKeccakKernel,
  createReferenceEngine,
  loadOrCreateNodeKey,
  measureHashRate,
  openLevelStore,
} from "@festina/adapters";
import { DEVNET_PRESET } from "@festina/chainspec";
import {
  type DevnetLayout,
  type DevnetManifest,
  devnetLayout,
  loadManifest,
  MINER_CPU_SHARE,
  memberName,
  placeProcesses,
  prepareDevnet,
  requireFreePorts,
  saveManifest,
  sendCommand,
  startSupervisor,
  takeLock,
} from "@festina/devnet";
import { DEVELOPMENT_MNEMONIC, type DevelopmentAccount, deriveDevelopmentAccounts, openChain } from "@festina/node";
import { bytesToHex } from "@festina/primitives";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, orThrow } from "./context.ts";
import { loadChainSpec } from "./start.ts";

export interface DevnetCommandOptions {
  readonly members?: number;
  readonly miners?: number;
  readonly dataDir: string;
  readonly rpcPort?: number;
  readonly chainId?: number;
  readonly fresh?: boolean;
}

const ACCOUNTS = 10;
const DEFAULTS = { members: 4, miners: 1, rpcPort: 8545, chainId: 19330 };
/** Peer ports lie this far above the RPC ports. */
const NETWORK_PORT_OFFSET = 22_000;
const MEASURE_MS = 100;

function chooseManifest(options: DevnetCommandOptions): DevnetManifest {
  const rpcPort = options.rpcPort ?? DEFAULTS.rpcPort;
  const networkPort =
    rpcPort + NETWORK_PORT_OFFSET > 65_000 ? rpcPort - NETWORK_PORT_OFFSET : rpcPort + NETWORK_PORT_OFFSET;
  const { members = DEFAULTS.members, miners = DEFAULTS.miners, chainId = DEFAULTS.chainId } = options;
  return { formatVersion: 1, members, miners, chainId, rpcPort, networkPort };
}

/** A start on an existing network keeps its choices; asking for others needs a fresh one. */
function requireSameChoices(manifest: DevnetManifest, options: DevnetCommandOptions): void {
  for (const name of ["members", "miners", "rpcPort", "chainId"] as const) {
    if (options[name] !== undefined && options[name] !== manifest[name]) {
      throw new CliError(
        "DEVNET_DIFFERS",
        `this network was made with ${name} = ${manifest[name]}; add --fresh to make a new one`,
      );
    }
  }
}

/**
 * Makes the genesis once and gives every process a copy: five processes that each load a virtual machine for it would
 * keep a small machine busy for seconds.
 */
async function makeGenesis(layout: DevnetLayout, manifest: DevnetManifest): Promise<void> {
  const spec = loadChainSpec(layout.chainSpecFile);
  const [first, ...others] = placeProcesses(layout, manifest).map((process) => join(process.layout.dataDir, "chain"));
  if (first === undefined) return;
  const keccak = createKeccakKernel();
  const store = await openLevelStore(first);
  // This very process made the proofs a moment ago; whoever gets a spec from elsewhere checks them.
  const suite = { ...createBlsSuite(), verifyPossession: () => true };
  await openChain({
    spec,
    store,
    suite,
    keccak,
    engine: createReferenceEngine({ chainId: spec.chainId, keccak256: keccak }),
  });
  await store.close();
  for (const copy of others) cpSync(first, copy, { recursive: true });
}

async function makeNetwork(
  layout: DevnetLayout,
  manifest: DevnetManifest,
  accounts: readonly DevelopmentAccount[],
): Promise<void> {
  const nodeIds = new Map<string, string>();
  for (const { layout: folder } of placeProcesses(layout, manifest)) {
    mkdirSync(folder.folder, { recursive: true });
    nodeIds.set(folder.nodeKeyFile, (await loadOrCreateNodeKey(folder.nodeKeyFile)).nodeId);
  }
  const perSecond = measureHashRate(MEASURE_MS) * MINER_CPU_SHARE * Math.max(1, manifest.miners);
  prepareDevnet(layout, manifest, {
    suite: createBlsSuite(),
    nodeIdOf: (file) => nodeIds.get(file) ?? "",
    calibrateDifficulty: () => BigInt(Math.max(1_000, Math.round(perSecond * DEVNET_PRESET.snailTargetSeconds))),
    developmentAccounts: accounts.map(({ address }) => address),
    nowSeconds: () => Math.floor(Date.now() / 1000),
  });
  await makeGenesis(layout, manifest);
  saveManifest(layout, manifest);
}

function printBanner(
  context: CommandContext,
  layout: DevnetLayout,
  manifest: DevnetManifest,
  accounts: readonly DevelopmentAccount[],
): void {
  const { print } = context;
  print(
    `Festina devnet: ${manifest.members} committee members, ${manifest.miners} miner${manifest.miners === 1 ? "" : "s"}, chain id ${manifest.chainId}`,
  );
  print("");
  print("Accounts with 10,000 coins each (their keys are public: never use them for anything of value)");
  for (const [index, { address, secretKey }] of accounts.entries()) {
    print(`  (${index}) ${address}  ${bytesToHex(secretKey)}`);
  }
  print(`  mnemonic: ${DEVELOPMENT_MNEMONIC}`);
  print("");
  for (const { name, rpcPort } of placeProcesses(layout, manifest))
    print(`  ${name.padEnd(9)} http://127.0.0.1:${rpcPort}`);
  print("");
  print("Ctrl-C stops everything; the next start goes on where this one stopped.");
  print("");
}

/** `festina devnet`: the whole network on this machine, until Ctrl-C. Answers with the exit code. */
export async function runDevnet(context: CommandContext, options: DevnetCommandOptions): Promise<number> {
  const layout = devnetLayout(resolve(options.dataDir));
  mkdirSync(layout.root, { recursive: true });
  const releaseLock = takeLock(layout.lockFile);
  try {
    const known = options.fresh === true ? null : loadManifest(layout);
    if (known !== null) requireSameChoices(known, options);
    const manifest = known ?? chooseManifest(options);
    const accounts = deriveDevelopmentAccounts(ACCOUNTS);
    const ports = placeProcesses(layout, manifest).flatMap(({ rpcPort, networkPort }) => [rpcPort, networkPort]);
    await requireFreePorts(ports, "stop what uses it, or choose another with --rpc-port PORT --fresh");
    if (known === null) {
      for (const { layout: folder } of placeProcesses(layout, manifest))
        rmSync(folder.folder, { recursive: true, force: true });
      await makeNetwork(layout, manifest, accounts);
    }
    printBanner(context, layout, manifest, accounts);
    return await supervise(context, layout, manifest);
  } finally {
    releaseLock();
  }
}

async function supervise(context: CommandContext, layout: DevnetLayout, manifest: DevnetManifest): Promise<number> {
  const nodeCommand = [
    process.execPath,
    fileURLToPath(new URL("../runMain.js", import.meta.url)),
    "start",
    "--stop-with-input",
  ];
  const interrupted = new Promise<number>((finish) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => finish(0));
    // A closed terminal or pipe is as good as Ctrl-C.
    process.stdout.on("error", () => finish(0));
  });
  const supervisor = await startSupervisor({ layout, manifest, nodeCommand, print: context.print });
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
