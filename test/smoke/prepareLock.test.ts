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

/** Notes when it begins and ends, alone, a step of so many milliseconds. */
const STEP = `
  import { appendFileSync } from "node:fs";
  import { withLock } from "${PREPARE}/lock.mjs";
  import { runCommand } from "${PREPARE}/runCommand.mjs";
  const [root, name, ms] = process.argv.slice(1);
  const note = (what) => appendFileSync(root + "/notes", what + " " + name + "\\n");
  const child = 'require("fs").appendFileSync(process.argv[1], "child of " + process.argv[2] + "\\\\n");' +
    'setTimeout(() => require("fs").appendFileSync(process.argv[1], "end of child of " + process.argv[2] + "\\\\n"), +process.argv[3])';
  await withLock(root, async () => {
    note("begin");
    const args = ["-e", child, root + "/notes", name, ms];
    await runCommand({ label: name, file: process.execPath, args, shown: name, cwd: root, timeoutMs: 60_000 });
    note("end");
  });
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

  function start(name: string, ms: number): ChildProcess {
    const child = spawn(process.execPath, ["--input-type=module", "-e", STEP, root, name, String(ms)], {
      stdio: "ignore",
    });
    started.push(child);
    return child;
  }
  const notes = (): readonly string[] =>
    existsSync(join(root, "notes")) ? readFileSync(join(root, "notes"), "utf8").trim().split("\n") : [];
  async function noted(note: string): Promise<void> {
    while (!notes().includes(note)) await new Promise((done) => setTimeout(done, 20));
  }

  it(
    "is done by one at a time, also when all find the lock of one that died",
    async () => {
      mkdirSync(join(root, ".cache"));
      writeFileSync(join(root, ".cache/prepare.lock"), String(NO_PROCESS));
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
