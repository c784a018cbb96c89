import { LruMap } from "@festina/primitives";
import type { NetworkLimits } from "../limits.ts";
import type { NodeId } from "../nodeId.ts";

interface Score {
  readonly points: number;
  readonly atMs: number;
  /** 0 when never banned. */
  readonly bannedUntilMs: number;
}

const CLEAN: Score = { points: 0, atMs: 0, bannedUntilMs: 0 };

/** Misdeeds per node id, kept across connections and fading with time. Enough of them ban the node for a while. */
export class PeerScores {
  readonly #limits: NetworkLimits;
  readonly #scores: LruMap<NodeId, Score>;

  constructor(limits: NetworkLimits) {
    this.#limits = limits;
    this.#scores = new LruMap(limits.scoredPeersMax);
  }

  points(nodeId: NodeId, nowMs: number): number {
    const score = this.#scores.get(nodeId) ?? CLEAN;
    return score.points * 0.5 ** (Math.max(0, nowMs - score.atMs) / this.#limits.scoreHalfLifeMs);
  }

  /** True when this made a ban. */
  add(nodeId: NodeId, points: number, nowMs: number): boolean {
    const sum = this.points(nodeId, nowMs) + points;
    const isBan = sum >= this.#limits.banScore;
    const bannedUntilMs = isBan ? nowMs + this.#limits.banMs : this.bannedUntilMs(nodeId);
    // A served ban clears the slate: otherwise the first slip afterwards would be the next ban.
    this.#scores.set(nodeId, { points: isBan ? 0 : sum, atMs: nowMs, bannedUntilMs });
    return isBan;
  }

  bannedUntilMs(nodeId: NodeId): number {
    return this.#scores.get(nodeId)?.bannedUntilMs ?? 0;
  }

  isBanned(nodeId: NodeId, nowMs: number): boolean {
    return nowMs < this.bannedUntilMs(nodeId);
  }
}
