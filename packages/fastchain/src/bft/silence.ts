import { quorumSeats } from "@festina/types";
import type { BftState } from "./bftState.ts";
import { leaderOf } from "./leader.ts";

/** Turns that a leader has to be heard of in: a slow link, a restart or a lost message cost it less than that. */
const SILENT_TURNS = 2;

/** Whatever says a member's name counts: who forges it only has us wait as we would otherwise. */
export function hear(state: BftState, member: number): void {
  state.heardInView.set(member, state.view);
}

/**
 * Whether the current view's leader has said nothing at all, votes included, for a long while in which a quorum was
 * active. Waiting for it once per turn would cost a timeout each. It is back as soon as it votes.
 */
export function isLeaderSilent(state: BftState): boolean {
  const { committee, ownMember } = state.config;
  const { members } = committee;
  const leader = leaderOf(committee, state.view);
  const since = state.view - SILENT_TURNS * members.length;
  const isHeard = (member: number): boolean =>
    member === ownMember || (state.heardInView.get(member) ?? state.firstView) >= since;
  if (ownMember === null || isHeard(leader)) return false;
  const seats = members.reduce((sum, member, index) => sum + (isHeard(index) ? member.seats : 0), 0);
  return seats >= quorumSeats(committee);
}
