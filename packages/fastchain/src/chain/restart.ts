import type { ChainSpec, CommitteeRestart } from "@festina/chainspec";
import { startElection } from "@festina/election";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { Committee, CommitteeMember, FastHeader } from "@festina/types";
import { NO_ABSENCES } from "./absences.ts";
import type { HybridState } from "./hybridState.ts";
import { NO_PARTICIPATION } from "./participation.ts";

/** A committee that stands on a block although the chain did not elect it: people agreed on it, or recovery drew it. */
export interface SeatedRestart extends Pick<CommitteeRestart, "blockNumber" | "blockHash" | "epoch"> {
  readonly members: readonly CommitteeMember[];
  /** Of a recovery: it may be preceded by others on the same block that never made one. Absent: by the chain spec. */
  readonly cycle?: number;
}

interface Restarts {
  readonly restarts: readonly SeatedRestart[];
}

/** The entry that stands on this block: the committee after it is not the one that the chain elected. */
export function findRestart({ restarts }: Restarts, hash: Hash32): SeatedRestart | undefined {
  return restarts.find(({ blockHash }) => blockHash === hash);
}

export function restartCommittee({ epoch, members }: SeatedRestart): Committee {
  const seated = members.map(({ address, payout, publicKey, seats }) => ({ address, payout, publicKey, seats }));
  return { epoch, members: seated };
}

/**
 * The state on which the next block stands: as the block left it, or, where a committee lost its quorum there and the
 * chain spec or a recovery says who goes on, with that committee in an epoch of its own. Its first block carries COMMITTED of the block
 * it stands on, as after a handover; the election that was under way is dropped.
 */
export function restartedState(state: HybridState, spec: Restarts): HybridState {
  const restart = findRestart(spec, state.hash);
  if (restart === undefined || restart.epoch !== state.committee.epoch + (restart.cycle ?? 1)) return state;
  const { number } = state.header;
  // The committee that finalised a boundary block is the one before, whose successor never made a block.
  const finalisedBy = state.epochBaseNumber === number ? state.previousCommittee : state.committee;
  const opened = state.nextWindowHeight === 0 ? number : state.nextWindowHeight;
  // Whoever said `ready()` before the stall may be the one who caused it; nobody could say it meanwhile.
  const windowHeight = restart.cycle === undefined ? opened : number + 1;
  return {
    ...state,
    committee: restartCommittee(restart),
    previousCommittee: finalisedBy,
    epochBaseNumber: number,
    epochBaseHash: state.hash,
    participation: NO_PARTICIPATION,
    absences: NO_ABSENCES,
    election: startElection(restart.epoch + 1, windowHeight),
    nextWindowHeight: 0,
  };
}

export type RestartFailureCode = "RESTART_CONFLICT";

/** A chain that has another block where the network agreed to go on is not this network's. */
export function verifyRestartBase(
  { number }: Pick<FastHeader, "number">,
  hash: Hash32,
  { restarts }: Pick<ChainSpec, "restarts">,
): Result<void, RestartFailureCode> {
  const restart = restarts.find(({ blockNumber }) => blockNumber === number);
  if (restart === undefined || restart.blockHash === hash) return ok(undefined);
  return fail("RESTART_CONFLICT", `the chain spec restarts from another block ${number}`);
}
