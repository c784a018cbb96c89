import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ScriptRun {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script of the scripts folder, as its user would. */
export function runScript(name: string, args: readonly string[], timeoutMs = 120_000): Promise<ScriptRun> {
  const file = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { timeout: timeoutMs }, (error, output, errors) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ exitCode, output, errors });
    });
  });
}
