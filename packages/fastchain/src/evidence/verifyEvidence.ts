import { type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { type Address, fail, hexToBytes, ok, type Result } from "@festina/primitives";
import { accusedMembers, type Committee, type Evidence, evidenceEpoch, type SignedStatement } from "@festina/types";
import { verifyCertificate } from "../bft/certificates.ts";

export type EvidenceFailureCode =
  /** The committee at hand is of another epoch. */
  | "EVIDENCE_EPOCH"
  /** It accuses a position that the committee does not have. */
  | "EVIDENCE_MEMBER"
  /** A signature or certificate does not verify. */
  | "EVIDENCE_SIGNATURE";

function statementMessage(context: SigningContext, view: number, { kind, blockHash }: SignedStatement): Uint8Array {
  return signingMessage(context, kind, view, kind === "viewChange" ? null : blockHash);
}

/**
 * Who is guilty by this evidence: validators of the committee of the evidence's epoch, in the committee's order. Pure:
 * the same evidence convicts the same validators on every node. That its parts contradict each other is its form.
 */
export function verifyEvidence(
  evidence: Evidence,
  committee: Committee,
  context: SigningContext,
  suite: SignatureSuite,
): Result<readonly Address[], EvidenceFailureCode> {
  const epoch = evidenceEpoch(evidence);
  if (epoch !== committee.epoch || epoch !== context.epoch)
    return fail("EVIDENCE_EPOCH", `evidence of epoch ${epoch}, committee of epoch ${committee.epoch}`);
  const accused = accusedMembers(evidence).map((position) => committee.members[position]);
  const members = accused.filter((member) => member !== undefined);
  if (members.length < accused.length) return fail("EVIDENCE_MEMBER", "it accuses nobody of that committee");
  const isProven =
    evidence.kind === "certificates"
      ? [evidence.first, evidence.second].every(
          (certificate) => verifyCertificate(certificate, committee, context, suite).ok,
        )
      : [evidence.first, evidence.second].every((statement) => {
          const message = statementMessage(context, evidence.view, statement);
          return members.every(({ publicKey }) => suite.verify(hexToBytes(publicKey), message, statement.signature));
        });
  if (!isProven) return fail("EVIDENCE_SIGNATURE", "a signature does not verify");
  return ok(members.map(({ address }) => address));
}
