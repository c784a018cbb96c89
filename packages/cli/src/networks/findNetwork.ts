// What `--network` may say: a file, or the name of a network that is known here.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadOrCreateNodeKey } from "@festina/adapters";
import { type ChainSpec, checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import { devnetLayout, memberName } from "@festina/devnet";
import { orThrow } from "../commands/context.ts";
import { loadChainSpec, loadNodeConfig } from "../nodeFiles.ts";
import { CliError } from "../output/cliError.ts";
import { genesisHashOf, isBundle, type NetworkBundle, parseBundle } from "./networkBundle.ts";

/** Where a user keeps things, below the folder that a command runs in. */
export const HOME = ".festina";
const DEVNET = "devnet";
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;
/** Far above any genesis that a network has; a file above it is none. */
const BYTES_MAX = 64 * 2 ** 20;

function readJson(file: string): unknown {
  let text: string;
  try {
    if (statSync(file).size > BYTES_MAX) throw new CliError("BUNDLE_INVALID", `${file} is too large for a network`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("FILE_UNREADABLE", `cannot read the network ${file}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError("FILE_INVALID", `${file} is not valid JSON`);
  }
}

/** A bundle, or a bare chain spec. @throws CliError with the code of what is wrong */
async function readNetworkFile(file: string): Promise<NetworkBundle> {
  const value = readJson(file);
  if (!isBundle(value)) return { spec: readSpec(value), bootnodes: [] };
  return readBundle(value);
}

/** @throws CliError with the code of what is wrong */
async function readBundle(value: unknown): Promise<NetworkBundle> {
  const { genesisHash, ...network } = orThrow(parseBundle(value));
  const { spec } = network;
  const made = await genesisHashOf(spec);
  if (made !== genesisHash)
    throw new CliError(
      "GENESIS_MISMATCH",
      `the network begins with ${genesisHash}, and this program would make ${made} of its chain spec: it is of another version`,
    );
  return network;
}

/** A bundle that is to be written anew. @throws CliError with the code of what is wrong */
export const readBundleFile = (file: string): Promise<NetworkBundle> => readBundle(readJson(file));

function readSpec(value: unknown): ChainSpec {
  return orThrow(checkChainSpec(parseChainSpecJson(JSON.stringify(value))));
}

/** The one that `festina devnet` runs on this machine. */
async function findDevnet(home: string): Promise<NetworkBundle> {
  const layout = devnetLayout(join(home, DEVNET));
  const first = layout.process(memberName(1));
  if (!existsSync(first.configFile) || !existsSync(first.nodeKeyFile))
    throw new CliError("NETWORK_UNKNOWN", `there is no devnet in ${layout.root}; festina devnet makes one`);
  const { network } = loadNodeConfig(first.configFile);
  const { nodeId } = await loadOrCreateNodeKey(first.nodeKeyFile);
  const own = network === null ? [] : [`${nodeId}@${network.host}:${network.port}`];
  return { spec: loadChainSpec(layout.chainSpecFile), bootnodes: [...own, ...(network?.peers ?? [])] };
}

function knownNames(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return [DEVNET, ...files.flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []))];
}

/** @throws CliError NETWORK_UNKNOWN, or with the code of what is wrong with its file */
export async function findNetworkNamed(named: string, home = HOME): Promise<NetworkBundle> {
  if (existsSync(named) && statSync(named).isFile()) return readNetworkFile(named);
  if (named === DEVNET) return findDevnet(home);
  const folder = join(home, "networks");
  const file = join(folder, `${named}.json`);
  if (NAME.test(named) && existsSync(file)) return readNetworkFile(file);
  throw new CliError(
    "NETWORK_UNKNOWN",
    `"${named.slice(0, 80)}" is neither a file nor a network that is known here (${knownNames(folder).join(", ")}); a network is known by its name once its bundle lies in ${folder}`,
  );
}
