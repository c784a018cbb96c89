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
  type Connection,
  createMemoryHub,
  createNetwork,
  type MemoryHub,
  type Network,
  type NodeId,
  PROTOCOL_VERSION,
  type Transport,
} from "@festina/network";
import { type Address, bytesToHex, type Clock, type Hash32 } from "@festina/primitives";
import { keccakPowEngine } from "@festina/snailchain";
import type { Disk, KeyValueStore } from "@festina/storage";
import { specHash } from "@festina/types";
import { createNode, type FestinaNode, type Log, type NodeConfig, provisionSigningRecord } from "../../src/index.ts";
import { mockSuite } from "./mockSuite.ts";
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
interface Kept {
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

/** Whatever is sent leaves this much later, in order. */
function delayed(transport: Transport, clock: Clock, delayMs: number): Transport {
  if (delayMs === 0) return transport;
  const slow = (connection: Connection): Connection => {
    const send = connection.send.bind(connection);
    connection.send = (frame) => {
      const copy = frame.slice();
      clock.setTimer(delayMs, () => send(copy));
      return true;
    };
    return connection;
  };
  return {
    nodeId: transport.nodeId,
    listen: (at, onConnection) => transport.listen(at, (connection) => onConnection(slow(connection))),
    dial: async (address) => {
      const dialled = await transport.dial(address);
      return dialled.ok ? { ok: true, value: slow(dialled.value) } : dialled;
    },
    close: () => transport.close(),
  };
}

const nodeIdOf = (index: number): NodeId => `0x${(index + 1).toString(16).padStart(64, "0")}` as NodeId;

export class CommitteeNetwork {
  readonly clock = new VirtualClock();
  readonly lines: LogLine[] = [];
  spec: ChainSpec;
  readonly #hub: MemoryHub;
  readonly #disks: readonly Kept[];
  readonly #nodes: (FestinaNode | null)[];
  readonly #miners: ReadonlySet<number>;
  readonly #lateMs: ReadonlyMap<number, number>;

  /** `lateMs`: how much later than others what a member says arrives. */
  constructor(spec: ChainSpec, miners: readonly number[] = [], lateMs: ReadonlyMap<number, number> = new Map()) {
    this.#lateMs = lateMs;
    this.spec = spec;
    this.#hub = createMemoryHub({ clock: this.clock, latencyMs: 5 });
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
      handshake: () => ({
        protocolVersion: PROTOCOL_VERSION,
        specHash: specHash(this.spec),
        genesisHash: this.genesisHash,
        role: "observer",
        agent: "stranger",
        headNumber: 0,
        snailNumber: 0,
      }),
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

  get genesisHash(): Hash32 {
    return this.node(0).backend.chain.genesisHash;
  }

  #create(index: number): Promise<FestinaNode> {
    const { clock, spec } = this;
    const log = this.#log(index);
    const others = OWNERS.flatMap((_, other) => (other === index ? [] : [`${nodeIdOf(other)}@memory:1`]));
    const config: NodeConfig = {
      chainSpecFile: "",
      dataDir: null,
      rpc: null,
      network: { host: "memory", port: 1, nodeKeyFile: "", peers: others },
      validator: null,
      miner: this.#miners.has(index)
        ? { payout: PAYOUTS[index] as Address, supports: [...OWNERS], threads: 1, cpuShare: 1 }
        : null,
      developmentAccounts: 0,
      log: { level: "silent" },
    };
    const validator = {
      signingKey: VOTING_KEYS[index] as Uint8Array,
      owner: createAccountSigner(OWNER_KEYS[index] as Uint8Array),
    };
    const nowMs = (): number => GENESIS_SECONDS * 1000 + clock.nowMs();
    return createNode(
      { spec, config, validator, developmentAccounts: [] },
      {
        ...(this.#disks[index] as Kept),
        transport: delayed(this.#hub.createTransport(nodeIdOf(index)), clock, this.#lateMs.get(index) ?? 0),
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
