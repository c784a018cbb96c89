// Who is to blame when safety breaks: certificates that cannot stand beside each other, compared from outside all members.
import { accusedMembers, accuseSigners, type Certificate } from "@festina/types";

/** Two certificates of one view that more than f seats must have signed both. */
export interface Conflict {
  readonly epoch: number;
  readonly view: number;
  readonly kinds: readonly [Certificate["kind"], Certificate["kind"]];
  /** Positions in the epoch's committee that signed both. */
  readonly signedBoth: readonly number[];
}

const CONFLICTS_MAX = 64;

export class Accountability {
  readonly #held = new Map<string, Certificate[]>();
  readonly conflicts: Conflict[] = [];

  /** A certificate that verifies, and says what none before it said. */
  add(certificate: Certificate): void {
    const { epoch, view, kind } = certificate;
    const key = `${epoch}/${view}`;
    const held = this.#held.get(key) ?? [];
    this.#held.set(key, held);
    for (const other of held) {
      const evidence = accuseSigners(other, certificate);
      if (evidence === null || this.conflicts.length >= CONFLICTS_MAX) continue;
      this.conflicts.push({ epoch, view, kinds: [other.kind, kind], signedBoth: accusedMembers(evidence) });
    }
    held.push(certificate);
  }
}
