import type { WholeNodeWorld } from "../wholeNode/wholeNodeWorld.ts";

/** Nothing passes between these processes and the others for a while. */
export function cutOff(world: WholeNodeWorld, side: readonly number[], forMs: number): void {
  const isHere = (index: number): boolean => side.includes(index);
  const mends: (() => void)[] = [];
  world.processes.forEach((_, from) => {
    world.processes.forEach((__, to) => {
      if (isHere(from) !== isHere(to)) mends.push(world.network.cut(from, to));
    });
  });
  world.note(-1, `cut off: ${side.join(" ")}`);
  world.scheduler.after(forMs, () => {
    world.note(-1, "together again");
    for (const mend of mends) mend();
  });
}
