// Rules about files that no linter knows: size, names, leftovers, and what a package must have.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { isText, listFiles, readText, repositoryRoot } from "./trackedFiles.ts";

const LINES_MAX = 400;
/** Files that may be longer, each with its reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([["package-lock.json", "written by npm"]]);
const SOURCE = /\.(?:ts|tsx|mjs|sol)$/;
const VAGUE_NAME = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.[a-z.]+$)/i;
// Spelled in halves, for this file is searched too.
const LEFTOVER = new RegExp(`\\b(?:${"TO"}${"DO"}|${"FIX"}${"ME"}|${"X"}${"XX"})\\b`);
const MACHINE_PATH = new RegExp(
  `(?:^|[\\s"'\`(=])/(?:${"wo"}rk|${"ho"}me/[a-z]|${"ro"}ot|Users/[A-Za-z])(?:/|\\b)`,
  "m",
);
const REGISTRY_HOST = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|"resolved": "https?:|_auth[T]oken/;
/** Packages that are programs and are not imported by name. */
const WITHOUT_INDEX: ReadonlySet<string> = new Set(["cli", "explorer"]);

const files = listFiles();
const texts = files.flatMap((path) => {
  const text = isText(path) ? readText(path) : null;
  return text === null ? [] : [{ path, text }];
});
const packages = readdirSync(join(repositoryRoot, "packages"));

function pathsWith(pattern: RegExp, among = texts): string[] {
  return among.flatMap(({ path, text }) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`${path}: ${found[0].trim()}`];
  });
}

describe("files", () => {
  it("are found at all", () => {
    expect(files).toContain("package.json");
    expect(texts.length).toBeGreaterThan(20);
  });

  it("are not too long", () => {
    const long = texts.filter(({ path, text }) => SOURCE.test(path) && text.split("\n").length > LINES_MAX + 1);
    expect(long.map(({ path }) => path).filter((path) => !LONG_FILES.has(path))).toEqual([]);
  });

  it("are named after what they hold", () => {
    expect(files.filter((path) => VAGUE_NAME.test(path))).toEqual([]);
  });

  it("hold no leftover markers", () => {
    expect(pathsWith(LEFTOVER)).toEqual([]);
  });

  it("know nothing of the machine they were written on", () => {
    expect(pathsWith(MACHINE_PATH)).toEqual([]);
    expect(pathsWith(REGISTRY_HOST)).toEqual([]);
  });
});

describe("packages", () => {
  it.each(packages)("%s says what it is", (name) => {
    expect(files).toContain(`packages/${name}/README.md`);
    if (!WITHOUT_INDEX.has(name)) expect(files).toContain(`packages/${name}/src/index.ts`);
  });

  it("have the dependencies that package-lock.json says", () => {
    const lock = JSON.parse(readText("package-lock.json") ?? "{}").packages;
    const stale = packages.filter((name) => {
      const manifest = JSON.parse(readText(`packages/${name}/package.json`) ?? "{}");
      return !isDeepStrictEqual(manifest.dependencies, lock[`packages/${name}`]?.dependencies);
    });
    // When this fails: npm install --package-lock-only --ignore-scripts
    expect(stale).toEqual([]);
  });

  it("have a lock that npm ci accepts on every platform", () => {
    const script = join(repositoryRoot, "scripts/completeLock.mjs");
    const { status, stdout } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    // When this fails: node scripts/completeLock.mjs
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("list their exports by name", () => {
    const indexes = texts.filter(({ path }) => /^packages\/[^/]+\/src\/index\.ts$/.test(path));
    expect(indexes.length).toBeGreaterThan(0);
    expect(pathsWith(/^\s*export\s+(?:type\s+)?\*/m, indexes)).toEqual([]);
  });
});

describe("the rules themselves", () => {
  it("see what they look for", () => {
    expect(VAGUE_NAME.test("packages/a/src/utils.ts")).toBe(true);
    expect(VAGUE_NAME.test("packages/a/helpers/b.ts")).toBe(true);
    expect(VAGUE_NAME.test("packages/a/src/commonAncestor.ts")).toBe(false);
    expect(LEFTOVER.test(`// ${"TO"}${"DO"}: later`)).toBe(true);
    expect(MACHINE_PATH.test(`"${"/wo"}rk/main"`)).toBe(true);
    expect(MACHINE_PATH.test("a/workers/b")).toBe(false);
    expect(REGISTRY_HOST.test(`https://${"registry"}.example.org/x`)).toBe(true);
  });
});
