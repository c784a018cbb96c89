import {
  decodeCandidates,
  encodeCandidates,
  REGISTRY_PAGE_MAX,
  REGISTRY_VALIDATORS_MAX,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import type { Candidate } from "@festina/election";
import { assert } from "@festina/primitives";
import { type BlockContext, type Engine, type StateView, systemCall } from "@festina/tvm";

/** All registered validators in the given state. Reads through the contract itself; the state is left as it was. */
export async function readCandidates(
  view: StateView,
  block: BlockContext,
  engine: Engine,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  while (candidates.length < REGISTRY_VALIDATORS_MAX) {
    const data = encodeCandidates(candidates.length, REGISTRY_PAGE_MAX);
    const answer = await systemCall({ to: VALIDATOR_REGISTRY, data, view, block, engine });
    assert(answer.kind === "success", "the validator registry answers");
    const page = decodeCandidates(answer.output);
    assert(page.ok, "the validator registry answers in its form");
    candidates.push(
      ...page.value.map((entry) => ({
        address: entry.validator,
        payout: entry.payout,
        publicKey: entry.blsKey,
        depositWei: entry.depositWei,
        readyAt: entry.readyAt,
        isLeaving: entry.exitRequestedAt > 0 || entry.seatVoid || entry.slashed || entry.jailed,
      })),
    );
    if (page.value.length < REGISTRY_PAGE_MAX) break;
  }
  return candidates;
}
