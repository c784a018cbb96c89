// One process of the network, and what its log tells: when it proposed which block, and when each became final at it.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { COMMAND } from "../devnet/devnetUnderTest.mjs";
import { sleep } from "../devnet/patience.mjs";

const STOP_MS = 10_000;

export class WanNode {
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  #within;
  isReady = false;
  head = 0;
  /** Unix ms by block hash: PRE-PREPARE sent, by this node. */
  proposed = new Map();
  /** `{ number, atMs }` by block hash: final here, with certificate, executed and written. */
  committed = new Map();
  viewsSkipped = 0;

  constructor({ name, folder, within }) {
    this.name = name;
    this.folder = folder;
    this.#within = within;
  }

  start(environment) {
    const [command, ...args] = [...this.#within, process.execPath, COMMAND, "start", "--config"];
    const child = spawn(command, [...args, join(this.folder, "config.json")], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    this.#child = child;
    const file = createWriteStream(join(this.folder, "node.log"));
    child.stderr.pipe(file, { end: false });
    createInterface({ input: child.stdout }).on("line", (line) => {
      file.write(`${line}\n`);
      this.#read(line);
    });
    this.#ended = new Promise((resolve) => child.once("close", () => file.end(() => resolve())));
  }

  get isAlive() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #read(line) {
    if (!line.startsWith("{")) return;
    const { event, time, hash, number } = JSON.parse(line);
    if (event === "ready") this.isReady = true;
    if (event === "viewSkipped") this.viewsSkipped += 1;
    // The last block of an epoch may be proposed twice; its time runs from the first.
    if (event === "proposalSent" && !this.proposed.has(hash)) this.proposed.set(hash, time);
    if (event !== "blockCommitted") return;
    this.committed.set(hash, { number, atMs: time });
    this.head = Math.max(this.head, number);
  }

  async stop() {
    this.#child?.kill("SIGINT");
    const insist = sleep(STOP_MS).then(() => this.kill());
    await Promise.race([this.#ended, insist]);
  }

  kill() {
    this.#child?.kill("SIGKILL");
  }
}
