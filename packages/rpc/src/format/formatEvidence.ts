import type { Address } from "@festina/primitives";
import { accusedMembers, type Committee, type Evidence, evidenceEpoch, hashEvidence } from "@festina/types";
import { toQuantity } from "../jsonRpc/params.ts";

/** What was signed that must not be; the accused by address where the committee of the epoch is known. */
export function formatEvidence(evidence: Evidence, committee: Committee | undefined): Record<string, unknown> {
  const view = evidence.kind === "statements" ? evidence.view : evidence.first.view;
  const accused = accusedMembers(evidence).map((member): Address | null => committee?.members[member]?.address ?? null);
  return {
    hash: hashEvidence(evidence),
    epoch: toQuantity(evidenceEpoch(evidence)),
    view: toQuantity(view),
    accused,
    statements: [evidence.first, evidence.second].map(({ kind, blockHash }) => ({ kind, blockHash })),
  };
}
