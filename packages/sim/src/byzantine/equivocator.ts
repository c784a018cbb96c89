// Shows different blocks to different members, and votes with each side for its own. Several of them act as one: they
// split the honest as evenly as seats allow, which is what it takes to finalise two blocks where they hold more than f.
import type { Hash32 } from "@festina/primitives";
import type { PrePrepare, Vote } from "@festina/types";
import { nearestHalf } from "../core/committees.ts";
import type { CoreWorld, Mischief, MischiefTools } from "../core/coreWorld.ts";
import type { CoreMessage } from "../core/message.ts";
import { forgeProposal, forgeVote } from "./forge.ts";

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
const plots = new WeakMap<CoreWorld, Plot>();

function plotOf(world: CoreWorld): Plot {
  let plot = plots.get(world);
  if (plot === undefined) {
    plot = new Map();
    plots.set(world, plot);
  }
  return plot;
}

const keyOf = ({ epoch, view }: { readonly epoch: number; readonly view: number }): string => `${epoch}/${view}`;

function deceive(message: PrePrepare, tools: MischiefTools): Deceit | null {
  const plot = plotOf(tools.world);
  const known = plot.get(keyOf(message));
  if (known !== undefined) return known;
  const forged = forgeProposal(tools, message, {});
  if (forged === null) return null;
  const { world } = tools;
  const secondSide = nearestHalf(world.committee(message.epoch), world.faulty);
  const deceit = { first: message, second: forged.message, secondSide };
  if (plot.size >= PLOTS_MAX) plot.clear();
  plot.set(keyOf(message), deceit);
  return deceit;
}

/** To each side what it believes in, and a COMMIT at once: nobody here waits for a certificate. */
function voteForSide(vote: Vote, hash: Hash32, tools: MischiefTools): readonly CoreMessage[] {
  const { epoch, view } = vote;
  return (["prepare", "commit"] as const).flatMap((kind): CoreMessage[] => {
    const forged = forgeVote(tools, kind, epoch, view, hash);
    return forged === null ? [] : [{ kind: "vote", vote: forged }];
  });
}

export function createEquivocator(): Mischief {
  return {
    name: "equivocatingLeader",
    rewrite: (message, to, tools) => {
      if (message.kind === "prePrepare") {
        const deceit = deceive(message.message, tools);
        if (deceit === null) return [message];
        const shown: CoreMessage = {
          kind: "prePrepare",
          message: deceit.secondSide.has(to) ? deceit.second : deceit.first,
        };
        // Now and then it is so bold as to show both to everyone.
        if (message.message.view % BOLD_VIEWS !== 0) return [shown];
        return [shown, { kind: "prePrepare", message: deceit.secondSide.has(to) ? deceit.first : deceit.second }];
      }
      if (message.kind !== "vote" || message.vote.kind === "viewChange") return [message];
      const deceit = plotOf(tools.world).get(keyOf(message.vote));
      if (deceit === undefined) return [message];
      const side = deceit.secondSide.has(to) ? deceit.second : deceit.first;
      return voteForSide(message.vote, side.blockHash, tools);
    },
  };
}
