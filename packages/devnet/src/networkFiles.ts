// What every network of this package is made of, on one machine or on many: its chain spec, and each process's
// configuration.
import { type ChainSpec, createDevnetSpec, type DevnetValidator } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import type { DevnetManifest } from "./manifest.ts";

/** Share of one core that each miner takes, so that a laptop stays cool. */
export const MINER_CPU_SHARE = 0.05;

export interface SpecGround {
  readonly validators: readonly DevnetValidator[];
  /** Each gets 10,000 coins. */
  readonly funded: readonly Address[];
  /** Expected hashes for a snail block at the network's pace. */
  readonly genesisDifficulty: bigint;
  readonly genesisTimeSeconds: number;
}

export type NetworkChoices = Pick<
  DevnetManifest,
  "members" | "miners" | "chainId" | "snailSeconds" | "heartbeatMs" | "unbondingSeconds" | "suite" | "pow"
>;

export function createNetworkSpec(choices: NetworkChoices, ground: SpecGround): ChainSpec {
  const { chainId, snailSeconds, heartbeatMs, unbondingSeconds, suite, pow } = choices;
  const { validators, funded, genesisDifficulty, genesisTimeSeconds } = ground;
  return createDevnetSpec({
    chainId: BigInt(chainId),
    genesisTimeSeconds,
    genesisDifficulty,
    ...(snailSeconds === undefined ? {} : { snailTargetSeconds: snailSeconds }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(unbondingSeconds === undefined ? {} : { unbondingSeconds }),
    ...(suite === undefined ? {} : { signatureSuite: suite }),
    ...(pow === undefined ? {} : { powEngine: pow }),
    validators,
    developmentAccounts: funded,
  });
}

export interface ProcessPlace {
  /** Address it listens at for peers. */
  readonly listenHost: string;
  /** `address:port` to tell others, where it listens at every interface. */
  readonly announce?: string;
  readonly rpcPort: number;
  readonly networkPort: number;
}

export interface ProcessRole {
  readonly chainSpecFile: string;
  /** `node-id@host:port` of the others. */
  readonly peers: readonly string[];
  /** The validator's part of the configuration; `null` makes a miner. */
  readonly seat: object | null;
  /** Who is paid for what the miner finds. */
  readonly payout: Address;
  /** Validators whose election the miner's fruits support. */
  readonly supports: readonly Address[];
  /** Of the development mnemonic, that the node signs for. */
  readonly developmentAccounts: number;
}

/** The configuration file of a member or miner, in whose folder data and node key lie. */
export function describeProcess(place: ProcessPlace, role: ProcessRole): object {
  const { seat, payout, supports } = role;
  const { listenHost, networkPort, announce } = place;
  return {
    chainSpecFile: role.chainSpecFile,
    dataDir: "data",
    rpc: { host: "127.0.0.1", port: place.rpcPort },
    network: {
      ...{ host: listenHost, port: networkPort, nodeKeyFile: "node.key", peers: role.peers },
      ...(announce === undefined ? {} : { announce: [announce] }),
    },
    validator: seat,
    miner: seat === null ? { payout, supports, threads: 1, cpuShare: MINER_CPU_SHARE } : null,
    developmentAccounts: role.developmentAccounts,
  };
}
