import { beforeEach, describe, expect, it } from "@jest/globals";
import { judgeDisks } from "../../src/check/judgeDisks.ts";
import { Watch } from "../../src/check/watch.ts";
import { CoreWorld } from "../../src/core/coreWorld.ts";

describe("disks at the end of a run", () => {
  let watch: Watch;
  let world: CoreWorld;
  const judged = (): readonly string[] => {
    judgeDisks(world, watch);
    return watch.violations.map(({ invariant }) => invariant);
  };

  beforeEach(() => {
    watch = new Watch(new Set());
    world = new CoreWorld({ seed: 1, members: 4, watch });
    world.start();
    world.scheduler.runUntil(5_000);
    expect(watch.height).toBeGreaterThan(2);
  });

  it("hold what is final", () => {
    expect(judged()).toEqual([]);
  });

  it("that lost it are found", () => {
    world.disk(2).wipe();
    expect(judged()).toEqual(["I5"]);
  });

  it("that hold another chain are found", () => {
    const other = new CoreWorld({ seed: 2, members: 4, watch: new Watch(new Set()) });
    other.start();
    other.scheduler.runUntil(5_000);
    world.disk(2).restore(other.disk(2).image());
    expect(judged()).toContain("I16");
  });
});
