// Three of the bugs that `npm run campaign -- bugs` plants, each of a kind; their runs are early ones.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
const BUGS = ["skipsUnchecked", "recordForgotten", "endlessEpoch"];
const RUNS = 60;
const LIMIT_MS = 120_000;

describe("the simulator", () => {
  it(
    "finds a planted bug of a voting rule, of durability and of the handover",
    async () => {
      const args = [CAMPAIGN, "bugs", "--only", BUGS.join(","), "--seeds", `${RUNS}`];
      const output = await new Promise<string>((resolve) =>
        execFile(process.execPath, args, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`)),
      );
      expect(output).toContain("bugs: 3 of 3 found");
    },
    LIMIT_MS,
  );
});
