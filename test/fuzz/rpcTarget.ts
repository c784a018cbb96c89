// The node that malformed requests are sent to: one that runs, or one started for the occasion.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type DevnetProcess, startDevnet } from "../endToEnd/devnetProcess.ts";
import { startDevProcess } from "../endToEnd/devProcess.ts";
import { waitFor } from "../endToEnd/waitFor.ts";

export const TARGET_NAMES = ["dev", "devnet"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** What is known of a node that no longer answers. */
export interface TargetEnd {
  /** `code 1` or `SIGKILL`; what the process is doing where it still runs. */
  readonly process: string;
  /** The newest lines that it, and whoever watches over it, has written. */
  readonly lastLines: readonly string[];
}

export interface RpcTarget {
  readonly url: string;
  readonly pid: number;
  /** Why it does not answer, as far as can be told; gives its process some seconds to end. */
  explain(): Promise<TargetEnd>;
  stop(): Promise<unknown>;
}

const KIB_PER_MB = 1024;
const ATTACKED = "member-1";
const END_PATIENCE_MS = 5_000;
const LINES_MAX = 20;

const lastLines = (text: string): readonly string[] => text.trimEnd().split("\n").slice(-LINES_MAX);

/** What the system knows of a process; `null` where there is none. */
function describeRunning(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [state, memory] = [/^State:\s+(.+)/m.exec(status)?.[1], /^VmRSS:\s+(.+)/m.exec(status)?.[1]];
    // What has ended and was not waited for has no memory.
    if (memory === undefined) return null;
    return `runs: ${state}, ${memory} of memory, ${readdirSync(`/proc/${pid}/fd`).length} open files`;
  } catch {
    return null;
  }
}

/** `exit` answers once the end is known. */
async function describeEnd(pid: number, exit: () => string | null): Promise<string> {
  const isKnown = waitFor("the end of the process", END_PATIENCE_MS, () => exit());
  return isKnown.catch(() => describeRunning(pid) ?? "has ended, nobody saw how");
}

/** As its supervisor tells it, or that the supervisor has ended first, which every node follows. */
function exitOfMember(devnet: DevnetProcess): string | null {
  const told = new RegExp(`^${ATTACKED} is down \\((.+?)\\)`, "m").exec(devnet.output)?.[1];
  if (told !== undefined) return told;
  const { exit } = devnet;
  return exit === null ? null : `ended by its supervisor, which ended with ${exit}`;
}

async function startMember(): Promise<RpcTarget> {
  const devnet = await startDevnet();
  const isAttacked = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/${ATTACKED}/`);
  const pid = devnet.processIds().find(isAttacked);
  if (pid === undefined) {
    await devnet.stop();
    throw new Error(`no process of ${ATTACKED}`);
  }
  return {
    url: devnet.url(ATTACKED),
    pid,
    explain: async () => ({
      process: await describeEnd(pid, () => exitOfMember(devnet)),
      lastLines: [...lastLines(devnet.log(ATTACKED)), ...lastLines(devnet.output).map((line) => `supervisor: ${line}`)],
    }),
    stop: () => devnet.stop(),
  };
}

async function startDevelopmentChain(): Promise<RpcTarget> {
  const dev = await startDevProcess(["--quiet"], resolve("packages/cli/bundle/runMain.cjs"));
  const { url, pid } = dev;
  return {
    ...{ url, pid },
    explain: async () => ({ process: await describeEnd(pid, () => dev.exit()), lastLines: lastLines(dev.output()) }),
    stop: () => dev.stop(),
  };
}

export function startTarget(name: TargetName): Promise<RpcTarget> {
  return name === "devnet" ? startMember() : startDevelopmentChain();
}

/** A node that somebody else has started, whose output goes elsewhere. */
export function takeTarget(url: string, pid: number): RpcTarget {
  return {
    ...{ url, pid },
    explain: async () => ({ process: describeRunning(pid) ?? "has ended, nobody saw how", lastLines: [] }),
    stop: async () => undefined,
  };
}

/** VmRSS of the process, in MB of 1,048,576 bytes. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / KIB_PER_MB;
}
