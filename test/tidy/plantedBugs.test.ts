// Planted bugs (`npm run campaign -- bugs`) are changes to the sources as they are: each must still find its place.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { plant } from "../../scripts/campaigns/bugs/plant.mjs";
import { PLANTED_BUGS } from "../../scripts/campaigns/bugs/plantedBugs.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const BUGS_MIN = 12;

describe("planted bugs", () => {
  it.each(PLANTED_BUGS)("$name finds its place (else change scripts/campaigns/bugs/plantedBugs.mjs)", ({ edits }) => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const before = texts.get(edit.file) ?? readFileSync(`${root}${edit.file}`, "utf8");
      texts.set(edit.file, plant(before, [edit], edit.file));
    }
    for (const [file, text] of texts) expect(text).not.toBe(readFileSync(`${root}${file}`, "utf8"));
  });

  it("are one for each rule at least", () => {
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(BUGS_MIN);
  });

  it("are refused where the source has changed", () => {
    expect(() => plant("something else", [{ find: "the rule", put: "" }], "rules.ts")).toThrow(/not once/);
    expect(() => plant("the rule, the rule", [{ find: "the rule", put: "" }], "rules.ts")).toThrow(/2 times/);
  });
});
