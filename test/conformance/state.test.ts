import { OSAKA, PRAGUE } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, warnMissingVectors } from "./outsideVectors.ts";
import { runSuite } from "./runSuites.ts";

/** A sample, spread evenly over the files; `npm run conformance` runs all of them. */
const tests = ethereumTestsFolder();
if (tests === null) warnMissingVectors("state tests");

(tests === null ? describe.skip : describe)("state tests", () => {
  it.each([
    ["reference", OSAKA, 100],
    ["interpreter", OSAKA, 40],
    ["interpreter", PRAGUE, 80],
    ["compiler", OSAKA, 60],
    ["compiler", PRAGUE, 120],
  ] as const)(
    "on the %s at the rules of $name",
    async (engine, rules, every) => {
      const counts = await runSuite({ suite: "state", tests: tests ?? "", engine, rules, every });
      expect(counts).toMatchObject({ failed: 0, failures: [], fellBack: 0, skipped: 0 });
      // Blob transactions, which this chain does not have.
      expect(counts.refused).toBeLessThan(counts.passed / 20);
      expect(counts.passed).toBeGreaterThan(4_700 / every / 1.1);
    },
    120_000,
  );
});
