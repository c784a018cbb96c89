// A leader that proposes a rival of the block that is being finalised: on the newest final one, as if the views since had
// been skipped. It withholds its COMMIT and proposes in its place, so that the rival is on its way before the others know
// that the block is final.
import { leaderOf } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Vote } from "@festina/types";
import { forgeProposal, forgeVote, seatOf } from "./forge.ts";
import type { Mischief, MischiefTools, Statement } from "./mischief.ts";

interface Rival {
  readonly epoch: number;
  readonly view: number;
  readonly hash: Hash32;
  readonly proposal: Statement;
}

/** In the view after the one that is being voted on; `null` where it does not lead there or the epoch has just begun. */
function makeRival(voted: Vote, tools: MischiefTools): Rival | null {
  const { world, index, dice } = tools;
  const committee = world.committee(voted.epoch);
  if (committee === undefined || leaderOf(committee, voted.view + 1) !== seatOf(world, committee, index)) return null;
  const shown = world.makeRival(index, voted, dice);
  const message = shown === null ? null : forgeProposal(tools, shown, "another");
  if (message === null) return null;
  return {
    epoch: voted.epoch,
    view: voted.view + 1,
    hash: message.blockHash,
    proposal: { kind: "prePrepare", message },
  };
}

export function createForkingLeader(): Mischief {
  let rival: Rival | null = null;
  const isRivalled = ({ epoch, view }: { readonly epoch: number; readonly view: number }): boolean =>
    rival !== null && epoch === rival.epoch && view === rival.view;
  const voteForRival = (epoch: number, view: number, tools: MischiefTools): readonly Statement[] =>
    (["prepare", "commit"] as const).flatMap((kind): Statement[] => {
      const vote = rival === null ? null : forgeVote(tools, kind, epoch, view, rival.hash);
      return vote === null ? [] : [{ kind: "vote", vote }];
    });
  return {
    name: "forkingLeader",
    rewrite: (statement, _to, tools) => {
      if (statement.kind === "prePrepare") return isRivalled(statement.message) ? [] : ["itself"];
      if (statement.kind !== "vote") return ["itself"];
      const { kind, epoch, view } = statement.vote;
      // Both would be proof against it.
      if (kind === "viewChange") return isRivalled(statement.vote) ? [] : ["itself"];
      if (isRivalled(statement.vote)) return voteForRival(epoch, view, tools);
      if (kind !== "commit") return ["itself"];
      if (!isRivalled({ epoch, view: view + 1 })) rival = makeRival(statement.vote, tools);
      if (rival === null) return ["itself"];
      return [rival.proposal, ...voteForRival(epoch, rival.view, tools)];
    },
  };
}
