import { spawn } from "node:child_process";
import { FESTINA_COMMAND } from "./devnetProcess.ts";

const READY_TIMEOUT_MS = 30_000;

export interface DevProcess {
  readonly url: string;
  readonly pid: number;
  /** `code 1` or `SIGKILL`; `null` while it runs. */
  exit(): string | null;
  /** What was printed so far. */
  output(): string;
  /** Ctrl-C. Answers with the exit code. */
  stop(): Promise<number | null>;
}

/** `festina dev` on a free port. */
export async function startDevProcess(args: readonly string[] = [], command = FESTINA_COMMAND): Promise<DevProcess> {
  const child = spawn(process.execPath, [command, "dev", "--port", "0", "--json", ...args]);
  let exit: string | null = null;
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code, signal) => {
      exit = signal ?? `code ${code}`;
      resolve(code);
    }),
  );
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Error(`festina dev did not begin:\n${output}`));
    const timer = setTimeout(fail, READY_TIMEOUT_MS);
    const take = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      const found = /"event":"ready","url":"([^"]+)"/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    void ended.then(fail);
  });
  return {
    url,
    pid: child.pid ?? 0,
    exit: () => exit,
    output: () => output,
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}
