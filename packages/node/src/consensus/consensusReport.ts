import type { BftEffect } from "@festina/fastchain";
import { accusedMembers, type Committee, evidenceEpoch, type PrePrepare } from "@festina/types";
import type { Log } from "../log.ts";

type ReportKind = "misbehaviourSeen" | "senderBlamed" | "proposalRefused" | "viewSkipped";
export type ConsensusReport = Extract<BftEffect, { readonly kind: ReportKind }>;

/** Says in the log what went wrong in a view, and whose view or message it was. */
export function logReport(log: Log, committee: Committee, report: ConsensusReport): void {
  const addressOf = (member: number): string => committee.members[member]?.address ?? `member ${member}`;
  const { epoch } = committee;
  switch (report.kind) {
    case "misbehaviourSeen": {
      const members = accusedMembers(report.evidence).map(addressOf).join(" ");
      log.warn("misbehaviour", { epoch: evidenceEpoch(report.evidence), kind: report.evidence.kind, members });
      return;
    }
    case "senderBlamed":
      log.debug("senderBlamed", { code: report.code, from: report.from });
      return;
    case "proposalRefused":
      log.info("viewGivenUp", {
        epoch,
        view: report.view,
        leader: addressOf(report.leader),
        blockHash: report.blockHash,
      });
      return;
    case "viewSkipped":
      log.info("viewSkipped", { epoch, view: report.view, leader: addressOf(report.leader) });
  }
}

/** From here to `blockCommitted` is how long a block takes to become final. */
export function logProposal(log: Log, { epoch, view, height, blockHash }: PrePrepare): void {
  log.debug("proposalSent", { epoch, view, number: height, hash: blockHash });
}
