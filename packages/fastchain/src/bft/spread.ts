// Certificates are for those who miss votes. Who votes hears the others' votes and joins them itself, so it is sent one only
// where that may have failed.
import { type Certificate, totalSeats } from "@festina/types";
import type { BftState } from "./bftState.ts";
import { VOTE_OF } from "./certificates.ts";
import type { PeerName } from "./input.ts";

/** In delta: time for the votes that were under way when a quorum was there. */
const WAIT_DELTAS = 1 / 4;
/** More than are made in that time; with one too many they go out at once. */
const UNSPREAD_MAX = 16;
/** Peers that vote; a quorum of the largest committee. */
const VOTERS_MAX = 1_024;

const NOBODY: ReadonlySet<PeerName> = new Set();

/** This peer brings votes: it hears them, too. */
export function noteVoter(state: BftState, from: PeerName): void {
  const { voters } = state;
  // A set of its own each time it grows, which is seldom: effects hold the one they were made with.
  if (from !== "" && !voters.has(from) && voters.size < VOTERS_MAX) state.voters = new Set(voters).add(from);
}

/**
 * Passes on a certificate that moved us: at once to peers that do not vote, after a moment to all who may still lack it.
 * None waits when somebody's votes were missing the last time, nor does SKIPPED: the next leader's time already runs.
 */
export function spread(state: BftState, certificate: Certificate): void {
  const isUrgent = certificate.kind === "skipped" || !isCalm(state, certificate);
  state.effects.push({ kind: "broadcastCertificate", certificate, except: isUrgent ? NOBODY : state.voters });
  if (isUrgent) return;
  if (state.unspread.length >= UNSPREAD_MAX) sweep(state, Number.POSITIVE_INFINITY);
  state.unspread.push({ certificate, atMs: state.nowMs + WAIT_DELTAS * state.config.timing.deltaMs });
  if (state.unspread.length === 1) setSpreadTimer(state);
}

/** Whether everyone voted for the last one of this kind. */
function isCalm(state: BftState, certificate: Certificate): boolean {
  const before = state.spreadLast[certificate.kind];
  state.spreadLast[certificate.kind] = certificate;
  return before === null || isUnanimous(state, before);
}

/** The moment has passed for some of them. */
export function onSpreadTimer(state: BftState): void {
  sweep(state, state.nowMs);
  if (state.unspread.length > 0) setSpreadTimer(state);
}

/** At the end of an epoch nobody is left who would ask again. */
export function spreadAtEnd(state: BftState, certificate: Certificate): void {
  state.unspread = [];
  state.effects.push({ kind: "clearTimer", timer: "spread" });
  state.effects.push({ kind: "broadcastCertificate", certificate, except: NOBODY });
}

function setSpreadTimer(state: BftState): void {
  const [first] = state.unspread;
  if (first !== undefined)
    state.effects.push({ kind: "setTimer", timer: "spread", view: state.view, atMs: first.atMs });
}

/** Sends what is due by then, if anyone may need it. A later COMMITTED stands for what it settled. */
function sweep(state: BftState, dueMs: number): void {
  const { committed } = state;
  const needed = state.unspread.filter(({ certificate }) => !isUnanimous(state, certificate));
  const sent = new Set<Certificate>();
  for (const { certificate, atMs } of needed) {
    if (atMs > dueMs) break;
    const newest = certificate.view < committed.view ? (committed.certificate ?? certificate) : certificate;
    if (sent.has(newest)) continue;
    sent.add(newest);
    state.effects.push({ kind: "broadcastCertificate", certificate: newest, except: holders(state, newest) });
  }
  state.unspread = needed.filter(({ certificate, atMs }) => atMs > dueMs && !sent.has(certificate));
}

/** Every member has voted for it: whatever f of them say to whom, the votes of the others reach everyone. */
function isUnanimous({ keeper, config }: BftState, { kind, view, blockHash }: Certificate): boolean {
  return keeper.seatsFor(view, VOTE_OF[kind], blockHash) === totalSeats(config.committee);
}

/** Who sent a COMMIT holds PREPARED. */
function holders({ keeper }: BftState, { kind, view, blockHash }: Certificate): ReadonlySet<PeerName> {
  return kind === "prepared" ? keeper.senders(view, "commit", blockHash) : NOBODY;
}
