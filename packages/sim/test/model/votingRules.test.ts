import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import { boundaryHeights, happenings } from "./commands.ts";
import { MemberUnderTest } from "./memberUnderTest.ts";
import { VotingModel } from "./votingModel.ts";

/** `MODEL_RUNS=100000 MODEL_SEED=7 npx jest packages/sim/test/model` goes on for half an hour. */
const SEED = Number(process.env["MODEL_SEED"] ?? 20_240);
const RUNS = Number(process.env["MODEL_RUNS"] ?? 300);
const RUN_MS_MAX = 300;
const COMMANDS_MAX = 80;

describe("the voting rules", () => {
  it(
    "make the core sign what the model signs, after everything that can happen",
    () => {
      let views = 0;
      let heights = 0;
      let ended = 0;
      let signed = 0;
      fc.assert(
        fc.property(
          boundaryHeights,
          fc.commands(happenings, { maxCommands: COMMANDS_MAX, size: "max" }),
          (height, commands) => {
            const model = new VotingModel(GENESIS_HASH, height);
            fc.modelRun(() => ({ model, real: new MemberUnderTest(model) }), commands);
            views += model.view - 1;
            heights += model.committedHeight;
            signed += model.signedCount;
            if (model.hasEnded) ended += 1;
          },
        ),
        { seed: SEED, numRuns: RUNS },
      );
      // Traces that go nowhere would show nothing.
      expect(views).toBeGreaterThan(RUNS);
      expect(signed).toBeGreaterThan(3 * RUNS);
      expect(heights).toBeGreaterThan(RUNS);
      expect(ended).toBeGreaterThan(RUNS / 5);
    },
    RUNS * RUN_MS_MAX,
  );
});
