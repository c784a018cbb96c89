// Below the adapters nobody reads a clock, sets a timer or rolls dice on their own.
import { describe, expect, it } from "@jest/globals";
import { findAmbientWorld } from "./ambientWorld.ts";
import { listFiles, readText } from "./trackedFiles.ts";

/** Where the world comes in: adapters, and the programs around a node. */
const WORLDLY: ReadonlySet<string> = new Set(["adapters", "cli", "client", "devnet", "explorer"]);
/** Files that may, each with its reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["packages/rpc/src/namespaces/filters.ts", "long answers let the event loop breathe; no RPC runs in simulation"],
  ["packages/rpc/src/namespaces/logQuery.ts", "as filters.ts"],
  ["packages/sim/src/wholeNode/wholeNodeWorld.ts", "sits out the promises of one event before the next"],
]);

const sources = listFiles().filter((path) => {
  const [top, name = "", part] = path.split("/");
  return top === "packages" && part === "src" && path.endsWith(".ts") && !WORLDLY.has(name);
});

describe("the world around a node", () => {
  it("is reached through adapters only", () => {
    expect(sources.length).toBeGreaterThan(100);
    const found = sources.flatMap((path) => {
      if (EXCEPTIONS.has(path)) return [];
      return findAmbientWorld(readText(path) ?? "").map((what) => `${path}: ${what}`);
    });
    expect(found).toEqual([]);
  });

  it("is still needed where it is excepted", () => {
    for (const path of EXCEPTIONS.keys())
      expect([path, findAmbientWorld(readText(path) ?? "")]).not.toEqual([path, []]);
  });

  it("is found where it is planted", () => {
    expect(findAmbientWorld("const t = setTimeout(f, 1);")).toEqual(["setTimeout"]);
    expect(findAmbientWorld("const t = performance.now() + Date.now();")).toEqual(["performance.now", "Date.now"]);
    expect(findAmbientWorld('import { setImmediate as turn } from "node:timers/promises";')).toEqual([
      "setImmediate",
      "node:timers",
    ]);
    expect(findAmbientWorld("const now = new Date();\nconst r = Math.random();")).toHaveLength(2);
    expect(findAmbientWorld('import { randomBytes } from "node:crypto";')).toEqual(["randomBytes"]);
  });

  it("may be spoken of", () => {
    expect(findAmbientWorld("// unlike Date.now\nconst a = 1; // setTimeout\n/** Math.random */")).toEqual([]);
    expect(findAmbientWorld("clock.setTimer(1, f); prng.randomness; offsetTimeout();")).toEqual([]);
  });
});
