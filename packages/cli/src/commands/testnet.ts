// `festina testnet`: the folders of a network for machines of their own. Made like a devnet's, but each stands alone.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join, relative } from "node:path";
import { createSignatureSuite, loadOrCreateNodeKey } from "@festina/adapters";
import { DEFAULT_SIGNATURE_SUITE, DEVELOPMENT_KEYS, serializeChainSpec } from "@festina/chainspec";
import { createNetworkSpec, describeProcess, memberName, minerName, type NetworkChoices } from "@festina/devnet";
import { type Address, bytesToHex } from "@festina/primitives";
import { specHash } from "@festina/types";
import { type PasswordOptions, readPassword } from "../input/password.ts";
import { typedAddress } from "../input/typedAddress.ts";
import { BOOTNODES_MAX, formatBundle } from "../networks/networkBundle.ts";
import { CliError } from "../output/cliError.ts";
import { createSeatFolder } from "../seat/seatFolder.ts";
import { type CommandContext, report } from "./context.ts";
import { calibrateDifficulty } from "./makeDevnet.ts";

export interface TestnetOptions extends PasswordOptions, NetworkChoices {
  readonly out: string;
  readonly name: string;
  /** A host name or address for each process, members first, after commas; the last one stands for the rest. */
  readonly hosts: string;
  readonly rpcPort: number;
  readonly networkPort: number;
  /** Accounts with coins, after commas; the development accounts when absent. */
  readonly fund?: string;
  readonly json?: boolean;
}

interface Placed {
  readonly name: string;
  readonly folder: string;
  readonly host: string;
  readonly rpcPort: number;
  readonly networkPort: number;
}

const HOST = /^[A-Za-z0-9.-]{1,253}$/;
const LOOPBACK = /^(127\.|localhost$)/;
const EVERY_INTERFACE = "0.0.0.0";
const PORT_MAX = 65_535;

/** Processes on one host take ports in a row. */
function placeProcesses(options: TestnetOptions): readonly Placed[] {
  const { out, members, miners, rpcPort, networkPort } = options;
  const hosts = options.hosts.split(",").map((host) => host.trim());
  const wrong = hosts.find((host) => !HOST.test(host));
  if (wrong !== undefined) throw new CliError("HOST_INVALID", `"${wrong}" is no name or address of a host`, 2);
  if (hosts.length > members + miners)
    throw new CliError("HOSTS_TOO_MANY", `${hosts.length} hosts for ${members + miners} processes`, 2);
  const names = [
    ...Array.from({ length: members }, (_, index) => memberName(index + 1)),
    ...Array.from({ length: miners }, (_, index) => minerName(index + 1)),
  ];
  const used = new Map<string, number>();
  return names.map((name, index) => {
    const host = hosts[Math.min(index, hosts.length - 1)] as string;
    const offset = used.get(host) ?? 0;
    used.set(host, offset + 1);
    if (Math.max(rpcPort, networkPort) + offset > PORT_MAX)
      throw new CliError("PORTS_TOO_HIGH", `no ports are left for ${name} on ${host}`, 2);
    return { name, folder: join(out, name), host, rpcPort: rpcPort + offset, networkPort: networkPort + offset };
  });
}

function chooseFunded(fund: string | undefined): readonly Address[] {
  if (fund === undefined) return DEVELOPMENT_KEYS.map(({ address }) => address as Address);
  return fund.split(",").map((text) => typedAddress(text.trim()));
}

/** Writes a folder per process, all that its machine needs: chain spec, configuration, node key, seat keys. */
export async function makeTestnet(context: CommandContext, options: TestnetOptions): Promise<void> {
  const { out, members } = options;
  if (existsSync(out)) throw new CliError("FOLDER_EXISTS", `${out} is there already; choose another --out`);
  const placed = placeProcesses(options);
  const funded = chooseFunded(options.fund);
  const password = await readPassword(options, true);
  const addresses = new Map<string, string>();
  for (const { name, folder, host, networkPort } of placed) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { nodeId } = await loadOrCreateNodeKey(join(folder, "node.key"));
    addresses.set(name, `${nodeId}@${host}:${networkPort}`);
  }
  const suite = createSignatureSuite(options.suite ?? DEFAULT_SIGNATURE_SUITE);
  const validators = placed.slice(0, members).map(({ folder }) => {
    const { identity, signingKey } = createSeatFolder(join(folder, "keys"), password);
    const { address } = identity;
    const publicKey = bytesToHex(suite.publicKey(signingKey));
    return { address, payout: address, publicKey, proofOfPossession: bytesToHex(suite.provePossession(signingKey)) };
  });
  const spec = {
    ...createNetworkSpec(options, {
      validators,
      funded,
      genesisDifficulty: calibrateDifficulty(options),
      genesisTimeSeconds: Math.floor(Date.now() / 1_000),
    }),
    name: options.name,
  };
  placed.forEach(({ name, folder, host, rpcPort, networkPort }, index) => {
    const listenHost = LOOPBACK.test(host) ? host : EVERY_INTERFACE;
    // Names are looked up by those who dial; records of nodes hold literal addresses alone.
    const isTold = listenHost === EVERY_INTERFACE && isIPv4(host);
    const config = describeProcess(
      { listenHost, rpcPort, networkPort, ...(isTold && { announce: `${host}:${networkPort}` }) },
      {
        chainSpecFile: "chainspec.json",
        peers: [...addresses].filter(([other]) => other !== name).map(([, address]) => address),
        seat: index < members ? { keyFolder: "keys" } : null,
        payout: funded[index % funded.length] as Address,
        supports: validators.map(({ address }) => address),
        developmentAccounts: 0,
      },
    );
    writeFileSync(join(folder, "chainspec.json"), serializeChainSpec(spec));
    writeFileSync(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  });
  const bundleFile = join(out, "network.json");
  const bootnodes = [...addresses.values()].slice(0, BOOTNODES_MAX);
  writeFileSync(bundleFile, await formatBundle({ spec, bootnodes }));
  const hash = specHash(spec);
  const nodes = placed.map(({ name, folder, host, rpcPort }, index) => ({
    name,
    folder,
    host,
    rpcPort,
    address: addresses.get(name) as string,
    validator: validators[index]?.address ?? null,
  }));
  report(context, options.json, { specHash: hash, chainId: options.chainId, bundleFile, nodes }, [
    `network of ${members} members and ${options.miners} miners, chain id ${options.chainId}, spec ${hash}`,
    ...nodes.map(({ name, address }) => `  ${name.padEnd(9)} ${address}`),
    `copy each folder of ${out} to its machine, then there: festina start --config ${relative(out, join(out, "config.json"))}`,
    `others join by ${bundleFile}: festina init --network ${bundleFile} --data-dir FOLDER`,
  ]);
}
