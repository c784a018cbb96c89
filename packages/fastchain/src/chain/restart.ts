import type { ChainSpec, CommitteeRestart } from "@festina/chainspec";
import { startElection } from "@festina/election";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { Committee, FastHeader } from "@festina/types";
import { NO_ABSENCES } from "./absences.ts";
import type { HybridState } from "./hybridState.ts";
import { NO_PARTICIPATION } from "./participation.ts";

type Restarts = Pick<ChainSpec, "restarts">;

/** The chain spec's entry that stands on this block: the committee after it is not the one that the chain elected. */
export function findRestart({ restarts }: Restarts, hash: Hash32): CommitteeRestart | undefined {
  return restarts.find(({ blockHash }) => blockHash === hash);
}

export function restartCommittee({ epoch, members }: CommitteeRestart): Committee {
  const seated = members.map(({ address, payout, publicKey, seats }) => ({ address, payout, publicKey, seats }));
  return { epoch, members: seated };
}

/**
 * The state on which the next block stands: as the block left it, or, where a committee lost its quorum there and the
 * chain spec says who goes on, with that committee in an epoch of its own. Its first block carries COMMITTED of the block
 * it stands on, as after a handover; the election that was under way is dropped.
 */
export function restartedState(state: HybridState, spec: Restarts): HybridState {
  const restart = findRestart(spec, state.hash);
  if (restart === undefined || restart.epoch !== state.committee.epoch + 1) return state;
  const { number } = state.header;
  // The committee that finalised a boundary block is the one before, whose successor never made a block.
  const finalisedBy = state.epochBaseNumber === number ? state.previousCommittee : state.committee;
  const windowHeight = state.nextWindowHeight === 0 ? number : state.nextWindowHeight;
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
  { restarts }: Restarts,
): Result<void, RestartFailureCode> {
  const restart = restarts.find(({ blockNumber }) => blockNumber === number);
  if (restart === undefined || restart.blockHash === hash) return ok(undefined);
  return fail("RESTART_CONFLICT", `the chain spec restarts from another block ${number}`);
}
