import type { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";
import { electingChain, judgeElections } from "./judgeElections.ts";
import { judgeNodes } from "./judgeNodes.ts";
import { judgeStores } from "./judgeStores.ts";

/** Judges what all nodes of a world hold at the end of a run. */
export function judgeWorld(world: WholeNodeWorld): ReturnType<typeof judgeNodes> & {
  /** Elected lists that were computed anew. */
  readonly elections: number;
} {
  const { watch, spec, processes } = world;
  const nodes = processes.flatMap(({ node }, process) => (node === null ? [] : [{ process, backend: node.backend }]));
  judgeStores(
    nodes.map(({ process }) => ({
      process,
      head: watch.headOf(process),
      image: world.process(process).store.image(),
    })),
    watch,
  );
  const [best] = [...nodes].sort((a, b) => b.backend.chain.head() - a.backend.chain.head());
  const elections =
    best === undefined || spec.recovery !== undefined ? 0 : judgeElections(electingChain(best.backend), spec, watch);
  return { ...judgeNodes(nodes, spec.preset, watch), elections };
}
