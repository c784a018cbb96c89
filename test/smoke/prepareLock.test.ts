// Two installations at once in one checkout would destroy each other's packages.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

const PREPARE = resolve(import.meta.dirname, "../../scripts/prepare");
const AT_ONCE = 8;
const NO_PROCESS = 2 ** 22 - 1;
const TIMEOUT_MS = 60_000;

/** Notes when it begins and ends, alone, a step of so many milliseconds, or until another has seen that it has to wait. */
const STEP = `
  import { appendFileSync } from "node:fs";
  import { withLock } from "${PREPARE}/lock.mjs";
  import { runCommand } from "${PREPARE}/runCommand.mjs";
  const [root, name, ms] = process.argv.slice(1);
  const note = (what) => appendFileSync(root + "/notes", what + " " + name + "\\n");
  const child = \`const { appendFileSync, existsSync } = require("fs");
    const [, root, name, ms] = process.argv;
    const endMs = Date.now() + Number(ms);
    appendFileSync(root + "/notes", "child of " + name + "\\\\n");
    const end = () => {
      if (Date.now() < endMs && !existsSync(root + "/waits")) return setTimeout(end, 10);
      appendFileSync(root + "/notes", "end of child of " + name + "\\\\n");
    };
    end();\`;
  await withLock(root, async () => {
    note("begin");
    const args = ["-e", child, root, name, ms];
    await runCommand({ label: name, file: process.execPath, args, shown: name, cwd: root, timeoutMs: 60_000 });
    note("end");
  });
`;

/** Once it has read that the holder of the lock has died, it goes on only when somebody else has begun. */
const SLOW = (root: string): string => `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { readFileSync } = fs;
  const hasBegun = () => fs.existsSync("${root}/notes") && readFileSync("${root}/notes", "utf8").includes("begin");
  fs.readFileSync = (file, ...rest) => {
    const text = readFileSync(file, ...rest);
    const isLock = file === "${root}/.cache/prepare.lock";
    if (isLock && hasBegun()) fs.writeFileSync("${root}/waits", "");
    if (!isLock || text !== "${NO_PROCESS}") return text;
    fs.writeFileSync("${root}/looked", "");
    while (!hasBegun()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    return text;
  };
  syncBuiltinESMExports();
`;

describe("preparing a checkout", () => {
  let root: string;
  const started: ChildProcess[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "festina-prepare-"));
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });

  function start(name: string, ms: number, ...options: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [...options, "--input-type=module", "-e", STEP, root, name, String(ms)], {
      stdio: "ignore",
    });
    started.push(child);
    return child;
  }
  const notes = (): readonly string[] =>
    existsSync(join(root, "notes")) ? readFileSync(join(root, "notes"), "utf8").trim().split("\n") : [];
  function leaveLockOfTheDead(): void {
    mkdirSync(join(root, ".cache"));
    writeFileSync(join(root, ".cache/prepare.lock"), String(NO_PROCESS));
  }
  async function noted(note: string): Promise<void> {
    while (!notes().includes(note)) await new Promise((done) => setTimeout(done, 20));
  }

  it(
    "is done by one at a time, also when all find the lock of one that died",
    async () => {
      leaveLockOfTheDead();
      const children = Array.from({ length: AT_ONCE }, (_, index) => start(`p${index}`, 30));
      expect(await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]))).toEqual(
        children.map(() => 0),
      );
      const names = notes()
        .filter((note) => note.startsWith("begin"))
        .map((note) => note.split(" ")[1]);
      expect(new Set(names).size).toBe(AT_ONCE);
      expect(notes()).toEqual(
        names.flatMap((name) => [`begin ${name}`, `child of ${name}`, `end of child of ${name}`, `end ${name}`]),
      );
      expect(existsSync(join(root, ".cache/prepare.lock"))).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    "is not begun by one who took the lock for abandoned before another one took it over",
    async () => {
      leaveLockOfTheDead();
      const preload = join(root, "slow.mjs");
      writeFileSync(preload, SLOW(root));
      const slow = start("slow", 10, "--import", preload);
      while (!existsSync(join(root, "looked"))) await new Promise((done) => setTimeout(done, 20));
      const quick = start("quick", 5_000);
      await Promise.all([slow, quick].map((child) => once(child, "exit")));
      expect(notes().filter((note) => !note.includes("child"))).toEqual([
        ...["begin quick", "end quick", "begin slow", "end slow"],
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    "waits for the step of one that was killed",
    async () => {
      const first = start("first", 1_500);
      await noted("child of first");
      first.kill("SIGKILL");
      await once(start("second", 10), "exit");
      expect(notes().slice(0, 4)).toEqual(["begin first", "child of first", "end of child of first", "begin second"]);
    },
    TIMEOUT_MS,
  );

  it(
    "ends its step with itself",
    async () => {
      const first = start("first", 1_500);
      await noted("child of first");
      first.kill("SIGTERM");
      expect((await once(first, "exit"))[0]).toBe(143);
      await once(start("second", 2_000), "exit");
      expect(notes()).not.toContain("end of child of first");
    },
    TIMEOUT_MS,
  );
});
