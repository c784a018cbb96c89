import type { BftState } from "./bftState.ts";
import { giveUpView } from "./signing.ts";

/** The current view is given up this long from now. */
export function setViewTimer(state: BftState, patienceMs: number): void {
  state.viewTimerAtMs = state.nowMs + patienceMs;
  state.effects.push({ kind: "setTimer", timer: "view", view: state.view, atMs: state.viewTimerAtMs });
}

/**
 * The view's time is up. When the timer itself comes late, our machine stood still, and what others sent meanwhile may
 * be waiting to be read: once a view there is time for that before the others are given up.
 */
export function onViewTimer(state: BftState): void {
  const lateMs = state.nowMs - state.viewTimerAtMs;
  if (!state.isExtended && lateMs > state.deltaMs / 2) {
    state.isExtended = true;
    setViewTimer(state, state.deltaMs);
    return;
  }
  giveUpView(state);
}
