// A committee of whole nodes in one process: the code that runs in production over a clock, a network and stores that
// tests own. Node 0 mines.
import {
  createKeccakKernel,
  createMemoryDisk,
  createMemoryStore,
  createReferenceEngine,
  createSecp256k1,
} from "@festina/adapters";
import { type ChainSpec, DEFAULT_REWARD_RULES, type Preset, TEST_PRESET } from "@festina/chainspec";
import { addressOfSecretKey, createAccountSigner } from "@festina/crypto";
import {
  createMemoryHub,
  createNetwork,
  type Handshake,
  type MemoryHub,
  type Network,
  type NodeId,
  PROTOCOL_VERSION,
} from "@festina/network";
import { type Address, bytesToHex, type Hash32 } from "@festina/primitives";
import { keccakPowEngine } from "@festina/snailchain";
import type { Disk, KeyValueStore } from "@festina/storage";
import { specHash } from "@festina/types";
import { createNode, type FestinaNode, type Log, type NodeConfig, provisionSigningRecord } from "../../src/index.ts";
import { changed, delayed } from "./changedTransport.ts";
import { mockSuite } from "./mockSuite.ts";
import { nodeKeysOf } from "./nodeKeys.ts";
import { VirtualClock } from "./virtualClock.ts";
import { createVirtualSearch } from "./virtualMiner.ts";

export const ETHER = 10n ** 18n;
const GENESIS_SECONDS = 1_800_000_000;
export const OWNER_KEYS = [0x41, 0x42, 0x43, 0x44].map((byte) => new Uint8Array(32).fill(byte));
export const OWNERS = OWNER_KEYS.map(addressOfSecretKey);
export const VOTING_KEYS = [1, 2, 3, 4].map((byte) => new Uint8Array(48).fill(byte));
export const DEPOSIT_WEI = 100n * 100n * ETHER;
export const PAYOUTS = ["a1", "a2", "a3", "a4"].map((byte) => `0x${byte.repeat(20)}` as Address);
const HASHES_PER_SECOND = 64;

const keccak = createKeccakKernel();
const { recoverPublicKey } = createSecp256k1();

export function aSpec(changes: Partial<ChainSpec> = {}, preset: Partial<Preset> = {}): ChainSpec {
  return {
    name: "committee",
    chainId: 1337n,
    genesisTimeSeconds: GENESIS_SECONDS,
    preset: { ...TEST_PRESET, heartbeatMs: 1_000, snailTargetSeconds: 2, maxUnanchoredMs: 0, ...preset },
    signatureSuite: "bls",
    powEngine: "keccak",
    genesisDifficulty: 128n,
    initialBaseFeeWei: 10n ** 9n,
    baseFeeChangeDenominator: 8n,
    baseFeeElasticity: 2n,
    rewards: DEFAULT_REWARD_RULES,
    depositPerSeatWei: 100n * ETHER,
    unbondingSeconds: 600,
    evidenceWindowSeconds: 600,
    jailAfterPayouts: 10,
    genesisAccounts: OWNERS.map((address) => ({ address, balanceWei: 1_000n * ETHER })),
    genesisValidators: OWNERS.map((address, index) => ({
      address,
      payout: PAYOUTS[index] as Address,
      publicKey: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      proofOfPossession: bytesToHex(VOTING_KEYS[index] as Uint8Array),
      depositWei: DEPOSIT_WEI,
      seats: 25,
    })),
    restarts: [],
    ...changes,
  };
}

/** What of a node outlives its process. */
export interface Kept {
  readonly store: KeyValueStore;
  readonly disk: Disk;
}

export interface LogLine {
  readonly node: number;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A disk does not go away when a process closes its files. */
function keptOpen(store: KeyValueStore): KeyValueStore {
  return {
    get: (key) => store.get(key),
    entries: (range) => store.entries(range),
    write: (batch) => store.write(batch),
    close: async () => undefined,
  };
}

const MEMORY = { host: "memory", port: 1, nodeKeyFile: "" };
/** The machine of the first follower. */
const FOLLOWER = 50;
const nodeIdOf = (index: number): NodeId => `0x${(index + 1).toString(16).padStart(64, "0")}` as NodeId;
const memberAddress = (index: number): string => `${nodeIdOf(index)}@memory:1`;

export const MEMBER_ADDRESSES = OWNERS.map((_, index) => memberAddress(index));

export function aDisk(): Kept {
  return { store: keptOpen(createMemoryStore()), disk: createMemoryDisk() };
}

/** Of nodes that find each other: a netgroup each. */
const placeOf = (index: number): string => `${20 + index}.1.1.1`;
const hostOf = (nodeId: NodeId): string =>
  placeOf([...OWNERS.keys(), FOLLOWER].find((index) => nodeKeysOf(index).nodeId === nodeId) ?? 99);

function networkOf(index: number): NonNullable<NodeConfig["network"]> {
  const bootnodes = index === 0 ? [] : [`${nodeKeysOf(0).nodeId}@${placeOf(0)}:1`];
  return { host: placeOf(index), port: 1, nodeKeyFile: "", peers: [], bootnodes };
}

export class CommitteeNetwork {
  readonly clock = new VirtualClock();
  readonly lines: LogLine[] = [];
  /** What leaves a node in the place of a frame. */
  change: (from: number, frame: Uint8Array) => readonly Uint8Array[] = (_from, frame) => [frame];
  /** Members that know nothing of compact proposals, when they start. */
  readonly plain = new Set<number>();
  spec: ChainSpec;
  readonly #hub: MemoryHub;
  readonly #disks: readonly Kept[];
  readonly #nodes: (FestinaNode | null)[];
  readonly #miners: ReadonlySet<number>;
  readonly #lateMs: ReadonlyMap<number, number>;
  readonly #finding: boolean;

  /**
   * `lateMs`: how much later than others what a member says arrives. `finding`: nodes know the address of member 0 and no
   * other; it is told to nobody else by whoever starts them.
   */
  /** Whom the fruits of miners that are started from now on name. */
  supports: readonly Address[] = OWNERS;

  constructor(
    spec: ChainSpec,
    miners: readonly number[] = [],
    lateMs: ReadonlyMap<number, number> = new Map(),
    finding = false,
  ) {
    this.#lateMs = lateMs;
    this.#finding = finding;
    this.spec = spec;
    this.#hub = createMemoryHub({ clock: this.clock, latencyMs: 5, ...(finding && { hostOf }) });
    this.#miners = new Set(miners);
    this.#disks = OWNERS.map(() => {
      const disk = createMemoryDisk();
      provisionSigningRecord(disk);
      return { store: keptOpen(createMemoryStore()), disk };
    });
    this.#nodes = OWNERS.map(() => null);
  }

  /** Starts the members named, all at once. */
  async start(...indexes: readonly number[]): Promise<void> {
    let waiting = indexes.length;
    let failure: unknown = null;
    for (const index of indexes) {
      this.#create(index)
        .then((node) => {
          this.#nodes[index] = node;
        })
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          waiting -= 1;
        });
    }
    await this.clock.advance(10_000, () => waiting === 0);
    if (failure !== null) throw failure;
  }

  /** Ends the members named; their disks remain. */
  async stop(...indexes: readonly number[]): Promise<void> {
    for (const index of indexes) {
      const stopping = this.node(index).stop();
      this.#nodes[index] = null;
      let isStopped = false;
      void stopping.finally(() => {
        isStopped = true;
      });
      await this.clock.advance(5_000, () => isStopped);
    }
  }

  stopAll(): Promise<void> {
    return this.stop(...this.#nodes.flatMap((node, index) => (node === null ? [] : [index])));
  }

  node(index: number): FestinaNode {
    const node = this.#nodes[index];
    if (node == null) throw new Error(`member ${index} does not run`);
    return node;
  }

  height(index = 0): number {
    return this.node(index).backend.chain.head();
  }

  /** Lets up to `ms` pass until `isDone`. @throws when it does not come to that */
  async until(what: string, isDone: () => boolean, ms = 60_000): Promise<void> {
    if (await this.clock.advance(ms, isDone)) return;
    const recent = this.lines.slice(-20).map(({ node, event, facts }) => `${node} ${event} ${describe(facts)}`);
    throw new Error(`not within ${ms} ms: ${what}\n${recent.join("\n")}`);
  }

  events(name: string): readonly LogLine[] {
    return this.lines.filter(({ event }) => event === name);
  }

  /** Somebody outside the committee, connected with everybody. */
  async stranger(): Promise<Network> {
    const network = createNetwork({
      transport: this.#hub.createTransport(nodeIdOf(99)),
      listen: null,
      handshake: () => this.#stranger(),
      peers: OWNERS.map((_, index) => ({ nodeId: nodeIdOf(index), host: "memory", port: 1 })),
      clock: this.clock,
      random: () => 0.5,
      events: { peerUp: () => undefined, peerDown: () => undefined, message: () => undefined },
    });
    let isUp = false;
    void network.start().finally(() => {
      isUp = true;
    });
    await this.until("the stranger is connected", () => isUp && network.peers().length === OWNERS.length);
    return network;
  }

  /** What a member keeps, to be read beside it. */
  storeOf(index: number): KeyValueStore {
    return (this.#disks[index] as Kept).store;
  }

  /** A node outside the committee begins, on a disk of its own; it may never come to run. */
  begin(kept: Kept, config: Partial<NodeConfig>, peers: readonly string[], serial = 0): Promise<FestinaNode> {
    const network = this.#finding ? networkOf(FOLLOWER + serial) : { ...MEMORY, peers: [...peers] };
    return this.#createOn(FOLLOWER + serial, kept, { ...config, network }, null);
  }

  /** The same, once it runs. */
  async follower(
    kept: Kept,
    config: Partial<NodeConfig>,
    peers: readonly string[] = MEMBER_ADDRESSES,
  ): Promise<FestinaNode> {
    const starting = this.begin(kept, config, peers);
    let node: FestinaNode | null = null;
    let failure: unknown = null;
    starting
      .then((created) => {
        node = created;
      })
      .catch((error: unknown) => {
        failure = error;
      });
    await this.until("the follower runs", () => node !== null || failure !== null, 120_000);
    if (node === null) throw failure;
    return node;
  }

  /** A peer that answers as it likes. Members do not know it. */
  async peer(index: number, headNumber: number, answer: (network: Network) => void): Promise<string> {
    const network = createNetwork({
      transport: this.#hub.createTransport(nodeIdOf(index)),
      listen: { host: "memory", port: 1 },
      handshake: () => ({ ...this.#stranger(), headNumber, snailNumber: headNumber }),
      peers: [],
      clock: this.clock,
      random: () => 0.5,
      events: { peerUp: () => undefined, peerDown: () => undefined, message: () => undefined },
    });
    answer(network);
    let isUp = false;
    void network.start().finally(() => {
      isUp = true;
    });
    await this.until("the peer listens", () => isUp);
    return memberAddress(index);
  }

  #stranger(): Handshake {
    return {
      protocolVersion: PROTOCOL_VERSION,
      specHash: specHash(this.spec),
      genesisHash: this.genesisHash,
      role: "observer",
      agent: "stranger",
      headNumber: 0,
      snailNumber: 0,
    };
  }

  get genesisHash(): Hash32 {
    return this.node(0).backend.chain.genesisHash;
  }

  #create(index: number): Promise<FestinaNode> {
    const others = OWNERS.flatMap((_, other) => (other === index ? [] : [memberAddress(other)]));
    const miner = this.#miners.has(index)
      ? { payout: PAYOUTS[index] as Address, supports: [...this.supports], threads: 1, cpuShare: 1 }
      : null;
    const validator = {
      signingKey: VOTING_KEYS[index] as Uint8Array,
      owner: createAccountSigner(OWNER_KEYS[index] as Uint8Array),
    };
    const compact = this.plain.has(index) ? { compactProposals: false } : {};
    const config = { miner, network: this.#finding ? networkOf(index) : { ...MEMORY, ...compact, peers: others } };
    return this.#createOn(index, this.#disks[index] as Kept, config, validator);
  }

  #createOn(
    index: number,
    kept: Kept,
    changes: Partial<NodeConfig>,
    validator: Parameters<typeof createNode>[0]["validator"],
  ): Promise<FestinaNode> {
    const { clock, spec } = this;
    const log = this.#log(index);
    const config: NodeConfig = {
      chainSpecFile: "",
      dataDir: null,
      rpc: null,
      network: null,
      validator: null,
      miner: null,
      developmentAccounts: 0,
      log: { level: "silent" },
      ...changes,
    };
    const nowMs = (): number => GENESIS_SECONDS * 1000 + clock.nowMs();
    return createNode(
      { spec, config, validator, developmentAccounts: [] },
      {
        ...kept,
        transport: changed(
          delayed(
            this.#hub.createTransport(this.#finding ? nodeKeysOf(index).nodeId : nodeIdOf(index)),
            clock,
            this.#lateMs.get(index) ?? 0,
          ),
          (frame) => this.change(index, frame),
        ),
        ...(this.#finding && { recordKeys: nodeKeysOf(index).recordKeys }),
        suite: mockSuite,
        engine: createReferenceEngine({ chainId: spec.chainId, keccak256: keccak }),
        powEngine: keccakPowEngine,
        keccak,
        recoverPublicKey,
        createSearch: (_options, onFound) => createVirtualSearch(clock, HASHES_PER_SECOND, onFound),
        log,
        clock,
        nowMs,
        random: () => (index + 1) / 8,
      },
    );
  }

  #log(node: number): Log {
    const write =
      () =>
      (event: string, facts: Readonly<Record<string, unknown>> = {}) =>
        void this.lines.push({ node, event, facts });
    return { debug: () => undefined, info: write(), warn: write(), error: write() };
  }
}

function describe(facts: LogLine["facts"]): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}
