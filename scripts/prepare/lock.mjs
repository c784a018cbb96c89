// One preparation at a time in a checkout: whoever comes second waits for the first and then finds the work done.
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
/** A holder that died before writing its process id. */
const UNSIGNED_LOCK_MS_MAX = 5_000;
/** Removing a lock takes no time; who began to and is not through by then has died. */
const REMOVAL_MS_MAX = 5_000;
/** Longer than the sum of all steps' time limits; catches a process id that was given to somebody else. */
const LOCK_AGE_MS_MAX = 45 * 60_000;

/** The lock that this process holds. @type {string | null} */
let held = null;

/** One at a time. What `work` starts goes on holding the lock when this process is killed (`alsoHeldBy`). */
export async function withLock(root, work) {
  const path = join(root, ".cache", "prepare.lock");
  mkdirSync(join(root, ".cache"), { recursive: true });
  let told = false;
  while (!tryAcquire(path)) {
    if (isAbandoned(path) && removeAbandoned(path)) continue;
    if (!told) process.stderr.write("waiting for another process that is installing or building here ...\n");
    told = true;
    await sleep(POLL_MS);
  }
  held = path;
  const release = () => {
    held = null;
    rmSync(path, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function tryAcquire(path) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** A process that goes on with the work even if this one is killed: whoever comes next waits for it as well. */
export function alsoHeldBy(pid) {
  if (held !== null) appendFileSync(held, ` ${pid}`);
}

/** By one process at a time, for the lock of whoever was quicker looks the same to the slower one. False: try later. */
function removeAbandoned(path) {
  const removal = `${path}.removal`;
  if (!tryAcquire(removal)) {
    const stat = statSync(removal, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > REMOVAL_MS_MAX) rmSync(removal, { force: true });
    return false;
  }
  try {
    if (isAbandoned(path)) rmSync(path, { force: true });
    return true;
  } finally {
    rmSync(removal, { force: true });
  }
}

function isAbandoned(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const ageMs = Date.now() - stat.mtimeMs;
  if (ageMs > LOCK_AGE_MS_MAX) return true;
  const holders = readHolders(path);
  return holders.length > 0 ? !holders.some(isAlive) : ageMs > UNSIGNED_LOCK_MS_MAX;
}

function readHolders(path) {
  try {
    return readFileSync(path, "utf8")
      .split(" ")
      .map(Number)
      .filter((pid) => pid > 0);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
