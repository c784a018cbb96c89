// What a peer that has just come must hear to take part at once: it has missed what was said while it was away, and the
// next repetition may be a second off.
import type { Certificate, PrePrepare, Vote } from "@festina/types";
import type { BftState } from "./bftState.ts";
import { leaderOf } from "./leader.ts";

/** Views whose own votes are repeated at once. */
const REPEATED_VIEWS_MAX = 16;

export interface Greeting {
  /** What is committed, what was prepared on top of it, and what brought us to this view. */
  readonly certificates: readonly Certificate[];
  /** Ours, since the last commit. */
  readonly votes: readonly Vote[];
  /** Ours, of this view. */
  readonly proposal: PrePrepare | null;
}

/** What we have voted since the last commit, as far as it is still of use. */
export function ownVotes({ view, committed, keeper, config }: BftState): readonly Vote[] {
  const { ownMember } = config;
  if (ownMember === null) return [];
  const votes: (Vote | undefined)[] = [];
  for (let at = Math.max(committed.view + 1, view - REPEATED_VIEWS_MAX); at <= view; at++)
    for (const kind of ["prepare", "commit", "viewChange"] as const) votes.push(keeper.of(at, kind, ownMember));
  return votes.filter((vote) => vote !== undefined);
}

/** Our proposal of this view. */
export function ownProposal({ view, views, config }: BftState): PrePrepare | null {
  return leaderOf(config.committee, view) === config.ownMember ? (views.get(view)?.proposal ?? null) : null;
}

export function greetingOf(state: BftState): Greeting {
  const { view, committed, views, ended } = state;
  const certificates = new Set<Certificate>(committed.certificate === null ? [] : [committed.certificate]);
  if (ended) return { certificates: [...certificates], votes: [], proposal: null };
  for (let at = Math.max(committed.view + 1, view - REPEATED_VIEWS_MAX); at < view; at++) {
    const { prepared, skipped } = views.get(at) ?? {};
    if (prepared != null) certificates.add(prepared);
    if (skipped != null) certificates.add(skipped);
  }
  return { certificates: [...certificates], votes: ownVotes(state), proposal: ownProposal(state) };
}
