// Snail headers by work: before a node believes any certificate it learns which fast blocks the heaviest proof of work
// anchors. Old voting keys prove nothing alone; nobody can make up the work.
import type { ChainSpec } from "@festina/chainspec";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import {
  type Ancestry,
  computeStalledSeconds,
  createGenesisEntry,
  createSnailEntry,
  type FastView,
  isHeavier,
  type PowEngine,
  type SnailEntry,
  verifySnailHeader,
} from "@festina/snailchain";
import { hashSnailHeader, type SnailHeader } from "@festina/types";

export interface SkeletonOptions {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly nowSeconds: () => number;
}

export type SkeletonCode =
  | "SKELETON_INVALID"
  /** It follows another header than the branch's last one. */
  | "SKELETON_FORKED"
  /** A data set of the proof of work is needed first; `facts.powKey` names it. */
  | "SKELETON_DATA_SET";

/** One peer's chain of headers, checked from genesis on. */
export class SkeletonBranch implements Ancestry {
  readonly #skeleton: SnailSkeleton;
  readonly #hashes: Hash32[];

  constructor(skeleton: SnailSkeleton) {
    this.#skeleton = skeleton;
    this.#hashes = [skeleton.genesis.hash];
  }

  get tip(): SnailEntry {
    const hash = this.#hashes.at(-1);
    return (hash === undefined ? undefined : this.byHash(hash)) ?? this.#skeleton.genesis;
  }

  byHash(hash: Hash32): SnailEntry | undefined {
    return this.#skeleton.entry(hash);
  }

  canonicalHash(number: number): Hash32 | undefined {
    return this.#hashes[number];
  }

  ancestor(hash: Hash32, number: number): Hash32 | undefined {
    const at = this.byHash(hash)?.block.header.number;
    return at === undefined || number > at || this.#hashes[at] !== hash ? undefined : this.#hashes[number];
  }

  /** Takes headers that follow each other. Those before the first broken one stay. How many were taken is in the tip. */
  extend(headers: readonly SnailHeader[]): Result<void, SkeletonCode> {
    for (const header of headers) {
      const hash = hashSnailHeader(header);
      if (header.parentHash !== this.tip.hash)
        return fail("SKELETON_FORKED", `header ${header.number} does not follow`);
      const known = this.byHash(hash);
      if (known === undefined) {
        const verified = this.#skeleton.verify(header, hash, this);
        if (!verified.ok) return verified;
      }
      this.#hashes.push(hash);
    }
    return ok(undefined);
  }
}

export class SnailSkeleton {
  readonly genesis: SnailEntry;
  readonly #options: SkeletonOptions;
  readonly #entries = new Map<Hash32, SnailEntry>();
  #best: SkeletonBranch;

  constructor(options: SkeletonOptions) {
    this.#options = options;
    this.genesis = createGenesisEntry(options.spec);
    this.#entries.set(this.genesis.hash, this.genesis);
    this.#best = new SkeletonBranch(this);
  }

  entry(hash: Hash32): SnailEntry | undefined {
    return this.#entries.get(hash);
  }

  get best(): SkeletonBranch {
    return this.#best;
  }

  verify(header: SnailHeader, hash: Hash32, branch: SkeletonBranch): Result<void, SkeletonCode> {
    const { spec, engine, fastView, nowSeconds } = this.#options;
    const context = { spec, engine, fastView, ancestry: branch, nowSeconds: nowSeconds() };
    const verdict = verifySnailHeader(header, context);
    if (verdict.kind === "invalid") return fail("SKELETON_INVALID", `header ${header.number}: ${verdict.code}`);
    if (verdict.kind === "pending" && verdict.cause.why === "powDataSet")
      return fail("SKELETON_DATA_SET", `header ${header.number} waits`, { powKey: verdict.cause.what });
    if (verdict.kind === "pending") return fail("SKELETON_INVALID", `header ${header.number}: ${verdict.cause.why}`);
    const parent = branch.tip;
    const record = {
      block: { header, fruits: [], certificate: null },
      totalDifficulty: parent.totalDifficulty + header.difficulty,
      stalledSeconds: computeStalledSeconds(spec, parent, header),
    };
    this.#entries.set(hash, createSnailEntry(hash, record));
    return ok(undefined);
  }

  /** The heaviest of all branches counts. */
  offer(branch: SkeletonBranch): void {
    if (isHeavier(branch.tip, this.#best.tip)) this.#best = branch;
  }

  /** What the heaviest branch anchors: fast block numbers and hashes. */
  anchors(): ReadonlyMap<number, Hash32> {
    const anchors = new Map<number, Hash32>();
    const last = this.#best.tip.block.header.number;
    for (let number = 1; number <= last; number++) {
      const hash = this.#best.canonicalHash(number);
      const header = hash === undefined ? undefined : this.entry(hash)?.block.header;
      if (header !== undefined && header.anchorNumber > 0) anchors.set(header.anchorNumber, header.anchorHash);
    }
    return anchors;
  }
}
