import { type ChildProcess, spawn } from "node:child_process";
import { FESTINA_COMMAND } from "./devnetProcess.ts";
import { waitFor } from "./waitFor.ts";

const EVENT_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;

/** `festina mine` in a process of its own. */
export class MineProcess {
  readonly #child: ChildProcess;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  output = "";
  errors = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.output += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.errors += chunk;
    });
    this.ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  }

  static start(...args: readonly string[]): MineProcess {
    return new MineProcess(
      spawn(process.execPath, [FESTINA_COMMAND, "mine", ...args], { stdio: ["ignore", "pipe", "pipe"] }),
    );
  }

  /** What it told with `--json`. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    const whole = this.output.slice(0, this.output.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  waitForEvent(
    name: string,
    isIt: (event: Readonly<Record<string, unknown>>) => boolean,
  ): Promise<Readonly<Record<string, unknown>>> {
    return waitFor(`the event ${name}`, EVENT_TIMEOUT_MS, () =>
      this.events.find((event) => event["event"] === name && isIt(event)),
    );
  }

  /** Ctrl-C. Answers with the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGINT");
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    const code = await this.ended;
    clearTimeout(insist);
    return code;
  }
}
