// Leaders and voters that show what is not so: a parent that is not the newest, a certificate without a quorum.
import { joinVotes } from "@festina/fastchain";
import type { Mischief, MischiefTools } from "../core/coreWorld.ts";
import type { CoreMessage } from "../core/message.ts";
import { quickHash } from "../core/quickHash.ts";
import { forgeProposal, forgeVote } from "./forge.ts";

type Proposal = Extract<CoreMessage, { kind: "prePrepare" }>;

/** A proposal beside the block that is being finalised: on the newest final one, as if the views since had been skipped. */
function fork(proposal: Proposal, tools: MischiefTools): Proposal | null {
  const { message } = proposal;
  const head = tools.world.member(tools.index)?.chain.head;
  if (head == null || head.certificate === null || head.certificate.epoch !== message.epoch) return null;
  const { hash, height } = head.block;
  if (hash === message.parentHash || head.block.isBoundary) return null;
  const isBoundary = tools.world.isBoundary(height + 1);
  const forged = forgeProposal(tools, message, { parentHash: hash, height: height + 1, isBoundary });
  if (forged === null) return null;
  const { view } = head.certificate;
  const shown = {
    parentHash: hash,
    height: height + 1,
    parentView: view,
    parentCertificate: head.certificate,
    skips: [],
  };
  return { kind: "prePrepare", message: { ...forged.message, ...shown } };
}

export function createForkingLeader(): Mischief {
  return {
    name: "forkingLeader",
    rewrite: (message, _to, tools) => [message.kind === "prePrepare" ? (fork(message, tools) ?? message) : message],
  };
}

/** Makes certificates out of its own vote alone. */
export function createCertificateForger(): Mischief {
  return {
    name: "certificateForger",
    rewrite: (message, _to, tools) => {
      if (message.kind !== "vote") return [message];
      const { epoch, view, signature } = message.vote;
      const kind = tools.dice.pick(["prepare", "commit", "viewChange"] as const);
      const vote = forgeVote(tools, kind, epoch, view, quickHash(signature));
      const certificate = vote === null ? null : joinVotes([vote], tools.world.suite);
      return certificate === null ? [message] : [message, { kind: "certificate", certificate }];
    },
  };
}
