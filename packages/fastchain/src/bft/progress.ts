import { type Hash32, unreachable } from "@festina/primitives";
import { accuseSigners, type Certificate } from "@festina/types";
import { type BftState, type BlockState, isExecuted, PAST_VIEWS, type ViewState, viewState } from "./bftState.ts";
import { VOTE_OF } from "./certificates.ts";
import { expose, findRival } from "./heldCertificates.ts";
import type { PeerName } from "./input.ts";
import { leaderOf } from "./leader.ts";
import { tryPrepare } from "./prepare.ts";
import { planProposal } from "./propose.ts";
import { requireBlock } from "./requireBlock.ts";
import { giveUpView, requestSignature } from "./signing.ts";
import { isLeaderSilent } from "./silence.ts";
import { spread, spreadAtEnd } from "./spread.ts";
import { setViewTimer } from "./viewTimer.ts";

/** A message and its answer, twice. */
const RETRY_DELTAS = 4;
const RETRY_GROWTH_MAX = 4;
const NO_BYTES = new Uint8Array(0);

/** Moves to a higher view: its leader plans a block, everyone else waits for it. */
export function enterView(state: BftState, view: number): void {
  if (view <= state.view || state.ended) return;
  state.view = view;
  state.viewEnteredMs = state.nowMs;
  state.isHurried = false;
  state.isExtended = false;
  state.effects.push({ kind: "clearTimer", timer: "propose" });
  startViewTimer(state);
  setRetryTimer(state);
  planProposal(state);
  tryPrepare(state, view);
  if (state.views.get(view)?.proposal == null && isLeaderSilent(state)) giveUpView(state);
}

/** Patience may have grown a hundredfold while views were skipped; what got lost must not wait that long. */
export function setRetryTimer(state: BftState): void {
  const deltaMs = Math.min(state.deltaMs, RETRY_GROWTH_MAX * state.config.timing.deltaMs);
  const atMs = state.nowMs + RETRY_DELTAS * deltaMs;
  state.effects.push({ kind: "setTimer", timer: "retry", view: state.view, atMs });
}

/**
 * The leader's time. With nothing due it is two messages and the heartbeat from the view's begin, or none at all on a
 * silent chain; with work two messages from now. However often work comes and goes, the time has an end: what comes last
 * comes before the heartbeat's end.
 */
export function startViewTimer(state: BftState): void {
  const { heartbeatMs, minBlockIntervalMs } = state.config.timing;
  const isDue = state.hasWork || state.tailDue;
  state.isHurried = isDue;
  const hurriedMs = 2 * state.deltaMs + minBlockIntervalMs;
  if (heartbeatMs === 0) {
    if (isDue) setViewTimer(state, hurriedMs);
    else state.effects.push({ kind: "clearTimer", timer: "view" });
    return;
  }
  const idleMs = state.viewEnteredMs + 2 * state.deltaMs + heartbeatMs - state.nowMs;
  setViewTimer(state, isDue ? Math.min(hurriedMs, idleMs + hurriedMs) : idleMs);
}

/**
 * A verified certificate. `from` is asked for what it speaks of. One that moves us is passed on, unless all have it
 * anyway because a proposal carried it.
 */
export function absorbCertificate(
  state: BftState,
  certificate: Certificate,
  from: PeerName,
  passing: "spread" | "keep",
): void {
  const { kind, view, blockHash } = certificate;
  if (state.ended) return;
  const rival = findRival(state, certificate);
  if (rival !== null) expose(state, accuseSigners(rival, certificate), from);
  if (view <= state.committed.view) return;
  const known = viewState(state, view);
  if (known[kind] !== null) return;
  state.keeper.close(view, VOTE_OF[kind], blockHash);
  if (passing === "spread" && (kind === "committed" || view >= state.view)) spread(state, certificate);
  switch (kind) {
    case "prepared":
      known.prepared = certificate;
      requireBlock(state, blockHash, from);
      certify(state, view);
      return;
    case "skipped":
      known.skipped = certificate;
      onSkipped(state, view);
      return;
    case "committed":
      known.committed = certificate;
      requireBlock(state, blockHash, from);
      tryCommit(state, certificate);
      // Final, so nothing more is decided in this view, whether we have the block already or not.
      enterView(state, view + 1);
      return;
    default:
      unreachable(kind);
  }
}

/** A PREPARED block that has executed is certified: COMMIT it unless its view is behind us (rules S2 and S5), and go on. */
export function certify(state: BftState, view: number): void {
  const prepared = state.views.get(view)?.prepared;
  if (prepared == null || !isExecuted(state, prepared.blockHash)) return;
  if (view >= state.view) {
    const epoch = state.config.committee.epoch;
    requestSignature(state, { kind: "commit", epoch, view, blockHash: prepared.blockHash });
  }
  enterView(state, view + 1);
}

function onSkipped(state: BftState, view: number): void {
  const { committee, timing } = state.config;
  if (view >= state.view) {
    state.effects.push({ kind: "viewSkipped", view, leader: leaderOf(committee, view) });
    state.skippedInRow += 1;
    // Not after each skip: with one dead leader in n the others need no more patience (reference 1.5, timers).
    if (state.skippedInRow % committee.members.length === 0)
      state.deltaMs = Math.min(state.deltaMs * 2, timing.deltaMsMax);
  }
  enterView(state, view + 1);
}

/** From just above what is committed up to `block`; `null` while one of them is missing or not executed. */
function uncommittedPath(state: BftState, hash: Hash32): readonly BlockState[] | null {
  const path: BlockState[] = [];
  let at = state.blocks.get(hash);
  while (at !== undefined && at.height > state.committed.height) {
    if (at.executed !== "valid") return null;
    path.push(at);
    at = state.blocks.get(at.parentHash);
  }
  return at?.hash === state.committed.hash ? path : null;
}

/** A COMMITTED block becomes final once it and its ancestors are executed here. */
export function tryCommit(state: BftState, certificate: Certificate): void {
  const path = uncommittedPath(state, certificate.blockHash);
  const block = path?.[0];
  if (block === undefined) return;
  state.effects.push({ kind: "commitBlock", blockHash: block.hash, height: block.height, certificate });
  settle(state, certificate, block.height);
  if (block.isBoundary) endEpoch(state, block);
  else enterView(state, certificate.view + 1);
}

/** Takes over a new committed point and forgets what lies below it. */
export function settle(state: BftState, certificate: Certificate, height: number): void {
  state.committed = { hash: certificate.blockHash, height, view: certificate.view, certificate };
  state.deltaMs = state.config.timing.deltaMs;
  state.skippedInRow = 0;
  state.tailDue = false;
  for (const [view, known] of [...state.views]) {
    if (view >= certificate.view) continue;
    state.views.delete(view);
    state.past.set(view, witnessOf(known));
  }
  const pastFrom = certificate.view - PAST_VIEWS;
  for (const view of [...state.past.keys()]) if (view < pastFrom) state.past.delete(view);
  for (const block of [...state.blocks.values()]) if (block.height < height) state.blocks.delete(block.hash);
  state.keeper.prune(pastFrom);
}

/** What can still contradict a late message, without the bulk. */
function witnessOf(known: ViewState): ViewState {
  const { signedByLeader } = known;
  const bare = signedByLeader === null ? null : { ...signedByLeader, envelope: NO_BYTES, skips: [] };
  return { ...known, proposal: null, spares: [], unjustified: null, built: null, builtOn: null, signedByLeader: bare };
}

function endEpoch(state: BftState, block: BlockState): void {
  state.ended = true;
  if (state.committed.certificate !== null) spreadAtEnd(state, state.committed.certificate);
  for (const timer of ["propose", "view", "retry"] as const) state.effects.push({ kind: "clearTimer", timer });
  state.effects.push({ kind: "epochEnded", blockHash: block.hash, height: block.height });
}
