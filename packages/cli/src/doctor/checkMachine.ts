// The machine under a node: its clock, its disk, its ports.
import { closeSync, existsSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { NodeConfig } from "@festina/node";
import { type Finding, verdictOf } from "./finding.ts";

const MIB = 2 ** 20;
const FREE_MIB = { warnBelow: 5_120, badBelow: 512 };
/** A member flushes once per block before it signs, so this is part of every block's time. */
const FLUSH_MS = { warnAbove: 15, badAbove: 200 };
const FLUSHES = 15;
const FLUSH_BYTES = 4_096;
/** Proposals whose time differs more from a member's clock are not voted for. */
const CLOCK_MS = { warnAbove: 1_500, badAbove: 10_000 };
const ANSWER_MS = 5_000;
/** What `Date` headers are rounded down by. */
const HEADER_MS = 1_000;

export function checkProgram(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  return {
    check: "program",
    verdict: isEnough ? "ok" : "bad",
    message: `Node ${version}${isEnough ? "" : "; 20.19 or later is needed"}`,
  };
}

/** Of the folder itself, or of the nearest one above it that is there. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

function medianFlushMs(folder: string): number {
  const file = join(folder, `.flush-${process.pid}`);
  const handle = openSync(file, "wx", 0o600);
  try {
    const times = Array.from({ length: FLUSHES }, () => {
      writeSync(handle, new Uint8Array(FLUSH_BYTES));
      const startMs = performance.now();
      fdatasyncSync(handle);
      return performance.now() - startMs;
    });
    return times.sort((a, b) => a - b)[Math.floor(FLUSHES / 2)] as number;
  } finally {
    closeSync(handle);
    rmSync(file);
  }
}

export function checkDisk(dataDir: string): readonly Finding[] {
  const folder = nearestFolder(dataDir);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const freeMib = Math.floor((bavail * bsize) / MIB);
    const { warnBelow, badBelow } = FREE_MIB;
    const space = freeMib < badBelow ? "bad" : freeMib < warnBelow ? "warn" : "ok";
    const flushMs = medianFlushMs(folder);
    return [
      { check: "disk", verdict: space, message: `${freeMib} MiB are free at ${folder}` },
      {
        check: "disk",
        verdict: verdictOf(flushMs, FLUSH_MS.warnAbove, FLUSH_MS.badAbove),
        message: `a flush takes ${flushMs.toFixed(1)} ms; a member waits for one per block`,
      },
    ];
  } catch (error) {
    return [{ check: "disk", verdict: "bad", message: `${folder} cannot be written: ${(error as Error).message}` }];
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** `isRunning`: the node itself holds its ports now. */
export async function checkPorts(
  { rpc, network, metrics }: NodeConfig,
  isRunning: boolean,
): Promise<readonly Finding[]> {
  const wanted = Object.entries({ rpc, network, metrics }).flatMap(([name, place]) =>
    place == null || place.port === 0 ? [] : [{ name, ...place }],
  );
  return Promise.all(
    wanted.map(async ({ name, host, port }): Promise<Finding> => {
      const isTaken = !(await isFree(host, port));
      const what = `port ${port} of ${name} on ${host}`;
      if (isRunning)
        return {
          check: "ports",
          verdict: isTaken ? "ok" : "warn",
          message: `${what} is ${isTaken ? "" : "not "}held while the node runs`,
        };
      return {
        check: "ports",
        verdict: isTaken ? "bad" : "ok",
        message: `${what} is ${isTaken ? "taken by another program" : "free"}`,
      };
    }),
  );
}

/** Compares the clock with the one of a web server, such as a trusted node's RPC. */
export async function checkClock(url: string | undefined): Promise<Finding> {
  if (url === undefined)
    return { check: "clock", verdict: "ok", message: "not compared; --from URL compares it with that node's" };
  try {
    const askedMs = Date.now();
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
    const middleMs = (askedMs + Date.now()) / 2;
    const told = Date.parse(answer.headers.get("date") ?? "");
    if (Number.isNaN(told)) return { check: "clock", verdict: "warn", message: `${url} tells no time` };
    const offMs = Math.max(0, Math.abs(middleMs - (told + HEADER_MS / 2)) - HEADER_MS / 2);
    return {
      check: "clock",
      verdict: verdictOf(offMs, CLOCK_MS.warnAbove, CLOCK_MS.badAbove),
      message: `${offMs < 1 ? "agrees" : `differs by ${(offMs / 1_000).toFixed(1)} s`} with ${url}; keep it set by NTP`,
    };
  } catch {
    return { check: "clock", verdict: "warn", message: `${url} does not answer` };
  }
}
