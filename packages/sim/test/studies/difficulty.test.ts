// That the difficulty study is one run by one seed, and reports what would be wrong. What it finds over 2,000 blocks is asked
// for in test/integration/study.test.ts.
import { computeRewards } from "@festina/fastchain";
import { describe, expect, it } from "@jest/globals";
import { runDifficulty } from "../../src/studies/difficulty/runDifficulty.ts";
import { SnailWorld } from "../../src/studies/world/snailWorld.ts";
import { createStudySpec } from "../../src/studies/world/studySpec.ts";

const silent = (): void => undefined;
describe("the difficulty study", () => {
  it("is the same again by the same seed", () => {
    const run = () => runDifficulty({ seed: 7, size: 80, onProgress: silent });
    expect(run()).toEqual(run());
  });

  it("reports a coin out of nothing", () => {
    const { findings } = runDifficulty(
      { seed: 1, size: 80, onProgress: silent },
      {
        rewards: (input) => {
          const [first, ...rest] = computeRewards(input);
          return first === undefined ? [] : [{ ...first, amountWei: first.amountWei + 1n }, ...rest];
        },
      },
    );
    expect(findings[0]).toContain("balances are 1 wei above genesis + rewards - burned");
  });

  it("reports a node with another rule", () => {
    const { findings } = runDifficulty(
      { seed: 1, size: 80, onProgress: silent },
      {
        specOf: (node, spec) =>
          node === 3 ? { ...spec, preset: { ...spec.preset, asertHalfLifeSeconds: 1_000 } } : spec,
      },
    );
    expect(findings.join("\n")).toMatch(
      /refuses a block: SNAIL_DIFFICULTY_WRONG|is valid for one node and not for another/,
    );
  });

  it("reports a node that goes back behind the pointer", () => {
    const spec = createStudySpec();
    const world = new SnailWorld({
      seed: 1,
      spec,
      latencyMs: [0, 10_000],
      miners: [{ hashesPerSecond: 1_000_000 }, { hashesPerSecond: 1_000_000 }],
    });
    world.run(3);
    const [node] = world.nodes;
    if (node === undefined) throw new Error("the world has no nodes");
    world.judgeReverted(node, [node.chain.headEntry()]);
    expect(world.findings).toEqual([]);
    const hash = node.chain.canonicalHash(node.chain.checkpoint.number);
    const pointed = hash === undefined ? undefined : node.chain.entryByHash(hash);
    if (pointed === undefined) throw new Error("nothing is pointed to");
    world.judgeReverted(node, [pointed]);
    expect(world.findings[0]).toMatch(/node 0 reorganised block \d+ away, which the fast chain points to/);
  });
});
