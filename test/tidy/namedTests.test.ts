// Tables that name tests as proof: the files exist, and hold a test of each name.
import { describe, expect, it } from "@jest/globals";
import { listFiles, readText } from "./trackedFiles.ts";

/** The page, and the folders in which the files it names are looked for. */
const PAGES: readonly (readonly [string, readonly string[]])[] = [
  ["docs/flaws.md", ["packages/", ""]],
  ["packages/fastchain/README.md", ["packages/fastchain/test/bft/"]],
];
/** What flaws.md calls "at blocks". */
const AT_BLOCKS = "`fastchain/test/block/flaws.test.ts` ";

const files = new Set(listFiles());

interface Named {
  readonly file: string;
  readonly names: readonly string[];
}

/** Each file in code marks with the quoted names behind it, up to the next code mark. */
function namedIn(text: string): readonly Named[] {
  const cells = text.replaceAll(/at blocks (?=")/g, AT_BLOCKS).split(/\n|(?<= )\|(?= )/);
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([\w/.]+\.test\.ts)`([^`]*)/g)].map(([, file = "", rest = ""]) => ({
      file,
      names: [...rest.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name.replace(/ ?\.\.\.$/, "")),
    })),
  );
}

describe.each(PAGES)("%s", (page, folders) => {
  const named = namedIn(readText(page) ?? "");

  it("names tests", () => {
    expect(named.flatMap(({ names }) => names).length).toBeGreaterThan(20);
  });

  it.each(named)("has its proof in $file", ({ file, names }) => {
    const path = folders.map((folder) => `${folder}${file}`).find((candidate) => files.has(candidate));
    expect({ file, path }).toEqual({ file, path: expect.any(String) });
    const text = readText(path ?? "") ?? "";
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
