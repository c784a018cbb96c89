// What a first visit costs, and that the files hold nothing that leads elsewhere. The runner builds before it tests.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "@jest/globals";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(PACKAGE, "bundle");
const BYTES_MAX = 150 * 1_000;

describe("the built page", () => {
  let names: readonly string[];

  beforeAll(() => {
    if (!existsSync(FOLDER)) spawnSync(process.execPath, [join(PACKAGE, "scripts/bundle.mjs")], { stdio: "inherit" });
    names = readdirSync(FOLDER);
  }, 30_000);

  it.each([".br", ".gz"])("weighs at most 150 kB as %s", (suffix) => {
    const compressed = names.filter((name) => name.endsWith(suffix));
    expect(compressed).toHaveLength(3);
    const bytes = compressed.reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(BYTES_MAX);
  });

  it("loads nothing from elsewhere and runs nothing inline", () => {
    const shell = readFileSync(join(FOLDER, "index.html"), "utf8");
    const loaded = [...shell.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address);
    expect(loaded.filter((address) => !address.startsWith("data:"))).toEqual([
      ...names.filter((name) => name.endsWith(".css")).map((name) => `/${name}`),
      ...names.filter((name) => name.endsWith(".js")).map((name) => `/${name}`),
    ]);
    expect(shell).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
    const style = readFileSync(join(FOLDER, names.find((name) => name.endsWith(".css")) ?? ""), "utf8");
    expect(style).not.toMatch(/url\(|@import/);
    const script = readFileSync(join(FOLDER, names.find((name) => name.endsWith(".js")) ?? ""), "utf8");
    expect(script).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML/);
    expect(script.match(/https?:\/\/(?!www\.w3\.org\/)/g)).toBeNull();
  });
});
