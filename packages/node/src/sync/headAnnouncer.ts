import type { Clock } from "@festina/primitives";

/** Between two announcements: blocks may follow each other faster than peers grant each other messages of this class. */
const APART_MS = 100;
/** So often a beat tells everyone, whatever they have shown. */
const BEATS_FOR_ALL = 10;

/** Where a vote or a block stands. */
export interface VotingPlace {
  readonly epoch: number;
  readonly view: number;
}

export interface HeadAnnouncerOptions {
  readonly clock: Pick<Clock, "nowMs">;
  /** Newest block of our snail chain. */
  readonly snailNumber: () => number;
  /** Tells our heads to the peers that may lack them. */
  readonly tell: (mayLack: (peer: string) => boolean) => void;
}

const isBefore = (a: VotingPlace, b: VotingPlace): boolean =>
  a.epoch < b.epoch || (a.epoch === b.epoch && a.view < b.view);

/**
 * When peers are told how far this node is: after a block unless one came just before, and at every beat in which they
 * were not. Left out is who takes part: a peer that PREPAREs or COMMITs in the view of our head or after it has executed
 * everything below, and consensus itself brings it the rest (docs/adr/0019).
 */
export class HeadAnnouncer {
  readonly #options: HeadAnnouncerOptions;
  /** The newest place at which each peer has voted for a block. */
  readonly #votedAt = new Map<string, VotingPlace>();
  /** Of our head; `null` before the first block of this run. */
  #headAt: VotingPlace | null = null;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #toldSnailNumber = -1;
  #isToldThisBeat = false;
  #beats = 0;

  constructor(options: HeadAnnouncerOptions) {
    this.#options = options;
  }

  /** The peer has sent a proposal, a PREPARE or a COMMIT. */
  onVote(peer: string, { epoch, view }: VotingPlace): void {
    const before = this.#votedAt.get(peer);
    if (before === undefined || isBefore(before, { epoch, view })) this.#votedAt.set(peer, { epoch, view });
  }

  onGone(peer: string): void {
    this.#votedAt.delete(peer);
  }

  /** @param place where the new head was made final */
  onBlock(place: VotingPlace): void {
    this.#headAt = place;
    if (this.#options.clock.nowMs() < this.#toldAtMs + APART_MS) {
      // The last of a row of blocks is told with the next beat.
      this.#isToldThisBeat = false;
      return;
    }
    this.#announce(false);
  }

  onBeat(): void {
    this.#beats += 1;
    const isForAll = this.#beats % BEATS_FOR_ALL === 0;
    if (isForAll || !this.#isToldThisBeat) this.#announce(isForAll);
    this.#isToldThisBeat = false;
  }

  #announce(isForAll: boolean): void {
    const { clock, snailNumber, tell } = this.#options;
    const head = this.#headAt;
    const snail = snailNumber();
    const isForVoters = isForAll || head === null || snail !== this.#toldSnailNumber;
    this.#toldAtMs = clock.nowMs();
    this.#toldSnailNumber = snail;
    this.#isToldThisBeat = true;
    tell((peer) => {
      const voted = this.#votedAt.get(peer);
      return isForVoters || voted === undefined || isBefore(voted, head);
    });
  }
}
