import type { BftState } from "./bftState.ts";
import { leaderOf } from "./leader.ts";
import { enterView } from "./progress.ts";
import { giveUpView } from "./signing.ts";
import { UNKNOWN_BLOCK } from "./signingRecord.ts";
import { setViewTimer } from "./viewTimer.ts";

/**
 * Begins, perhaps again. In a view that we had given up before we stopped, that is said once more; one in which we do not
 * know what we have signed is given up, for nothing can be PREPARED in it. When the view is ours and
 * our proposal is gone with the memory it was in, others may still bring it back; they are not waited for as a leader is.
 */
export function begin(state: BftState): void {
  enterView(state, state.view + 1);
  const { view, record, config } = state;
  if (record.view !== view) return;
  if (record.viewChanged || record.prepared === UNKNOWN_BLOCK) giveUpView(state);
  else if (record.proposed !== null && leaderOf(config.committee, view) === config.ownMember)
    setViewTimer(state, state.deltaMs);
}
