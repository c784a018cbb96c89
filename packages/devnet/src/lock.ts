import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { OperationError } from "@festina/primitives";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

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
  if (owner !== null && isAlive(owner)) throw refusal(owner);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
