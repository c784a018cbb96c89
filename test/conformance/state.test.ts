import { createKeccakKernel, createReferenceEngine } from "@festina/adapters";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, warnMissingVectors } from "./outsideVectors.ts";
import { listStateFiles, loadStateCases, runStateCase } from "./stateTests.ts";

/**
 * State tests at Osaka. A sample by default, spread evenly over the files; all of them with FESTINA_STATE_TESTS=all,
 * or one in every N with FESTINA_STATE_TESTS=N. FESTINA_STATE_FILES narrows the files to those with that text in the path.
 */
const setting = process.env["FESTINA_STATE_TESTS"] ?? "16";
const every = setting === "all" ? 1 : Number(setting);
const only = process.env["FESTINA_STATE_FILES"] ?? "";

const folder = ethereumTestsFolder();
if (folder === null) warnMissingVectors("state tests");

(folder === null ? describe.skip : describe)("state tests at Osaka", () => {
  it(
    `the reference engine passes ${every === 1 ? "all" : `one in ${every}`} of them`,
    async () => {
      const engine = createReferenceEngine({ chainId: 1n, keccak256: createKeccakKernel() });
      const failures: string[] = [];
      let passed = 0;
      let refused = 0;
      let seen = 0;
      for (const file of listStateFiles(folder ?? "").filter((path) => path.includes(only))) {
        for (const stateCase of loadStateCases(file, "Osaka")) {
          if (seen++ % every !== 0) continue;
          const verdict = await runStateCase(stateCase, engine).catch((error: unknown) => ({
            kind: "failed" as const,
            reason: String(error),
          }));
          if (verdict.kind === "passed") passed++;
          else if (verdict.kind === "refused") refused++;
          else failures.push(`${stateCase.name}: ${verdict.reason}`);
        }
      }
      console.info(`state tests: ${passed} passed, ${failures.length} failed, ${refused} refused (blobs) of ${seen}`);
      expect(failures).toEqual([]);
      expect(passed).toBeGreaterThan(0);
    },
    every === 1 ? 3_600_000 : 300_000,
  );
});
