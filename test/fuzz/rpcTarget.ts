// The node that malformed requests are sent to: one that runs, or one started for the occasion.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { startDevnet } from "../endToEnd/devnetProcess.ts";
import { startDevProcess } from "../endToEnd/devProcess.ts";

export const TARGET_NAMES = ["dev", "devnet"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export interface RpcTarget {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

const BYTES_PER_MB = 1024;
const ATTACKED = "member-1";

async function startMember(): Promise<RpcTarget> {
  const devnet = await startDevnet();
  const isAttacked = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/${ATTACKED}/`);
  const pid = devnet.processIds().find(isAttacked);
  if (pid === undefined) {
    await devnet.stop();
    throw new Error(`no process of ${ATTACKED}`);
  }
  return { url: devnet.url(ATTACKED), pid, stop: () => devnet.stop() };
}

export function startTarget(name: TargetName): Promise<RpcTarget> {
  return name === "devnet" ? startMember() : startDevProcess(["--quiet"], resolve("packages/cli/bundle/runMain.cjs"));
}

/** VmRSS of the process, in MB of 1,048,576 bytes. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / BYTES_PER_MB;
}
