// One `festina dev` for a file of tests, in a process of its own, and commands that are run against it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { type Ran, runCommand } from "./runCommand.ts";

/** The command as users have it. */
export const FESTINA = resolve(import.meta.dirname, "../../../bin/festina.mjs");
const READY_TIMEOUT_MS = 30_000;
const START_TIMEOUT_MS = 60_000;

export interface DevUnderTest {
  readonly url: string;
  /** A command with `--rpc`. */
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** What a command answers with `--json`; a failure is one of the test. */
  readonly answer: <T = Record<string, string>>(...args: readonly string[]) => Promise<T>;
  readonly stop: () => Promise<void>;
}

export async function startDev(...options: readonly string[]): Promise<DevUnderTest> {
  const child = spawn(process.execPath, [FESTINA, "dev", "--port", "0", "--json", ...options]);
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  let output = "";
  const url = await new Promise<string>((found, failed) => {
    const fail = (): void => failed(new Error(`festina dev did not begin:\n${output}`));
    const timer = setTimeout(fail, READY_TIMEOUT_MS);
    const take = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      const ready = /"event":"ready","url":"([^"]+)"/.exec(output)?.[1];
      if (ready === undefined) return;
      clearTimeout(timer);
      found(ready);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    void ended.then(fail);
  });
  const run = (...args: readonly string[]): Promise<Ran> => runCommand(...args, "--rpc", url);
  return {
    url,
    run,
    answer: async (...args) => {
      const { code, out, err } = await run(...args, "--json");
      if (code !== 0) throw new Error(`${args.join(" ")}: exit code ${code}\n${err}`);
      return JSON.parse(out);
    },
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** A chain and a folder for all tests of a `describe`, gone after the last. */
export function useDev() {
  const home = mkdtempSync(join(tmpdir(), "festina-cli-"));
  let started: DevUnderTest | undefined;
  const begun = (): DevUnderTest => {
    if (started === undefined) throw new Error("the chain is there for tests only");
    return started;
  };
  beforeAll(async () => {
    started = await startDev();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await started?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const dev: Omit<DevUnderTest, "stop"> = {
    get url() {
      return begun().url;
    },
    run: (...args) => begun().run(...args),
    answer: (...args) => begun().answer(...args),
  };
  /** The path of a file with this text. */
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  return { home, dev, file };
}
