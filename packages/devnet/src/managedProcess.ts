import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import type { ProcessLayout } from "./layout.ts";
import { type NodeLogLine, readNodeEvents } from "./processOutput.ts";

export type ProcessExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * Nodes know each other by pinned keys. Authorities of this environment would be read by each of them before anything
 * else, which takes longer than all the rest of Node's own start.
 */
function environmentOfNode(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_EXTRA_CA_CERTS"));
}

/** One node of the devnet as a process of its own: started, watched, stopped. */
export class ManagedProcess {
  readonly name: string;
  readonly #command: readonly string[];
  readonly #layout: ProcessLayout;
  readonly #onEvent: (event: NodeLogLine) => void;
  readonly #onExit: (exit: ProcessExit) => void;
  #child: ChildProcess | null = null;

  constructor(
    name: string,
    command: readonly string[],
    layout: ProcessLayout,
    onEvent: (event: NodeLogLine) => void,
    onExit: (exit: ProcessExit) => void,
  ) {
    this.name = name;
    this.#command = command;
    this.#layout = layout;
    this.#onEvent = onEvent;
    this.#onExit = onExit;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Loads the program, which then waits for `start`. */
  preload(): void {
    if (this.#child !== null) return;
    const log = createWriteStream(this.#layout.logFile, { flags: "a" });
    const [program, ...args] = this.#command;
    // Its standard input stays open as long as this process lives: when that ends, however it ends, the node stops.
    // A group of its own: Ctrl-C in the terminal reaches only the supervisor, which then stops everything in order.
    const child = spawn(program as string, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: environmentOfNode(),
    });
    this.#child = child;
    readNodeEvents(child.stdout, (line) => log.write(`${line}\n`), this.#onEvent);
    child.stderr.on("data", (chunk: Buffer) => log.write(chunk));
    child.on("error", (error) => log.write(`${error.message}\n`));
    child.stdin.on("error", () => undefined); // It has ended already, which "close" tells.
    child.on("close", (code, signal) => {
      this.#child = null;
      log.end();
      this.#onExit({ code, signal });
    });
  }

  start(): void {
    this.preload();
    this.#child?.stdin?.write("start\n");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Asks to end, insists after `patienceMs`; resolves when the process is gone. */
  async stop(patienceMs: number): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const insist = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await gone;
    clearTimeout(insist);
  }
}
