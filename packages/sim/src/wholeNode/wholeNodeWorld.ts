// Whole nodes, the code that runs in production, on one thread: virtual clocks, a simulated network, simulated disks, mining
// by dice. Everything that happens follows from the seed.
import { createKeccakKernel, loadNodeEngine } from "@festina/adapters";
import type { ChainSpec, Preset, RecoveryRules } from "@festina/chainspec";
import type { HashFunction, SignatureSuite } from "@festina/crypto";
import type { FestinaNode, LogFacts } from "@festina/node";
import type { Hash32 } from "@festina/primitives";
import type { Engine } from "@festina/tvm";
import type { Committee } from "@festina/types";
import { NodeWatch } from "../check/nodeWatch.ts";
import type { StruckWorld } from "../run/strike.ts";
import { TraceDigest } from "../world/digest.ts";
import { FaultCounts } from "../world/faultCounts.ts";
import { CALM_LINKS } from "../world/network.ts";
import { Scheduler } from "../world/scheduler.ts";
import { createStreams, type Streams } from "../world/streams.ts";
import { FrameTrace } from "./frameTrace.ts";
import type { MachineDisk, MachineImage } from "./machineDisk.ts";
import { createMinerMischief } from "./miners/minerClasses.ts";
import type { MinerMischief } from "./miners/minerMischief.ts";
import {
  GENESIS_SECONDS,
  type MemberKeys,
  memberKeys,
  networkSpec,
  payoutOfMiner,
  SEATS,
  SIMULATED_CHAIN_ID,
  tolerableSeats,
} from "./networkSpec.ts";
import { createNodeSuite } from "./nodeSuite.ts";
import { SharedBytes } from "./sharedBytes.ts";
import { SimPow } from "./simPow.ts";
import { nodeIdOf, SimProcess } from "./simProcess.ts";
import { SimWire } from "./simWire.ts";
import { DishonestVoters } from "./voters/dishonestVoters.ts";
import type { VoterHost } from "./voters/nodeMischiefWorld.ts";

export interface WholeNodeOptions {
  readonly seed: number;
  readonly members: number;
  /** Nodes that only mine, after the members. */
  readonly miners?: number;
  /** Of each miner. */
  readonly hashesPerSecond?: number;
  readonly preset?: Partial<Preset>;
  /** Off when absent. */
  readonly recovery?: RecoveryRules;
  /** Signatures; tags when absent. */
  readonly suite?: SignatureSuite;
  /** Members that may break rules or forget. */
  readonly faulty?: ReadonlySet<number>;
  /** Class of each dishonest member, by process; they are among the faulty. */
  readonly dishonestMembers?: ReadonlyMap<number, string>;
  /** Class of each dishonest miner, by process. */
  readonly dishonestMiners?: ReadonlyMap<number, string>;
  /** By miner, in multiples of `hashesPerSecond`; 1 when absent. */
  readonly hashShares?: readonly number[];
  /** One line per log event of a node, for people. */
  readonly trace?: (atMs: number, process: number, what: string) => void;
  /** How each process's clocks differ from the world's. */
  readonly clockOf?: (process: number) => { readonly rate: number; readonly wallSkewMs: number };
}

/** Enough for a snail block every two seconds at the genesis difficulty of the simulated network. */
const HASHES_PER_SECOND = 64;
const ON_TIME = { rate: 1, wallSkewMs: 0 };
const NOBODY: ReadonlySet<number> = new Set();

interface SharedParts {
  readonly engine: Engine;
  readonly keccak256: HashFunction;
  readonly suite: SignatureSuite;
  readonly pow: SimPow;
  readonly bytes: SharedBytes;
}

export class WholeNodeWorld implements StruckWorld<MachineImage>, VoterHost {
  readonly scheduler = new Scheduler();
  readonly digest = new TraceDigest();
  readonly counts = new FaultCounts();
  readonly streams: Streams;
  readonly wire: SimWire;
  readonly spec: ChainSpec;
  readonly watch: NodeWatch;
  readonly members: number;
  readonly #options: WholeNodeOptions;
  readonly #processes: readonly SimProcess[];
  readonly #mischief: ReadonlyMap<number, MinerMischief>;
  readonly #voters: DishonestVoters;
  /** `null` where nobody listens. */
  readonly #frames: FrameTrace | null;
  readonly #committees = new Map<number, Committee>();
  /** Processes by node id and by the owner of their validator. */
  readonly #names = new Map<string, number>();

  /** Loads what the nodes of a world share: from then on nothing waits for the machine. */
  static async create(options: WholeNodeOptions): Promise<WholeNodeWorld> {
    const keccak256 = createKeccakKernel();
    return new WholeNodeWorld(options, {
      keccak256,
      engine: await loadNodeEngine({
        chainId: SIMULATED_CHAIN_ID,
        keccak256,
        onFault: ({ engine, cause }) => {
          throw new Error(`engine ${engine} broke`, { cause });
        },
      }),
      suite: options.suite ?? createNodeSuite(),
      pow: new SimPow(),
      bytes: new SharedBytes(),
    });
  }

  private constructor(options: WholeNodeOptions, shared: SharedParts) {
    this.#options = options;
    this.streams = createStreams(options.seed);
    const members = Array.from({ length: options.members }, (_, index) => memberKeys(index));
    const faulty = options.faulty ?? NOBODY;
    const tolerable = tolerableSeats(faulty.size);
    const seatsMaxOf = (index: number): number => (faulty.has(index) ? tolerable : SEATS);
    this.spec = networkSpec(members, shared.suite, options.preset ?? {}, options.recovery, seatsMaxOf);
    this.members = options.members;
    const count = options.members + (options.miners ?? 0);
    for (let index = 0; index < count; index++) this.#names.set(nodeIdOf(index), index);
    members.forEach(({ owner }, index) => {
      this.#names.set(owner, index);
    });
    this.watch = new NodeWatch({
      faulty,
      nowMs: () => this.scheduler.nowMs,
      processOf: (name) => this.#names.get(name),
    });
    this.wire = new SimWire({
      processes: count,
      scheduler: this.scheduler,
      dice: this.streams("network"),
      counts: this.counts,
      outbound: (from, to, frame) => this.#outbound(from, to, frame),
      onArrival: (from, to, frame) => this.#onArrival(from, to, frame),
    });
    this.network.conditions = CALM_LINKS;
    this.#mischief = new Map(
      [...(options.dishonestMiners ?? [])].map(([index, name]) => {
        const inject = (to: number, frame: Uint8Array): void => void this.wire.inject(index, to, frame);
        return [index, createMinerMischief(name, { inject }, payoutOfMiner(index))];
      }),
    );
    this.#voters = new DishonestVoters({
      host: this,
      streams: this.streams,
      suite: shared.suite,
      members,
      faulty,
      classes: options.dishonestMembers ?? new Map(),
      signed: this.watch.votes,
      onAct: (index, what) => options.trace?.(this.scheduler.nowMs, index, what),
    });
    const { trace } = options;
    this.#frames =
      trace === undefined
        ? null
        : new FrameTrace({
            committee: (epoch) => this.committee(epoch),
            processOf: (name) => this.processOf(name),
            trace: (process, what) => trace(this.scheduler.nowMs, process, what),
          });
    this.#processes = Array.from({ length: count }, (_, index) => this.#place(index, count, members, shared));
  }

  backendOf(index: number): FestinaNode["backend"] | undefined {
    return this.process(index).node?.backend;
  }

  get genesisHash(): Hash32 | undefined {
    return this.#processes.find(({ node }) => node !== null)?.node?.backend.chain.genesisHash;
  }

  /** As the first node that knows it tells. */
  committee(epoch: number): Committee | undefined {
    let committee = this.#committees.get(epoch);
    for (const { node } of committee === undefined ? this.#processes : []) {
      committee = node?.backend.committee.byEpoch(epoch)?.committee;
      if (committee === undefined) continue;
      this.#committees.set(epoch, committee);
      break;
    }
    return committee;
  }

  get network(): SimWire["network"] {
    return this.wire.network;
  }

  /** By node id, or by the owner of its validator. */
  processOf(name: string): number | undefined {
    return this.#names.get(name);
  }

  mischiefOf(index: number): MinerMischief | null {
    return this.#mischief.get(index) ?? null;
  }

  /** How often dishonest processes did other than honest ones would, by class. */
  get acts(): Readonly<Record<string, number>> {
    const acts: Record<string, number> = {};
    for (const { name, acts: count } of [...this.#voters.all, ...this.#mischief.values()])
      acts[name] = (acts[name] ?? 0) + count;
    return acts;
  }

  disk(index: number): MachineDisk {
    return this.process(index).machine;
  }

  isUp(index: number): boolean {
    const process = this.process(index);
    return process.isUp && !process.isPaused;
  }

  pause(index: number): void {
    this.note(index, "pauses");
    this.process(index).pause();
  }

  resume(index: number): void {
    this.note(index, "goes on");
    this.process(index).resume();
  }

  jumpClock(index: number, byMs: number): void {
    this.process(index).jumpClock(byMs);
  }

  /** Members first, then miners. */
  get processes(): readonly SimProcess[] {
    return this.#processes;
  }

  process(index: number): SimProcess {
    const process = this.#processes[index];
    if (process === undefined) throw new RangeError(`there is no process ${index}`);
    return process;
  }

  boot(...indexes: readonly number[]): void {
    for (const index of indexes) {
      if (this.process(index).isUp) continue;
      this.note(index, "boot");
      this.watch.onBoot(index);
      this.process(index).boot();
    }
  }

  bootAll(): void {
    this.boot(...this.#processes.keys());
  }

  crash(index: number): void {
    if (!this.process(index).isUp) return;
    this.note(index, "crash");
    this.process(index).crash();
  }

  /** Lets everything happen that is due until then. Whatever an event sets off is done before the next one. */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = (): void => {
        try {
          if (this.scheduler.runNext(untilMs)) settled(this.scheduler.count, next);
          else resolve();
        } catch (error) {
          reject(error);
        }
      };
      settled(this.scheduler.count, next);
    });
  }

  /** An event of the run: it counts for the digest. */
  note(process: number, what: string): void {
    this.digest.event(this.scheduler.nowMs, process, what);
    this.#options.trace?.(this.scheduler.nowMs, process, what);
  }

  #place(index: number, count: number, members: readonly MemberKeys[], shared: SharedParts): SimProcess {
    const { rate, wallSkewMs } = this.#options.clockOf?.(index) ?? ON_TIME;
    const isMember = index < members.length;
    const { hashesPerSecond = HASHES_PER_SECOND, hashShares } = this.#options;
    const share = hashShares?.[index - members.length];
    return new SimProcess({
      index,
      spec: this.spec,
      scheduler: this.scheduler,
      streams: this.streams,
      counts: this.counts,
      wire: this.wire,
      ...shared,
      time: { rate, wallOffsetMs: GENESIS_SECONDS * 1000 + wallSkewMs },
      keys: isMember ? (members[index] ?? null) : null,
      members,
      hashesPerSecond: isMember ? null : hashesPerSecond * (share ?? 1),
      payout: isMember ? null : payoutOfMiner(index),
      mischief: this.mischiefOf(index),
      peers: Array.from({ length: count }, (_, other) => nodeIdOf(other)).filter((_, other) => other !== index),
      sendsCompact: this.#options.dishonestMembers?.has(index) !== true,
      onLog: (level, event, facts) => this.#onLog(index, level, event, facts),
      onFailed: (error) => {
        this.note(index, `failed: ${String(error)}`);
        this.watch.onFailure(index, error);
        this.process(index).crash();
      },
    });
  }

  #outbound(from: number, to: number, frame: Uint8Array): readonly Uint8Array[] {
    this.watch.onFrame(from, frame);
    this.#frames?.onSent(from, frame);
    return this.#voters.send(from, to, frame) ?? this.#mischief.get(from)?.send(to, frame) ?? [frame];
  }

  #onArrival(from: number, to: number, frame: Uint8Array): void {
    const { digest } = this;
    digest.number(this.scheduler.nowMs);
    digest.number(from * 256 + to);
    digest.number(frame.length);
    // Type at the front, signature or hash at the end: enough to tell two runs apart.
    for (const at of [0, frame.length - 1, frame.length - 2]) digest.number(frame[at] ?? 0);
    this.#frames?.onArrived(from, to, frame);
  }

  #onLog(index: number, level: string, event: string, facts: LogFacts): void {
    if (level !== "debug") this.note(index, `${event} ${describe(facts)}`);
    this.watch.onLog(index, event, facts);
    for (const [miner, mischief] of this.#mischief) mischief.onLog(miner === index, event, facts);
  }
}

function describe(facts: LogFacts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** Events between two moments for the machine: signals, timers of who waits for the run. */
const BREATH_EVENTS = 256;
const NOW = Promise.resolve();

/**
 * Goes on once all promises that are ready have run on, and those that they made ready: ticks come when no promise is
 * left. Nodes wait for nothing else; all their clocks and files are the world's.
 */
function settled(events: number, goOn: () => void): void {
  if (events % BREATH_EVENTS === 0) setImmediate(goOn);
  // A tick that is asked for within a tick would come before the promises.
  else void NOW.then(() => process.nextTick(goOn));
}
