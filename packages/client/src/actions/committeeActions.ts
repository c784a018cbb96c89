import { type Client, type Hash, type Hex, numberToHex } from "viem";
import { committee, election, evidence, explanation, finalCertificate } from "../answer/committeeShapes.ts";
import { hash, list, nullable } from "../answer/shape.ts";
import { ask, type BlockReference, blockParameter } from "./ask.ts";

export interface EpochParameters {
  /** The current one where none is given. */
  readonly epoch?: bigint;
}

const epochParameter = (epoch: bigint | undefined): string => (epoch === undefined ? "current" : numberToHex(epoch));

/** Who makes blocks final, how they were elected, and what they have signed. */
export function committeeActions(client: Client) {
  return {
    /** `null` for an epoch that has not begun. */
    getCommittee: ({ epoch }: EpochParameters = {}) =>
      ask(client, "committee_get", [epochParameter(epoch)], nullable(committee)),

    /** Every input of the draw and its whole way: enough to do it again. */
    explainCommittee: ({ epoch, includeFruits = false }: EpochParameters & { readonly includeFruits?: boolean } = {}) =>
      ask(client, "committee_explain", [epochParameter(epoch), includeFruits], nullable(explanation)),

    /** What makes a block final: its own certificate, or that of a block above it. */
    getCertificate: (block: BlockReference = {}) =>
      ask(client, "committee_getCertificate", [blockParameter(block)], nullable(finalCertificate)),

    /** How far the election of the next committee has come; `null` where nothing is elected. */
    getElection: () => ask(client, "committee_getElection", [], nullable(election)),

    /** Proof of broken rules that waits for a block. */
    getEvidence: () => ask(client, "committee_getEvidence", [], list(evidence)),

    /** Reports a member; anybody may. The hash of the proof. */
    submitEvidence: ({ evidence: encoded }: { readonly evidence: Hex }): Promise<Hash> =>
      ask(client, "committee_submitEvidence", [encoded], hash),
  };
}
