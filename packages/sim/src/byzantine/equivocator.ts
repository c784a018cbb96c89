// Shows different blocks to different members, and votes with each side for its own. Several of them act as one: they
// split the honest as evenly as seats allow, which is what it takes to finalise two blocks where they hold more than f.
import type { Hash32 } from "@festina/primitives";
import type { Committee, PrePrepare, Vote } from "@festina/types";
import { forgeProposal, forgeVote } from "./forge.ts";
import type { Mischief, MischiefTools, MischiefWorld, Statement } from "./mischief.ts";
import { nearestHalf } from "./nearestHalf.ts";

interface Deceit {
  readonly first: PrePrepare;
  readonly second: PrePrepare;
  /** Who is shown the second block. */
  readonly secondSide: ReadonlySet<number>;
}

/** Views in which the equivocators of one world deceive; they tell each other. */
type Plot = Map<string, Deceit>;

const PLOTS_MAX = 64;
const BOLD_VIEWS = 3;
const plots = new WeakMap<MischiefWorld, Plot>();

function plotOf(world: MischiefWorld): Plot {
  let plot = plots.get(world);
  if (plot === undefined) {
    plot = new Map();
    plots.set(world, plot);
  }
  return plot;
}

const keyOf = ({ epoch, view }: { readonly epoch: number; readonly view: number }): string => `${epoch}/${view}`;

function halfOfHonest(world: MischiefWorld, committee: Committee): ReadonlySet<number> {
  const honest = committee.members.flatMap(({ address, seats }) => {
    const process = world.processOf(address);
    return process === undefined || world.faulty.has(process) ? [] : [{ process, seats }];
  });
  return nearestHalf(honest);
}

function deceive(message: PrePrepare, tools: MischiefTools): Deceit | null {
  const { world } = tools;
  const plot = plotOf(world);
  const known = plot.get(keyOf(message));
  if (known !== undefined) return known;
  const committee = world.committee(message.epoch);
  const second = committee === undefined ? null : forgeProposal(tools, message, "another");
  if (committee === undefined || second === null) return null;
  const deceit = { first: message, second, secondSide: halfOfHonest(world, committee) };
  if (plot.size >= PLOTS_MAX) plot.clear();
  plot.set(keyOf(message), deceit);
  return deceit;
}

/** To each side what it believes in, and a COMMIT at once: nobody here waits for a certificate. */
function voteForSide(vote: Vote, hash: Hash32, tools: MischiefTools): readonly Statement[] {
  const { epoch, view } = vote;
  return (["prepare", "commit"] as const).flatMap((kind): Statement[] => {
    const forged = forgeVote(tools, kind, epoch, view, hash);
    return forged === null ? [] : [{ kind: "vote", vote: forged }];
  });
}

export function createEquivocator(): Mischief {
  return {
    name: "equivocatingLeader",
    rewrite: (statement, to, tools) => {
      if (statement.kind === "prePrepare") {
        const deceit = deceive(statement.message, tools);
        if (deceit === null) return ["itself"];
        const { first, second, secondSide } = deceit;
        const show = (message: PrePrepare): Statement => ({ kind: "prePrepare", message });
        const shown = show(secondSide.has(to) ? second : first);
        // Now and then it is so bold as to show both to everyone.
        if (statement.message.view % BOLD_VIEWS !== 0) return [shown];
        return [shown, show(secondSide.has(to) ? first : second)];
      }
      if (statement.kind !== "vote" || statement.vote.kind === "viewChange") return ["itself"];
      const deceit = plotOf(tools.world).get(keyOf(statement.vote));
      if (deceit === undefined) return ["itself"];
      const side = deceit.secondSide.has(to) ? deceit.second : deceit.first;
      return voteForSide(statement.vote, side.blockHash, tools);
    },
  };
}
