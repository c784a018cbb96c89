// The machine under a node: its clock, its disk, its ports.
import { closeSync, existsSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { NodeConfig } from "@festina/node";
import { type Finding, finding, messageOf, verdictOf } from "./finding.ts";

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
  return finding("program", isEnough ? "ok" : "bad", `Node ${version}${isEnough ? "" : "; 20.19 or later is needed"}`);
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

function checkSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  const verdict = freeMib < FREE_MIB.badBelow ? "bad" : freeMib < FREE_MIB.warnBelow ? "warn" : "ok";
  const cure = "; free some, or move dataDir to a larger disk: a node ends when it cannot write";
  return finding("disk", verdict, `${freeMib} MiB are free at ${folder}${verdict === "ok" ? "" : cure}`);
}

function checkFlush(folder: string): Finding {
  const ms = medianFlushMs(folder);
  const verdict = verdictOf(ms, FLUSH_MS.warnAbove, FLUSH_MS.badAbove);
  const cure = "; what else writes to this disk? A solid-state one of its own helps";
  const message = `a flush takes ${ms.toFixed(1)} ms; a member waits for one per block${verdict === "ok" ? "" : cure}`;
  return finding("disk", verdict, message);
}

/** What to do about it, by the code of a failed write. */
const WRITE_CURES: Readonly<Record<string, string>> = {
  ENOSPC: "; free some space",
  EDQUOT: "; this user's quota is used up",
  EACCES: "; the user that runs the node must own it",
  EPERM: "; the user that runs the node must own it",
  EROFS: "; it is mounted read-only",
  ENOTDIR: "; a file is in the way: dataDir must be a folder",
};

export function checkDisk(dataDir: string): readonly Finding[] {
  const folder = nearestFolder(dataDir);
  return [checkSpace, checkFlush].map((look) => {
    try {
      return look(folder);
    } catch (error) {
      const cure = WRITE_CURES[(error as NodeJS.ErrnoException).code ?? ""] ?? "";
      return finding("disk", "bad", `${folder} cannot be written: ${messageOf(error)}${cure}`);
    }
  });
}

/** `null`: nobody has the port, and we may. Otherwise the system's code. */
function refusalOf(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** What keeps a stopped node from its port, and what to do about it. */
function describeRefusal(code: string): string {
  switch (code) {
    case "EADDRINUSE":
      return "is taken by another program: stop that, or choose another port";
    case "EACCES":
      return "is not allowed to this user: choose one above 1023";
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "cannot be had: this machine has no such address; 127.0.0.1 is its own, 0.0.0.0 all that it has";
    default:
      return `cannot be had: ${code}`;
  }
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
      const refusal = await refusalOf(host, port);
      const what = `port ${port} of ${name} on ${host}`;
      if (isRunning && refusal === "EADDRINUSE") return finding("ports", "ok", `${what} is held while the node runs`);
      if (isRunning)
        return finding(
          "ports",
          "warn",
          `${what} is not held though the node runs: it is starting, or its log says why`,
        );
      if (refusal === null) return finding("ports", "ok", `${what} is free`);
      return finding("ports", "bad", `${what} ${describeRefusal(refusal)}`);
    }),
  );
}

/** Compares the clock with the one of a web server, such as a trusted node's RPC. */
export async function checkClock(url: string | undefined): Promise<Finding> {
  if (url === undefined) return finding("clock", "ok", "not compared; --from URL compares it with that node's");
  try {
    const askedMs = Date.now();
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
    const middleMs = (askedMs + Date.now()) / 2;
    const told = Date.parse(answer.headers.get("date") ?? "");
    if (Number.isNaN(told))
      return finding("clock", "warn", `${url} tells no time; name the RPC of a node that you trust`);
    const aheadMs = middleMs - (told + HEADER_MS / 2);
    const offMs = Math.max(0, Math.abs(aheadMs) - HEADER_MS / 2);
    const verdict = verdictOf(offMs, CLOCK_MS.warnAbove, CLOCK_MS.badAbove);
    const off = `is ${(offMs / 1_000).toFixed(1)} s ${aheadMs > 0 ? "ahead of" : "behind"} ${url}`;
    const cure = "; set it by NTP: blocks of a member whose clock is off get no votes";
    return finding("clock", verdict, offMs < 1 ? `agrees with ${url}` : `${off}${verdict === "ok" ? "" : cure}`);
  } catch {
    return finding("clock", "warn", `not compared: ${url} does not answer; name the RPC of a node that runs`);
  }
}
