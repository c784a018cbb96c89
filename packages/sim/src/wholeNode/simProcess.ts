// One machine of the simulation: its disk outlives the node that runs on it.
import { createSecp256k1 } from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import { createAccountSigner, type HashFunction, type SignatureSuite } from "@festina/crypto";
import { type NodeId, toNodeId } from "@festina/network";
import { createNode, type FestinaNode, type LogFacts, type NodeConfig, provisionSigningRecord } from "@festina/node";
import type { Address } from "@festina/primitives";
import type { Engine } from "@festina/tvm";
import { SimDisk } from "../world/disk.ts";
import type { FaultCounts } from "../world/faultCounts.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Dice, Streams } from "../world/streams.ts";
import { MachineDisk } from "./machineDisk.ts";
import type { MinerMischief } from "./miners/minerMischief.ts";
import type { MemberKeys } from "./networkSpec.ts";
import { ProcessClock, type ProcessTime } from "./processClock.ts";
import type { SharedBytes } from "./sharedBytes.ts";
import type { SimPow } from "./simPow.ts";
import { SimStore } from "./simStore.ts";
import type { SimWire } from "./simWire.ts";

const { recoverPublicKey } = createSecp256k1();

export interface SimProcessOptions {
  readonly index: number;
  readonly spec: ChainSpec;
  readonly scheduler: Scheduler;
  readonly streams: Streams;
  readonly counts: FaultCounts;
  readonly wire: SimWire;
  readonly suite: SignatureSuite;
  readonly pow: SimPow;
  /** What the machines of this world store. */
  readonly bytes: SharedBytes;
  readonly engine: Engine;
  readonly keccak256: HashFunction;
  readonly time: ProcessTime;
  /** `null`: no member. */
  readonly keys: MemberKeys | null;
  /** Of all members: whom a miner supports. */
  readonly members: readonly MemberKeys[];
  /** `null`: no miner. */
  readonly hashesPerSecond: number | null;
  readonly payout: Address | null;
  /** `null`: its miner keeps the rules. */
  readonly mischief: MinerMischief | null;
  readonly peers: readonly NodeId[];
  /** False: its proposals are whole, as the classes of dishonest members know them. */
  readonly sendsCompact: boolean;
  readonly onLog: (level: "debug" | "info" | "warn" | "error", event: string, facts: LogFacts) => void;
  /** The node has given up, or did not start. */
  readonly onFailed: (error: unknown) => void;
}

export const nodeIdOf = (index: number): NodeId => {
  const bytes = new Uint8Array(32);
  bytes[30] = 1;
  bytes[31] = index;
  return toNodeId(bytes);
};

export class SimProcess {
  /** What the machine keeps, as faults strike it. */
  readonly machine: MachineDisk;
  readonly disk: SimDisk;
  readonly store: SimStore;
  readonly #options: SimProcessOptions;
  readonly #dice: Dice;
  #life: ProcessClock | null = null;
  #node: FestinaNode | null = null;
  #starts = 0;

  constructor(options: SimProcessOptions) {
    this.#options = options;
    const { index, streams, counts } = options;
    this.disk = new SimDisk(streams(`disk ${index}`), counts);
    this.store = new SimStore(streams(`store ${index}`), this.disk, options.bytes);
    this.machine = new MachineDisk(this.disk, this.store);
    this.#dice = streams(`process ${index}`);
    if (options.keys !== null) provisionSigningRecord(this.disk);
  }

  get isUp(): boolean {
    return this.#life !== null;
  }

  get isPaused(): boolean {
    return this.#life?.isPaused ?? false;
  }

  /** `null` while it starts, or is down. */
  get node(): FestinaNode | null {
    return this.#node;
  }

  /** The node of this machine begins to run, on what its disk holds. */
  boot(): void {
    if (this.#life !== null) return;
    const { scheduler, time, onFailed } = this.#options;
    const life = new ProcessClock(scheduler, time);
    this.#life = life;
    this.#starts += 1;
    const failed = (error: unknown): void => {
      if (!life.isDead) onFailed(error);
    };
    this.#create(life)
      .then((node) => {
        if (life.isDead) return;
        this.#node = node;
        void node.failed.then(failed);
      })
      .catch(failed);
  }

  /** As `kill -9` and a power failure at once: what was not synced may be lost. */
  crash(): void {
    if (this.#life === null) return;
    this.#life.end();
    this.#life = null;
    this.#node = null;
    this.#options.wire.crash(this.#options.index);
    this.disk.crash();
    this.store.crash();
  }

  /** Its wall clock shows this much more from now on. */
  jumpClock(byMs: number): void {
    this.#options.time.wallOffsetMs += byMs;
  }

  pause(): void {
    this.#life?.pause();
  }

  resume(): void {
    this.#life?.resume();
  }

  #create(life: ProcessClock): Promise<FestinaNode> {
    const { index, spec, wire, suite, pow, engine, keccak256, keys, hashesPerSecond, streams, mischief } =
      this.#options;
    const dice = this.#dice;
    return createNode(
      {
        spec,
        config: this.#config(),
        validator: keys === null ? null : { signingKey: keys.signingKey, owner: createAccountSigner(keys.ownerKey) },
        developmentAccounts: [],
      },
      {
        store: this.store.open(() => life.isDead),
        disk: this.disk,
        transport: wire.createTransport({ process: index, nodeId: nodeIdOf(index), life }),
        suite,
        engine,
        powEngine: pow.engine,
        keccak: keccak256,
        recoverPublicKey,
        createSearch: (_options, onFound) =>
          pow.createSearch({
            clock: life,
            dice: streams(`mining ${index} ${this.#starts}`),
            hashesPerSecond: hashesPerSecond ?? 1,
            onFound,
            keeps: (find) => mischief?.keeps(find) ?? true,
          }),
        log: this.#log(life),
        clock: life,
        nowMs: () => life.wallMs(),
        random: () => dice.between(0, 1),
      },
    );
  }

  #config(): NodeConfig {
    const { payout, peers, members, sendsCompact } = this.#options;
    return {
      chainSpecFile: "",
      dataDir: null,
      rpc: null,
      network: {
        ...{ host: "simulated", port: 1, nodeKeyFile: "", peers: peers.map((id) => `${id}@simulated:1`) },
        compactProposals: sendsCompact,
      },
      validator: null,
      miner:
        payout === null ? null : { payout, supports: members.map((member) => member.owner), threads: 1, cpuShare: 1 },
      developmentAccounts: 0,
      log: { level: "silent" },
    };
  }

  #log(life: ProcessClock) {
    const { onLog } = this.#options;
    const at =
      (level: "debug" | "info" | "warn" | "error") =>
      (event: string, facts: LogFacts = {}): void => {
        if (!life.isDead) onLog(level, event, facts);
      };
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }
}
