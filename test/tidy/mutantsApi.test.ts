// The mutants campaign runs the consensus core's unit tests without Jest: what they import of it must be there.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import * as testApi from "../../scripts/campaigns/mutants/testApi.mjs";

const FOLDER = resolve(import.meta.dirname, "../../packages/fastchain/test/bft");

function importedNames(file: string): readonly string[] {
  const [, names = ""] =
    /import \{([^}]*)\} from "@jest\/globals"/.exec(readFileSync(join(FOLDER, file), "utf8")) ?? [];
  return names.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}

describe("the tests that mutants are held against", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".test.ts"));

  it.each(files)("%s imports only what the campaign has", (file) => {
    const names = importedNames(file);
    expect(names).toContain("it");
    expect(Object.keys(testApi)).toEqual(expect.arrayContaining([...names]));
  });
});
