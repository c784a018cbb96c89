// One preparation at a time in a checkout: whoever comes second waits for the first and then finds the work done.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
/** A holder that died before writing its process id. */
const UNSIGNED_LOCK_MS_MAX = 5_000;
/** Longer than the sum of all steps' time limits; catches a process id that was given to somebody else. */
const LOCK_AGE_MS_MAX = 45 * 60_000;

export async function withLock(root, work) {
  const path = join(root, ".cache", "prepare.lock");
  mkdirSync(join(root, ".cache"), { recursive: true });
  let told = false;
  while (!tryAcquire(path)) {
    if (isAbandoned(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) process.stderr.write("waiting for another process that is installing or building here ...\n");
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
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

function isAbandoned(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const ageMs = Date.now() - stat.mtimeMs;
  if (ageMs > LOCK_AGE_MS_MAX) return true;
  const holder = Number(readHolder(path));
  return holder > 0 ? !isAlive(holder) : ageMs > UNSIGNED_LOCK_MS_MAX;
}

function readHolder(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
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
