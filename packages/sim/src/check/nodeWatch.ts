// What the checks hear of a run of whole nodes: their logs, and every frame that leaves them.
import { decodeFrame } from "@festina/network";
import type { LogFacts } from "@festina/node";
import { OperationError } from "@festina/primitives";
import {
  type Committee,
  decodeCertificate,
  decodeCompactPrePrepare,
  decodePrePrepare,
  decodeVote,
} from "@festina/types";
import { SignedVotes } from "./signedVotes.ts";
import { type LivenessBound, type Violation, Watch } from "./watch.ts";

export interface NodeWatchOptions {
  /** Processes that may break rules or forget: what they sign is not judged. */
  readonly faulty: ReadonlySet<number>;
  readonly nowMs: () => number;
  /** Process of a node id, and of a validator's owner; `undefined` for strangers. */
  readonly processOf: (name: string) => number | undefined;
}

interface Accusation {
  readonly by: string;
  readonly accused: number;
  readonly atMs: number;
}

const VIOLATIONS_MAX = 20;

export class NodeWatch {
  /** Processes whose node gave up by itself, with the reason. */
  readonly failures: { readonly process: number; readonly error: unknown }[] = [];
  /** Events by name, of all processes. */
  readonly events = new Map<string, number>();
  /** Members that follow without signing, by process. */
  readonly silenced = new Map<number, string>();
  /** Processes whose deposit is gone. */
  readonly slashed = new Set<number>();
  /** Blocks on which recovery seated a committee, by the committee's epoch. */
  readonly seated = new Map<number, number>();
  /** Snail blocks that reorganisations took back, over all processes. */
  snailReverted = 0;
  /** When the first block became final since this was set to `null`. */
  nextFinalMs: number | null = null;
  /** No link damages what it carries: whoever is banned then is banned for what it did. */
  areLinksTrue = true;
  readonly #options: NodeWatchOptions;
  /** Certificates and proof, judged as on the core level. */
  readonly #watch: Watch;
  readonly votes = new SignedVotes();
  readonly #violations: Violation[] = [];
  readonly #final = new Map<number, string>();
  readonly #handovers = new Map<number, string>();
  readonly #heads = new Map<number, number>();
  readonly #lastFrames = new Map<number, Uint8Array>();
  readonly #accusations: Accusation[] = [];
  #height = 0;
  #lastFinalMs = 0;

  constructor(options: NodeWatchOptions) {
    this.#options = options;
    this.#watch = new Watch(options.faulty);
    this.#watch.nowMs = options.nowMs;
  }

  /** In the order in which they happened. */
  get violations(): readonly Violation[] {
    return [...this.#violations, ...this.#watch.violations].sort((a, b) => a.atMs - b.atMs);
  }

  /** Of the highest final block. */
  get height(): number {
    return this.#height;
  }

  get lastFinalMs(): number {
    return this.#lastFinalMs;
  }

  get handovers(): number {
    return this.#handovers.size;
  }

  headOf(process: number): number {
    return this.#heads.get(process) ?? 0;
  }

  count(event: string): number {
    return this.events.get(event) ?? 0;
  }

  break(invariant: string, what: string, atMs: number = this.#options.nowMs()): void {
    if (this.#violations.length < VIOLATIONS_MAX) this.#violations.push({ invariant, what, atMs });
  }

  /** Disks fail. Anything else that makes a node give up says that we are wrong. */
  onFailure(process: number, error: unknown): void {
    this.failures.push({ process, error });
    if (error instanceof OperationError || this.#options.faulty.has(process)) return;
    this.break("I0", `process ${process} gives up: ${error instanceof Error ? error.message : String(error)}`);
  }

  onLog(process: number, event: string, facts: LogFacts): void {
    this.events.set(event, this.count(event) + 1);
    switch (event) {
      // Blocks may come between the two, and a snapshot.
      case "chainOpened":
      case "ready":
        return this.#onOpened(process, Number(facts["head"]));
      case "blockCommitted":
        return this.#onFinal(process, Number(facts["number"]), String(facts["hash"]));
      case "handover":
        return this.#onHandover(process, Number(facts["epoch"]), `${facts["firstBlock"]}: ${facts["seats"]}`);
      case "recoverySeated":
        return void this.seated.set(Number(facts["epoch"]), Number(facts["block"]));
      case "snailHead":
        this.snailReverted += Number(facts["reverted"]);
        return;
      case "signingStopped":
        return void this.silenced.set(process, String(facts["code"]));
      case "signingAgain":
        return void this.silenced.delete(process);
      case "evidence":
        return this.#onEvidence(process, String(facts["guilty"]).split(" "));
      case "validatorSlashed":
        return this.#onSlashed(Number(facts["number"]), String(facts["address"]));
      case "network.banned":
        return this.#onBanned(process, String(JSON.parse(String(facts["facts"])).nodeId));
      default:
        return;
    }
  }

  #onOpened(process: number, head: number): void {
    const before = this.headOf(process);
    if (head < before && !this.#options.faulty.has(process))
      this.break("I5", `process ${process} had block ${before} final and comes back with ${head}`);
    this.#heads.set(process, head);
  }

  /** What somebody forgetful comes back with is its own affair. */
  onBoot(process: number): void {
    this.silenced.delete(process);
    if (this.#options.faulty.has(process)) this.#heads.delete(process);
  }

  #onFinal(process: number, number: number, hash: string): void {
    const before = this.#heads.get(process);
    if (before !== undefined && number !== before + 1)
      this.break("I5", `process ${process} makes block ${number} final after ${before}`);
    this.#heads.set(process, number);
    const known = this.#final.get(number);
    if (known !== undefined && known !== hash)
      this.break("I1", `process ${process} made ${hash} final at height ${number}, others ${known}`);
    this.#final.set(number, known ?? hash);
    if (number <= this.#height) return;
    this.#height = number;
    this.#lastFinalMs = this.#options.nowMs();
    this.nextFinalMs ??= this.#lastFinalMs;
  }

  #onHandover(process: number, epoch: number, seats: string): void {
    const known = this.#handovers.get(epoch);
    if (known !== undefined && known !== seats)
      this.break("I8", `process ${process} hands over to epoch ${epoch} with ${seats}, others with ${known}`);
    this.#handovers.set(epoch, known ?? seats);
  }

  #onEvidence(by: number, owners: readonly string[]): void {
    if (!this.#options.faulty.has(by)) this.accuse(`process ${by}`, owners);
  }

  /** Somebody says that these validators broke a rule; judged once it is known what everybody signed. */
  accuse(by: string, owners: readonly string[]): void {
    for (const owner of owners) {
      const accused = this.#options.processOf(owner);
      if (accused !== undefined) this.#accusations.push({ by, accused, atMs: this.#options.nowMs() });
    }
  }

  /** Processes against which somebody honest, or the chain, has proof. */
  get accused(): ReadonlySet<number> {
    return new Set(this.#accusations.map(({ accused }) => accused));
  }

  #onSlashed(number: number, owner: string): void {
    const process = this.#options.processOf(owner);
    if (process === undefined || this.slashed.has(process)) return;
    this.slashed.add(process);
    this.accuse(`block ${number}`, [owner]);
  }

  #onBanned(by: number, nodeId: string): void {
    const { faulty, processOf } = this.#options;
    const banned = processOf(nodeId);
    if (this.areLinksTrue && banned !== undefined && !faulty.has(banned) && !faulty.has(by))
      this.break("I15", `process ${by} bans ${banned}, who kept the rules`);
  }

  /** Every frame that a process sends. One that goes to several is the same object each time. */
  onFrame(from: number, frame: Uint8Array): void {
    if (this.#lastFrames.get(from) === frame) return;
    this.#lastFrames.set(from, frame);
    const decoded = decodeFrame(frame);
    if (!decoded.ok) return;
    const { type, payload } = decoded.value;
    if (type === "vote") {
      const vote = decodeVote(payload);
      if (vote.ok) this.votes.onVote(vote.value);
    } else if (type === "prePrepare") {
      const proposal = decodePrePrepare(payload);
      if (proposal.ok) this.votes.onProposal(proposal.value);
    } else if (type === "compactPrePrepare") {
      const proposal = decodeCompactPrePrepare(payload);
      if (proposal.ok) this.votes.onProposal(proposal.value.message);
    } else if (type === "certificate") {
      const certificate = decodeCertificate(payload);
      if (certificate.ok && !this.#options.faulty.has(from)) this.#watch.onCertificate(certificate.value);
    }
  }

  /**
   * I4 and I12, once the committees are known: nobody honest contradicted itself, and only who did stands accused.
   * Answers with those who did.
   */
  judgeVotes(committeeOf: (epoch: number) => Committee | undefined): ReadonlySet<number> {
    const { faulty, processOf } = this.#options;
    const guilty = new Set<number>();
    for (const { epoch, member, what } of this.votes.contradictions(committeeOf)) {
      const owner = committeeOf(epoch)?.members[member]?.address;
      const process = owner === undefined ? undefined : processOf(owner);
      if (process !== undefined) guilty.add(process);
      if (process === undefined || !faulty.has(process)) this.break("I4", `process ${process} signs ${what}`);
    }
    const told = new Set<number>();
    for (const { by, accused, atMs } of this.#accusations) {
      if (guilty.has(accused) || told.has(accused)) continue;
      told.add(accused);
      this.break("I12", `${by} has proof against process ${accused}, who kept the rules`, atMs);
    }
    return guilty;
  }

  /**
   * I13: after the faults stopped, a final block within the bound, and by now all these have what was final then.
   *
   * @param able processes that keep the rules and are up; `isExpected` tells whether they can make blocks
   */
  judgeLiveness(
    { stoppedMs, boundMs, stoppedHeight }: LivenessBound,
    able: Iterable<number>,
    isExpected: boolean,
  ): void {
    if (isExpected && this.#lastFinalMs <= stoppedMs)
      this.break("I13", `no final block within ${boundMs} ms after the faults stopped at ${stoppedMs} ms`);
    for (const process of able)
      if (this.headOf(process) < stoppedHeight)
        this.break(
          "I13",
          `process ${process} is still at ${this.headOf(process)}; ${stoppedHeight} was final at ${stoppedMs} ms`,
        );
  }
}
