// `festina init`: all that `festina start` needs in order to join a network that exists.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { loadOrCreateNodeKey } from "@festina/adapters";
import { serializeChainSpec } from "@festina/chainspec";
import { requireFreePorts } from "@festina/devnet";
import { parsePeerAddress } from "@festina/network";
import type { NodeConfig } from "@festina/node";
import { specHash } from "@festina/types";
import { findNetworkNamed } from "../networks/findNetwork.ts";
import { BOOTNODES_MAX, type SnapshotMark } from "../networks/networkBundle.ts";
import { loadChainSpec, placeConfig } from "../nodeFiles.ts";
import { CliError } from "../output/cliError.ts";
import { readSeatFolder } from "../seat/seatFolder.ts";
import { askNetwork, type Network } from "./askNetwork.ts";
import { type CommandContext, connect, report, typed } from "./context.ts";

export interface InitOptions {
  readonly dataDir: string;
  readonly from?: string;
  readonly chainSpec?: string;
  /** A bundle or chain spec, by its file or by its name. */
  readonly network?: string;
  /** The only chain spec to accept, told by somebody whom the user trusts. */
  readonly specHash?: string;
  readonly peers?: string;
  readonly bootnodes?: string;
  readonly rpcPort: number;
  readonly networkPort?: number;
  /** Folder of its keys. */
  readonly validator?: string;
  readonly passwordFile?: string;
  /** As `festina start` takes it. */
  readonly history?: "full" | "archive";
  /** File of `festina snapshot export` to begin by; it is the one that the bundle names, where that names one. */
  readonly snapshot?: string;
  readonly json?: boolean;
}

const ASKED_WRONGLY = 2;
const NETWORK_PORT_OFFSET = 22_000;
const PORT_MAX = 65_535;

function peerAddresses(list = ""): readonly string[] {
  const named = list.split(",").filter((text) => text !== "");
  for (const text of named) typed(parsePeerAddress(text));
  return named;
}

interface Found extends Network {
  readonly bootnodes: readonly string[];
  readonly snapshot?: SnapshotMark;
}

async function findNetwork(options: InitOptions): Promise<Found> {
  const ways = [options.network, options.from, options.chainSpec].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new CliError(
      "NETWORK_UNCLEAR",
      "name the network by one of --network NAME or FILE, --from URL and --chain-spec FILE",
      ASKED_WRONGLY,
    );
  const named = peerAddresses(options.peers);
  const told = peerAddresses(options.bootnodes);
  if (options.network !== undefined) {
    const { bootnodes, ...found } = await findNetworkNamed(options.network);
    return { ...found, peers: named, bootnodes: [...new Set([...told, ...bootnodes])].slice(0, BOOTNODES_MAX) };
  }
  if (options.from !== undefined) {
    const { spec, peers } = await askNetwork(connect({ rpc: options.from }));
    return { spec, peers: [...new Set([...peers, ...named])], bootnodes: told };
  }
  return { spec: loadChainSpec(resolve(options.chainSpec as string)), peers: named, bootnodes: told };
}

function chooseNetworkPort({ rpcPort, networkPort }: InitOptions): number {
  if (networkPort !== undefined) return networkPort;
  return rpcPort + NETWORK_PORT_OFFSET > PORT_MAX ? rpcPort - NETWORK_PORT_OFFSET : rpcPort + NETWORK_PORT_OFFSET;
}

/** The validator's part of the configuration, once its keys are seen to be there. */
function describeKeys(folder: string, { validator, passwordFile }: InitOptions): object | null {
  if (validator === undefined) return null;
  readSeatFolder(validator);
  const place = (path: string): string => relative(folder, resolve(path));
  return {
    keyFolder: place(validator),
    ...(passwordFile === undefined ? {} : { passwordFile: place(passwordFile) }),
  };
}

/** Takes the snapshot in; what a refused one leaves behind goes again. */
async function begin(
  file: string,
  folder: string,
  config: NodeConfig,
  { spec, snapshot }: Found,
  { json }: InitOptions,
) {
  const { beginByFile, describeBeginning } = await import("./snapshot.ts");
  const dataDir = config.dataDir as string;
  if (existsSync(dataDir)) throw new CliError("NODE_EXISTS", `${dataDir} is there already; choose another --data-dir`);
  const wanted = snapshot === undefined ? {} : { digest: snapshot.digest, headHash: snapshot.headHash };
  try {
    const taken = await beginByFile(file, { ...{ config, dataDir, spec, wanted }, isSilent: json === true });
    const { number: headNumber, hash: headHash } = taken;
    return { facts: { headNumber, headHash }, lines: describeBeginning(taken, wanted) };
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    if (readdirSync(folder).length === 0) rmdirSync(folder);
    throw error;
  }
}

/** `festina init`: writes chainspec.json, config.json and node.key. What is there is never overwritten. */
export async function init(context: CommandContext, options: InitOptions): Promise<void> {
  const folder = resolve(options.dataDir);
  const configFile = join(folder, "config.json");
  if (existsSync(configFile))
    throw new CliError("NODE_EXISTS", `${configFile} is there already; choose another --data-dir`);
  const found = await findNetwork(options);
  const { spec, peers, bootnodes } = found;
  const hash = specHash(spec);
  if (options.specHash !== undefined && options.specHash.toLowerCase() !== hash)
    throw new CliError("SPEC_HASH_MISMATCH", `the chain spec has the hash ${hash}, not ${options.specHash}`);
  const { rpcPort } = options;
  const networkPort = chooseNetworkPort(options);
  if (rpcPort === networkPort)
    throw new CliError("PORTS_EQUAL", "RPC and peers need a port each: --rpc-port and --network-port", ASKED_WRONGLY);
  const config = {
    chainSpecFile: "chainspec.json",
    dataDir: "data",
    rpc: { port: rpcPort },
    network: {
      ...{ port: networkPort, nodeKeyFile: "node.key", peers },
      ...(bootnodes.length === 0 ? {} : { bootnodes }),
    },
    validator: describeKeys(folder, options),
    sync: { mode: "snapshot" },
    ...(options.history === undefined ? {} : { history: options.history }),
  };
  const placed = placeConfig(config, folder);
  await requireFreePorts([rpcPort, networkPort], "choose others with --rpc-port and --network-port");
  mkdirSync(folder, { recursive: true });
  const specFile = join(folder, config.chainSpecFile);
  const specText = serializeChainSpec(spec);
  if (existsSync(specFile) && readFileSync(specFile, "utf8") !== specText)
    throw new CliError("NODE_EXISTS", `${specFile} is of another network; choose another --data-dir`);
  const taken = options.snapshot === undefined ? null : await begin(options.snapshot, folder, placed, found, options);
  writeFileSync(specFile, specText);
  const { nodeId } = await loadOrCreateNodeKey(join(folder, config.network.nodeKeyFile));
  // The configuration comes last: a folder that has one is whole.
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`, { flag: "wx" });
  const address = `${nodeId}@127.0.0.1:${config.network.port}`;
  report(context, options.json, { configFile, nodeId, address, specHash: hash, peers, bootnodes, ...taken?.facts }, [
    `network  ${spec.name}, chain id ${spec.chainId}, spec ${hash}`,
    `node     ${address}`,
    `peers    ${peers.length}, and ${bootnodes.length} nodes to find others by`,
    ...(taken?.lines ?? []),
    `start it with: festina start --config ${configFile}`,
  ]);
}
