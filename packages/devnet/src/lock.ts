import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { OperationError } from "@festina/primitives";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** One supervisor per folder. A lock whose process is gone is taken over. @throws OperationError DEVNET_RUNNING */
export function takeLock(file: string): () => void {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (Number.isSafeInteger(pid) && pid > 0 && isAlive(pid)) {
      throw new OperationError(
        "DEVNET_RUNNING",
        `a devnet already runs on this folder (process ${pid}); stop it, or choose another with --data-dir`,
      );
    }
  } catch (error) {
    if (error instanceof OperationError) throw error;
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
