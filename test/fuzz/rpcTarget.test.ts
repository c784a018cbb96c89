// What is told of a node that no longer answers while it is sent malformed requests.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../endToEnd/waitFor.ts";
import { startTarget, takeTarget } from "./rpcTarget.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOBODY = 2 ** 22 + 1; // above the largest process id

describe("a node that no longer answers", () => {
  it("is told by how the member of a devnet ended, with its log's last lines", async () => {
    const target = await startTarget("devnet");
    try {
      process.kill(target.pid, "SIGKILL");
      const { process: how, lastLines } = await target.explain();
      expect(how).toBe("SIGKILL");
      expect(lastLines.some((line) => line.includes('"event":"'))).toBe(true);
      expect(lastLines.some((line) => line.startsWith("supervisor: member-1 is down"))).toBe(true);
    } finally {
      await target.stop();
    }
  }, 90_000);

  it("and still runs is told by its state", async () => {
    const { process: how } = await takeTarget("http://127.0.0.1:1", process.pid).explain();
    expect(how).toMatch(/^runs: .+, \d+ kB of memory, \d+ open files$/);
  });

  it("and was started by somebody else has ended without a word", async () => {
    expect(await takeTarget("http://127.0.0.1:1", NOBODY).explain()).toEqual({
      ...{ process: "has ended, nobody saw how", lastLines: [] },
    });
  });
});

describe("npm run fuzz -- rpc, when something ends on the way", () => {
  const home = mkdtempSync(join(tmpdir(), "festina-fuzz-end-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** The command under way, in a process group of its own, once some requests are answered. */
  async function begin(name: string): Promise<{ fuzz: ChildProcess; node: number; ended: Promise<number | null> }> {
    const options = ["--requests", "100000000", "--state", join(home, name), "--json", join(home, `${name}.json`)];
    const fuzz = spawn(process.execPath, [join(ROOT, "scripts/fuzz.mjs"), "rpc", ...options], {
      ...{ cwd: ROOT, detached: true, stdio: "ignore" },
    });
    const ended = new Promise<number | null>((resolve) => fuzz.once("close", resolve));
    const isUnderWay = (): true | null => (readdirOrEmpty(join(home, name)).includes("rpc.json") ? true : null);
    await waitFor("some answers", 60_000, isUnderWay);
    const isNode = (pid: string): boolean => parentOf(pid) === fuzz.pid && commandOf(pid).includes("runMain.cjs");
    const node = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && isNode(entry));
    return { fuzz, node: Number(node), ended };
  }
  const report = (name: string) => JSON.parse(readFileSync(join(home, `${name}.json`), "utf8"));

  it("says by what the node ended, and what it had printed", async () => {
    const { node, ended } = await begin("killed");
    process.kill(node, "SIGKILL");
    expect(await ended).toBe(1);
    const { isAlive, ends, requests } = report("killed");
    expect(isAlive).toBe(false);
    const printed = expect.arrayContaining([expect.stringContaining('"event":"ready"')]);
    expect(ends).toEqual([
      { requests, error: expect.stringMatching(/ECONN|hang up/), process: "SIGKILL", lastLines: printed },
    ]);
  }, 90_000);

  it("does not blame the node where the same signal has reached both", async () => {
    const { fuzz, ended } = await begin("interrupted");
    process.kill(-(fuzz.pid as number), "SIGTERM");
    expect(await ended).toBe(0);
    const { isAlive, ends, faults } = report("interrupted");
    expect({ ends, faults }).toEqual({ ends: [], faults: [] });
    expect(isAlive).not.toBe(false);
  }, 90_000);
});

function readdirOrEmpty(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const commandOf = (pid: string): string => readOrEmpty(`/proc/${pid}/cmdline`);

/** "pid (name) state ppid ...": the name may hold spaces and parentheses. */
function parentOf(pid: string): number {
  const status = readOrEmpty(`/proc/${pid}/stat`);
  return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}
