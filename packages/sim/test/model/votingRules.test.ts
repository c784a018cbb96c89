import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import { happenings } from "./commands.ts";
import { MemberUnderTest } from "./memberUnderTest.ts";
import { VotingModel } from "./votingModel.ts";

const SEED = 20_240;
const RUNS = 600;
const COMMANDS_MAX = 80;

describe("the voting rules", () => {
  it("make the core sign what the model signs, after everything that can happen", () => {
    let views = 0;
    let heights = 0;
    fc.assert(
      fc.property(fc.commands(happenings, { maxCommands: COMMANDS_MAX, size: "max" }), (commands) => {
        const model = new VotingModel(GENESIS_HASH);
        fc.modelRun(() => ({ model, real: new MemberUnderTest(model) }), commands);
        views += model.view - 1;
        heights += model.committedHeight;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // Traces that go nowhere would show nothing.
    expect(views).toBeGreaterThan(RUNS);
    expect(heights).toBeGreaterThan(RUNS / 10);
  });
});
