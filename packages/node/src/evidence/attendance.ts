import type { Clock } from "@festina/primitives";
import { type Committee, quorumSeats, totalSeats, type Vote } from "@festina/types";

export interface MissingMember {
  readonly address: Committee["members"][number]["address"];
  readonly seats: number;
  /** Since its last vote reached us; `null` when none has since this node started. */
  readonly silentMs: number | null;
}

/** Members repeat their votes every few seconds while nothing is decided. */
const SILENT_MS = 10_000;

/**
 * When each member of the sitting committee was last heard to vote. Votes count as they come, unverified: this explains
 * a standstill to people and decides nothing.
 */
export class Attendance {
  readonly #clock: Clock;
  readonly #heardMs = new Map<number, number>();
  #epoch = -1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  heard({ epoch, member }: Pick<Vote, "epoch" | "member">, committee: Committee): void {
    if (epoch !== committee.epoch || committee.members[member] === undefined) return;
    if (epoch !== this.#epoch) this.#heardMs.clear();
    this.#epoch = epoch;
    this.#heardMs.set(member, this.#clock.nowMs());
  }

  /**
   * `own` is this node's position, or `null`; it is never missing. A chain without a heartbeat may be silent because
   * nothing is to be done: then nobody is missing.
   */
  missing(committee: Committee, own: number | null, heartbeatMs: number): readonly MissingMember[] {
    if (heartbeatMs === 0) return [];
    const nowMs = this.#clock.nowMs();
    return committee.members.flatMap(({ address, seats }, index) => {
      const heardMs = committee.epoch === this.#epoch ? this.#heardMs.get(index) : undefined;
      const silentMs = heardMs === undefined ? null : nowMs - heardMs;
      const isMissing = index !== own && (silentMs === null || silentMs > SILENT_MS + heartbeatMs);
      return isMissing ? [{ address, seats, silentMs }] : [];
    });
  }
}

/** Who is missing, and whether the committee can go on without them. */
export function describeMissing(missing: readonly MissingMember[], committee: Committee): string {
  if (missing.length === 0) return "all members vote";
  const seats = missing.reduce((sum, member) => sum + member.seats, 0);
  const present = totalSeats(committee) - seats;
  const quorum = quorumSeats(committee);
  const names = missing.map(({ address, silentMs }) =>
    silentMs === null ? `${address} (not heard)` : `${address} (silent for ${Math.round(silentMs / 1000)} s)`,
  );
  const lead =
    present < quorum
      ? `the committee has lost its quorum: ${present} of ${totalSeats(committee)} seats vote and ${quorum} are needed, so no block becomes final until some return`
      : `${present} of ${totalSeats(committee)} seats vote, ${quorum} are needed`;
  return `${lead}; missing: ${names.join(", ")}`;
}
