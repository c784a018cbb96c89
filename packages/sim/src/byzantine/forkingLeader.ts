// A leader that proposes a rival of the block that is being finalised: on the newest final one, as if the views since had
// been skipped. It withholds its COMMIT and proposes in its place, so that the rival is on its way before the others know
// that the block is final.
import { leaderOf } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Vote } from "@festina/types";
import { positionOf } from "../core/committees.ts";
import type { Mischief, MischiefTools } from "../core/coreWorld.ts";
import type { CoreMessage } from "../core/message.ts";
import { makeStubBlock } from "../core/stubBlock.ts";
import { forgeProposal, forgeVote } from "./forge.ts";

const NO_BYTES = new Uint8Array(0);

interface Rival {
  readonly epoch: number;
  readonly view: number;
  readonly hash: Hash32;
  readonly proposal: CoreMessage;
}

/** In the view after the one that is being voted on; `null` where it does not lead there or the epoch has just begun. */
function makeRival({ epoch, view: votedView }: Vote, { world, index, ...tools }: MischiefTools): Rival | null {
  const view = votedView + 1;
  const committee = world.committee(epoch);
  const head = world.member(index)?.chain.head;
  if (leaderOf(committee, view) !== positionOf(committee, index)) return null;
  if (head == null || head.certificate === null || head.block.epoch !== epoch || head.block.isBoundary) return null;
  const parent = head.block;
  const height = parent.height + 1;
  const block = makeStubBlock({
    epoch,
    height,
    parentHash: parent.hash,
    proposer: index,
    timeMs: parent.timeMs + 1,
    isBoundary: world.isBoundary(height),
    hasTrueRoot: true,
    salt: tools.dice.next(),
  });
  const shown = {
    epoch,
    view,
    blockHash: block.hash,
    height,
    parentHash: parent.hash,
    parentView: head.certificate.view,
    parentCertificate: head.certificate,
    skips: [],
    reveal: NO_BYTES,
    envelope: block.envelope,
    signature: NO_BYTES,
  };
  const forged = forgeProposal({ world, index, ...tools }, shown, {});
  if (forged === null) return null;
  return { epoch, view, hash: forged.block.hash, proposal: { kind: "prePrepare", message: forged.message } };
}

export function createForkingLeader(): Mischief {
  let rival: Rival | null = null;
  const isRivalled = ({ epoch, view }: { readonly epoch: number; readonly view: number }): boolean =>
    rival !== null && epoch === rival.epoch && view === rival.view;
  const voteForRival = (epoch: number, view: number, tools: MischiefTools): readonly CoreMessage[] =>
    (["prepare", "commit"] as const).flatMap((kind): CoreMessage[] => {
      const vote = rival === null ? null : forgeVote(tools, kind, epoch, view, rival.hash);
      return vote === null ? [] : [{ kind: "vote", vote }];
    });
  return {
    name: "forkingLeader",
    rewrite: (message, _to, tools) => {
      if (message.kind === "prePrepare") return isRivalled(message.message) ? [] : [message];
      if (message.kind !== "vote") return [message];
      const { kind, epoch, view } = message.vote;
      // Both would be proof against it.
      if (kind === "viewChange") return isRivalled(message.vote) ? [] : [message];
      if (isRivalled(message.vote)) return voteForRival(epoch, view, tools);
      if (kind !== "commit") return [message];
      if (!isRivalled({ epoch, view: view + 1 })) rival = makeRival(message.vote, tools);
      if (rival === null) return [message];
      return [rival.proposal, ...voteForRival(epoch, rival.view, tools)];
    },
  };
}
