import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS } from "../../src/limits.ts";
import { PeerScores } from "../../src/peer/peerScores.ts";
import { nodeIdOf } from "../samples.ts";

const limits = { ...DEFAULT_NETWORK_LIMITS, banScore: 100, banMs: 1_000, scoreHalfLifeMs: 100, scoredPeersMax: 2 };
const [a, b, c] = [nodeIdOf(1), nodeIdOf(2), nodeIdOf(3)];

describe("PeerScores", () => {
  it("adds up to a ban, per node", () => {
    const scores = new PeerScores(limits);
    expect(scores.add(a, 60, 0)).toBe(false);
    expect(scores.add(b, 60, 0)).toBe(false);
    expect(scores.add(a, 40, 0)).toBe(true);
    expect([scores.isBanned(a, 999), scores.isBanned(a, 1_000), scores.isBanned(b, 0)]).toEqual([true, false, false]);
  });

  it("fades by its half-life", () => {
    const scores = new PeerScores(limits);
    scores.add(a, 80, 0);
    expect(scores.points(a, 100)).toBeCloseTo(40);
    expect(scores.add(a, 59, 100)).toBe(false);
    expect(scores.add(a, 60, 200)).toBe(true);
  });

  it("starts again from nothing after a ban", () => {
    const scores = new PeerScores(limits);
    scores.add(a, 1_000, 0);
    expect(scores.add(a, 99, 1_000)).toBe(false);
    expect(scores.isBanned(a, 1_000)).toBe(false);
  });

  it("remembers a bounded number of nodes", () => {
    const scores = new PeerScores(limits);
    for (const id of [a, b, c]) scores.add(id, 50, 0);
    expect(scores.points(a, 0)).toBe(0);
    expect(scores.points(c, 0)).toBe(50);
  });
});
