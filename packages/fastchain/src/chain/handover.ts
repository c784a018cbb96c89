import {
  collectWeights,
  type Draw,
  type DrawInput,
  drawCommittee,
  type ElectionTracker,
  type ElectionWindow,
  electionSeed,
  windowOf,
} from "@festina/election";
import { assert, fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { BlockContext, StateView } from "@festina/tvm";
import type { Fruit } from "@festina/types";
import type { FastChainEnvironment } from "../ports.ts";
import type { HybridState } from "./hybridState.ts";
import { readCandidates } from "./registryReader.ts";

/** The tracker as the boundary block itself leaves it: that block may be the seed block. */
export type SeededElection = Extract<ElectionTracker, { phase: "seeded" }>;

/** What the committee after an epoch is drawn from, and where it comes from. */
export interface ElectionGround {
  readonly input: DrawInput;
  readonly window: ElectionWindow;
  readonly windowLastHash: Hash32;
  /** Packed by the window's blocks, last block first. */
  readonly fruits: readonly Fruit[];
}

/**
 * The committee after this epoch, from the frozen window, the seed and the candidates of the freeze. Validators that
 * have since left in the boundary block's parent state (`view`) get no seat. Fails while fruits of the window are not here.
 */
export async function drawNextCommittee(
  ...ground: Parameters<typeof gatherElection>
): Promise<Result<Draw, "ELECTION_BODIES_MISSING">> {
  const gathered = await gatherElection(...ground);
  return gathered.ok ? ok(drawCommittee(gathered.value.input)) : gathered;
}

/** Everything that `drawNextCommittee` draws from. */
export async function gatherElection(
  parent: HybridState,
  election: SeededElection,
  pointerHash: Hash32,
  view: StateView,
  block: BlockContext,
  environment: Pick<FastChainEnvironment, "spec" | "engine" | "snail" | "suite">,
): Promise<Result<ElectionGround, "ELECTION_BODIES_MISSING">> {
  const { preset, depositPerSeatWei } = environment.spec;
  const window = windowOf(election.epoch, preset);
  const fruits = environment.snail.packedFruits(window.first, window.last, pointerHash);
  const windowLastHash = environment.snail.hashOnBranch(window.last, pointerHash);
  if (fruits === undefined || windowLastHash === undefined) {
    return fail("ELECTION_BODIES_MISSING", `snail blocks ${window.first} to ${window.last} are not all here`);
  }
  assert(election.epoch === parent.committee.epoch + 1, "an election is for the next epoch");
  const now = await readCandidates(view, block, environment.engine, environment.suite);
  const staying = new Set(now.filter(({ isLeaving }) => !isLeaving).map(({ address }) => address));
  const known = [...parent.candidates, ...parent.committee.members].map(({ address }) => address);
  const input = {
    epoch: election.epoch,
    seed: electionSeed(election.beacon, windowLastHash),
    candidates: parent.candidates,
    weights: collectWeights(fruits),
    voided: new Set(known.filter((address) => !staying.has(address))),
    windowStartHeight: election.windowStartHeight,
    seats: preset.seats,
    depositPerSeatWei,
    minValidators: preset.minValidators,
    sitting: parent.committee,
  };
  return ok({ input, window, windowLastHash, fruits });
}
