// What must hold in every twins case, whatever the copies did: one chain, certificates that do not contradict each other,
// and nobody accused but the member that exists twice.
import type { Hash32 } from "@festina/primitives";
import type { Certificate } from "@festina/types";

export class TwinsVerdict {
  readonly violations: string[] = [];
  readonly #guilty: number;
  readonly #accused = new Set<number>();
  readonly #final: Hash32[] = [];
  readonly #heights = new Map<number, number>();
  readonly #views = new Map<number, number>();
  readonly #certificates = new Map<string, Hash32>();

  constructor(guilty: number) {
    this.#guilty = guilty;
  }

  get accused(): readonly number[] {
    return [...this.#accused];
  }

  committedHeight(process: number): number {
    return this.#heights.get(process) ?? 0;
  }

  /** Highest view in which this process saw a commit. */
  committedView(process: number): number {
    return this.#views.get(process) ?? 0;
  }

  note(violation: string): void {
    this.violations.push(violation);
  }

  onCertificate({ kind, view, blockHash }: Certificate): void {
    const key = `${kind} ${view}`;
    const before = this.#certificates.get(key);
    if (before === blockHash) return;
    if (before !== undefined) this.note(`two ${kind} certificates in view ${view}`);
    this.#certificates.set(key, blockHash);
    const opposite = kind === "committed" ? "skipped" : kind === "skipped" ? "committed" : null;
    if (opposite !== null && this.#certificates.has(`${opposite} ${view}`))
      this.note(`COMMITTED and SKIPPED in view ${view}`);
  }

  /** `hashes` from just above what this process had. */
  onCommit(process: number, hashes: readonly Hash32[], view: number): void {
    let height = this.committedHeight(process);
    for (const hash of hashes) {
      const known = this.#final[height];
      if (known === undefined) this.#final[height] = hash;
      else if (known !== hash) this.note(`two final blocks at height ${height + 1}`);
      height += 1;
    }
    this.#heights.set(process, height);
    this.#views.set(process, view);
  }

  onAccused(members: readonly number[]): void {
    for (const member of members) {
      this.#accused.add(member);
      if (member !== this.#guilty) this.note(`member ${member} is accused`);
    }
  }
}
