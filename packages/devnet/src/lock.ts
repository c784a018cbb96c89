import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { OperationError } from "@festina/primitives";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Locks that this process has. */
const held = new Set<string>();

/** Whose lock lies there; `null` when there is none, or none that can be read. */
function ownerOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/**
 * One process per folder. A lock whose process is gone is taken over. Answers with what gives it back.
 * @throws what `refusal` makes of the process that has it
 */
export function takeLock(file: string, refusal: (pid: number) => OperationError): () => void {
  const owner = ownerOf(file);
  const path = resolve(file);
  // In a container every run has the same small process number: a lock with ours may be of a run before this one.
  const isTaken = owner === process.pid ? held.has(path) : owner !== null && isAlive(owner);
  if (owner !== null && isTaken) throw refusal(owner);
  writeFileSync(path, String(process.pid));
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}
