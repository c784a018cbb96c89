import { type BftState, isExecuted } from "../bftState.ts";
import { ownProposal, ownVotes } from "../greeting.ts";
import { heldCertificates } from "../heldCertificates.ts";
import type { BftInput, PeerName } from "../input.ts";
import { setRetryTimer, startViewTimer } from "../progress.ts";
import { planProposal } from "../propose.ts";
import { requireBlock } from "../requireBlock.ts";
import { onSpreadTimer } from "../spread.ts";
import { onViewTimer } from "../viewTimer.ts";

const NOBODY: ReadonlySet<PeerName> = new Set();

export function onTimerElapsed(state: BftState, input: Extract<BftInput, { kind: "timerElapsed" }>): void {
  if (input.timer === "spread") return onSpreadTimer(state);
  if (input.view !== state.view) return;
  if (input.timer === "propose") planProposal(state);
  else if (input.timer === "view") onViewTimer(state);
  else onRetry(state);
}

export function onWorkChanged(state: BftState, hasWork: boolean): void {
  const hadWork = state.hasWork;
  state.hasWork = hasWork;
  if (hasWork && !hadWork) hurry(state);
  if (!hasWork && hadWork) calmDown(state);
}

/** Something is due in an idle view: its leader proposes now, the others wait no longer for the heartbeat. */
function hurry(state: BftState): void {
  planProposal(state);
  if (!state.isHurried && state.views.get(state.view)?.proposal == null) startViewTimer(state);
}

/** What was due is in a block already, so that the leader waits for the heartbeat, and we for the leader. */
function calmDown(state: BftState): void {
  if (state.ended || !state.isHurried || state.tailDue || state.views.get(state.view)?.proposal != null) return;
  startViewTimer(state);
}

/** Messages get lost: what we have said since the last commit, and the certificates that brought us here, go out again. */
function onRetry(state: BftState): void {
  for (const vote of ownVotes(state)) state.effects.push({ kind: "broadcastVote", vote });
  const proposal = ownProposal(state);
  if (proposal !== null) state.effects.push({ kind: "broadcastPrePrepare", message: proposal });
  const isTailOpen = [...state.views.values()].some(
    ({ prepared }) => prepared !== null && prepared.view > state.committed.view,
  );
  if (isTailOpen || state.record.view === state.view) {
    for (const certificate of heldCertificates(state, state.view - 1))
      state.effects.push({ kind: "broadcastCertificate", certificate, except: NOBODY });
  }
  if (isTailOpen && !state.tailDue) {
    state.tailDue = true;
    hurry(state);
  }
  requireNewest(state);
  planProposal(state);
  setRetryTimer(state);
}

/** Asks once more for the newest certified blocks that are not executed here yet. */
function requireNewest(state: BftState): void {
  const views = [...state.views.keys()].sort((a, b) => b - a);
  for (const kind of ["committed", "prepared"] as const) {
    for (const view of views) {
      const certificate = state.views.get(view)?.[kind];
      if (certificate == null) continue;
      if (!isExecuted(state, certificate.blockHash)) requireBlock(state, certificate.blockHash, "");
      break;
    }
  }
}
