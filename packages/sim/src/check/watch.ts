// What the checks hear of a run. It stands outside all members: nothing that one member does can hide from it.
import type { SignedRequest } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Certificate } from "@festina/types";
import type { StubBlock } from "../core/stubBlock.ts";
import { Accountability } from "./accountability.ts";
import { Statements, statementKind } from "./statements.ts";

export interface Violation {
  /** Name of the invariant, I0 to I16 (README). */
  readonly invariant: string;
  readonly what: string;
  /** Milliseconds of the run. */
  readonly atMs: number;
}

interface Signed {
  epoch: number;
  view: number;
  readonly hashes: Map<string, string>;
}

interface ViewFacts {
  prepared?: Hash32;
  committed?: Hash32;
  skipped?: true;
}

export interface LivenessBound {
  readonly stoppedMs: number;
  readonly boundMs: number;
  /** The newest final block at that moment. */
  readonly stoppedHeight: number;
}

const VIOLATIONS_MAX = 20;
/** Twice the views that may be open, and then some. */
const HELD_MAX = 320;
/** Ten times the journal of a minute with few commits; the two copies of the record. */
const FILE_BYTES_MAX = { "consensus.journal": 32_768, "signing.record": 8_192 };

export class Watch {
  /** May break rules: what they sign is not judged. */
  readonly #faulty: ReadonlySet<number>;
  readonly #lossy: ReadonlySet<number>;
  readonly #blocks = new Map<number, { readonly block: StubBlock; readonly by: number }>();
  readonly #certified = new Map<number, Map<number, ViewFacts>>();
  readonly #signed = new Map<number, Signed>();
  readonly #finalHeights = new Map<number, number>();
  readonly violations: Violation[] = [];
  readonly accountability = new Accountability();
  readonly #statements = new Statements();
  /** Heights at which members made different blocks final. */
  readonly forkedHeights = new Set<number>();
  /** Processes that provably broke a rule, as honest members said. */
  readonly accused = new Set<number>();
  readonly silenced = new Map<number, string>();
  height = 0;
  lastFinalMs = 0;
  /** When the first block became final since this was set to `null`. */
  nextFinalMs: number | null = null;
  skippedViews = 0;
  epochs = 0;
  /** Epoch of the block after the newest final one. */
  nextEpoch = 0;
  /** No link damages what it carries. */
  areLinksTrue = true;
  /** What the faulty sign is told, so that proof is judged by what they did, not by who they are. */
  hearsTheFaulty = false;
  /** The run's clock, as soon as there is one. */
  nowMs: () => number = () => 0;

  /** @param lossy those of the faulty that are honest and whose disk loses things, but shows nothing old */
  constructor(faulty: ReadonlySet<number>, lossy: ReadonlySet<number> = new Set()) {
    this.#faulty = faulty;
    this.#lossy = lossy;
  }

  /** Something happened that must not. */
  report(invariant: string, what: string): void {
    if (this.violations.length < VIOLATIONS_MAX) this.violations.push({ invariant, what, atMs: this.nowMs() });
  }

  onBoot(index: number, height: number): void {
    const before = this.#finalHeights.get(index) ?? 0;
    if (height < before && !this.#faulty.has(index))
      this.report("I5", `member ${index} had block ${before} final and comes back with ${height}`);
    this.#finalHeights.set(index, height);
    this.silenced.delete(index);
  }

  onSilence(index: number, reason: string | null): void {
    if (reason === null) this.silenced.delete(index);
    else this.silenced.set(index, reason);
  }

  /** Rules S1 to S5 and I4: over all lives of a member, what it signs never contradicts itself. */
  onSigned(index: number, request: SignedRequest): void {
    if (this.#faulty.has(index)) this.onForged(index, request);
    // Who lost its record knows that, and signs nothing that might contradict it.
    if (this.#faulty.has(index) && !this.#lossy.has(index)) return;
    const { epoch, view, kind } = request;
    let signed = this.#signed.get(index);
    if (signed !== undefined && (epoch < signed.epoch || (epoch === signed.epoch && view < signed.view)))
      return this.report(
        "I4",
        `member ${index} signs ${kind} of ${epoch}/${view} after ${signed.epoch}/${signed.view}`,
      );
    if (signed === undefined || epoch > signed.epoch || view > signed.view) {
      signed = { epoch, view, hashes: new Map() };
      this.#signed.set(index, signed);
    }
    const hash = kind === "viewChange" ? "view change" : request.blockHash;
    const statement = statementKind(kind);
    const known = signed.hashes.get(statement);
    if (known !== undefined && known !== hash)
      this.report("I4", `member ${index} signs two ${statement} in ${epoch}/${view}`);
    signed.hashes.set(statement, hash);
    if (signed.hashes.has("commit") && signed.hashes.has("viewChange"))
      this.report("I4", `member ${index} signs COMMIT and VIEW-CHANGE in ${epoch}/${view}`);
  }

  /** Something that a faulty member signed, as everyone does or with its bare key. */
  onForged(index: number, request: SignedRequest): void {
    this.#statements.add(index, request, request.kind === "viewChange" ? null : request.blockHash);
  }

  /** Whether a certificate that says the same was seen. */
  knows({ kind, epoch, view, blockHash }: Certificate): boolean {
    const known = this.#certified.get(epoch)?.get(view);
    return kind === "skipped" ? known?.skipped === true : known?.[kind] === blockHash;
  }

  /** Certificates that honest members made or accepted. */
  onCertificate(certificate: Certificate): void {
    if (this.knows(certificate)) return;
    this.accountability.add(certificate);
    const { kind, epoch, view, blockHash } = certificate;
    const key = `${epoch}/${view}`;
    const views = this.#certified.get(epoch) ?? new Map<number, ViewFacts>();
    this.#certified.set(epoch, views);
    const known = views.get(view) ?? {};
    views.set(view, known);
    if (kind === "skipped") known.skipped = true;
    else if (known[kind] !== undefined && known[kind] !== blockHash)
      this.report(kind === "prepared" ? "I3" : "I1", `two blocks are ${kind} in view ${key}`);
    else known[kind] = blockHash;
    if (known.skipped && known.committed !== undefined) this.report("I2", `view ${key} is COMMITTED and SKIPPED`);
  }

  onFinal(index: number, block: StubBlock, certificate: Certificate | null, nowMs: number): void {
    if (certificate !== null) this.onCertificate(certificate);
    const { height, hash, epoch } = block;
    const before = this.#finalHeights.get(index) ?? 0;
    if (height !== before + 1) this.report("I5", `member ${index} makes ${height} final after ${before}`);
    this.#finalHeights.set(index, height);
    const known = this.#blocks.get(height);
    if (known === undefined) {
      this.#blocks.set(height, { block, by: index });
      this.#judgeBlock(block);
    } else if (known.block.hash !== hash) {
      this.forkedHeights.add(height);
      this.report(
        "I1",
        `height ${height} is ${known.block.hash.slice(0, 10)} at ${known.by} and ${hash.slice(0, 10)} at ${index}`,
      );
    }
    if (height > this.height) {
      this.height = height;
      this.lastFinalMs = nowMs;
      this.nextFinalMs ??= nowMs;
      this.epochs = Math.max(this.epochs, epoch + 1);
      this.nextEpoch = epoch + (block.isBoundary ? 1 : 0);
    }
  }

  /** I6: who executes it finds the roots it names. I8: its epoch is the one that follows from the block before. */
  #judgeBlock({ height, epoch, hasTrueRoot }: StubBlock): void {
    if (!hasTrueRoot) this.report("I6", `block ${height} is final and its roots are wrong`);
    const before = this.#blocks.get(height - 1)?.block;
    if (before === undefined) return;
    const expected = before.epoch + (before.isBoundary ? 1 : 0);
    if (epoch !== expected) this.report("I8", `block ${height} is of epoch ${epoch}, not of ${expected}`);
  }

  onSkipped(_index: number, _epoch: number, _view: number): void {
    this.skippedViews += 1;
  }

  /** I12: proof that an honest member has is proof to everyone, and names nobody who kept the rules. */
  onEvidence(by: number, accused: readonly number[], kind: string, isProven: boolean): void {
    if (this.#faulty.has(by)) return;
    if (!isProven) this.report("I12", `what ${by} has against ${accused.join(" ")} (${kind}) proves nothing`);
    for (const process of accused) {
      this.accused.add(process);
      if (!(this.hearsTheFaulty ? this.#statements.guilty : this.#faulty).has(process))
        this.report("I12", `${by} has proof (${kind}) against ${process}, who kept the rules`);
    }
  }

  /** I14: what a member's core holds stays bounded. */
  onHeld(index: number, held: Readonly<Record<string, number>>): void {
    for (const [what, count] of Object.entries(held))
      if (count > HELD_MAX) this.report("I14", `member ${index} holds ${count} ${what}`);
  }

  /** I14: logs that are of use for the present only stay small; the chain itself may grow. */
  onFiles(index: number, sizes: Readonly<Record<string, number>>): void {
    for (const [name, most] of Object.entries(FILE_BYTES_MAX))
      if ((sizes[name] ?? 0) > most) this.report("I14", `member ${index} has ${sizes[name]} bytes in ${name}`);
  }

  /** I15: nobody is blamed for what it did not do. On links that damage messages blame says nothing about the sender. */
  onBlamed(by: number, process: number, code: string): void {
    if (this.areLinksTrue && !this.#faulty.has(by) && !this.#faulty.has(process))
      this.report("I15", `${by} blames ${process}, who kept the rules, for ${code}`);
  }

  /**
   * I13: after the faults stopped, a final block within the bound, and by now everyone honest and up has what was final
   * then.
   * @param able honest members that are up; `isExpected` tells whether they can make blocks
   */
  judgeLiveness(
    { stoppedMs, boundMs, stoppedHeight }: LivenessBound,
    able: Iterable<number>,
    isExpected: boolean,
  ): void {
    if (isExpected && (this.nextFinalMs === null || this.nextFinalMs > stoppedMs + boundMs))
      this.report("I13", `no final block within ${boundMs} ms after the faults stopped at ${stoppedMs} ms`);
    for (const index of able) {
      const height = this.#finalHeights.get(index) ?? 0;
      if (height < stoppedHeight)
        this.report("I13", `member ${index} is still at ${height}; ${stoppedHeight} was final at ${stoppedMs} ms`);
    }
  }
}
