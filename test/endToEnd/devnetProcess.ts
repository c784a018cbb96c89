import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createRpcClient, type RpcClient } from "@festina/rpc";
import { findPortBase } from "./freePorts.ts";
import { waitFor } from "./waitFor.ts";

/**
 * The built command, from the repository's root, where tests and scripts run: a bundle of this module lies elsewhere.
 * The tests' runner builds before it starts them.
 */
export const FESTINA_COMMAND = resolve("packages/cli/bundle/runMain.cjs");

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

export interface DevnetStartOptions {
  readonly members?: number;
  readonly miners?: number;
  /** Kept by `stop`; a temporary one, which `stop` removes, when absent. */
  readonly dataDir?: string;
  /** First of the RPC ports; free ones are looked for when absent. An existing network knows its own. */
  readonly rpcPort?: number;
  /** More of the command's options. */
  readonly options?: readonly string[];
}

export interface DevnetAccount {
  readonly address: string;
  /** 0x and 64 hex digits. */
  readonly secretKey: string;
}

export interface StoppedDevnet {
  readonly exitCode: number | null;
  /** Processes of the network that outlived its supervisor: there must be none. */
  readonly leftOver: readonly number[];
}

/** A devnet as its user runs it: one command in a process of its own, known by what it prints. */
export class DevnetProcess {
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #isTemporary: boolean;
  #output = "";
  #exit: string | null = null;
  readonly #ended: Promise<number | null>;
  /** Every process of the network that was ever seen. */
  readonly #seen = new Set<number>();

  constructor(child: ChildProcess, dataDir: string, isTemporary: boolean) {
    this.#child = child;
    this.dataDir = dataDir;
    this.#isTemporary = isTemporary;
    const take = (chunk: string): void => {
      this.#output += chunk;
    };
    child.stdout?.setEncoding("utf8").on("data", take);
    child.stderr?.setEncoding("utf8").on("data", take);
    this.#ended = new Promise((resolve) =>
      child.once("close", (code, signal) => {
        this.#exit = signal ?? `code ${code}`;
        resolve(code);
      }),
    );
  }

  /** What was printed so far. */
  get output(): string {
    return this.#output;
  }

  /** How the command ended, `code 1` or `SIGKILL`; `null` while it runs. */
  get exit(): string | null {
    return this.#exit;
  }

  get lines(): readonly string[] {
    return this.#output.split("\n");
  }

  get accounts(): readonly DevnetAccount[] {
    return [...this.#output.matchAll(/^ {2}\(\d+\) (0x[0-9a-f]{40}) {2}(0x[0-9a-f]{64})$/gm)].map(
      ([, address = "", secretKey = ""]) => ({ address, secretKey }),
    );
  }

  /** RPC address by process name: member-1, member-2, ..., miner-1, ... */
  get urls(): ReadonlyMap<string, string> {
    const found = this.#output.matchAll(/^ {2}(m[a-z]+-\d+) +(http:\S+)$/gm);
    return new Map([...found].map(([, name = "", url = ""]) => [name, url]));
  }

  url(name = "member-1"): string {
    const url = this.urls.get(name);
    if (url === undefined) throw new Error(`no address of ${name} in:\n${this.#output}`);
    return url;
  }

  webSocketUrl(name = "member-1"): string {
    return this.url(name).replace("http:", "ws:");
  }

  rpc(name = "member-1"): RpcClient {
    return createRpcClient(this.url(name));
  }

  async head(name = "member-1"): Promise<number> {
    return Number(await this.rpc(name).call<string>("eth_blockNumber"));
  }

  /** Waits until `name` has block `number`. */
  async waitForBlock(number: number, timeoutMs = 60_000, name = "member-1"): Promise<void> {
    await waitFor(`block ${number} at ${name}`, timeoutMs, async () => {
      const head = await this.head(name).catch(() => -1);
      return head >= number ? head : null;
    });
  }

  async waitForOutput(pattern: RegExp, timeoutMs: number): Promise<string> {
    return waitFor(`${pattern} in the output`, timeoutMs, () => pattern.exec(this.#output)?.[0]);
  }

  /** Process ids of the members and miners that run now. */
  processIds(): readonly number[] {
    const own = this.#child.pid;
    const ids = own === undefined ? [] : childrenOf(own);
    for (const id of ids) this.#seen.add(id);
    return ids;
  }

  /** The log of one process: JSON, one event a line, mixed with what Node itself said. */
  log(name = "member-1"): string {
    return readFileSync(join(this.dataDir, name, "node.log"), "utf8");
  }

  /** `festina devnet kill NAME`, as from another terminal. Names are numbers of members, or miner-1 and the like. */
  kill(name: string): Promise<string> {
    return this.#command("kill", name);
  }

  async restart(name: string): Promise<string> {
    const answer = await this.#command("restart", name);
    this.processIds();
    return answer;
  }

  #command(action: "kill" | "restart", name: string): Promise<string> {
    const args = [FESTINA_COMMAND, "devnet", action, name, "--data-dir", this.dataDir];
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, { timeout: 30_000 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new Error(`devnet ${action} ${name}: ${stderr.trim()}`, { cause: error }));
      });
    });
  }

  /** Ctrl-C. The data folder goes too when it was temporary. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<StoppedDevnet> {
    this.processIds();
    this.#child.kill(signal);
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    const exitCode = await this.#ended;
    clearTimeout(insist);
    const leftOver = [...this.#seen].filter(isAlive);
    for (const id of leftOver) process.kill(id, "SIGKILL");
    if (this.#isTemporary) rmSync(this.dataDir, { recursive: true, force: true });
    return { exitCode, leftOver };
  }

  /** Waits until every process said that it is ready; ends what was started when that fails. */
  async waitUntilReady(): Promise<void> {
    const isEnded = this.#ended.then((code) => {
      throw new Error(`the devnet ended with code ${code} before it was up:\n${this.#output}`);
    });
    try {
      await Promise.race([this.waitForOutput(/^all processes are up$/m, READY_TIMEOUT_MS), isEnded]);
      this.processIds();
    } catch (error) {
      await this.stop();
      throw error;
    }
    isEnded.catch(() => undefined);
  }
}

function childrenOf(parent: number): number[] {
  const children: number[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // "pid (name) state ppid ...": the name may hold spaces and parentheses.
      const status = readFileSync(`/proc/${entry}/stat`, "utf8");
      const ppid = Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
      if (ppid === parent) children.push(Number(entry));
    } catch {
      // Gone between the listing and the reading.
    }
  }
  return children;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts a devnet and waits until all its processes are up. */
export async function startDevnet(options: DevnetStartOptions = {}): Promise<DevnetProcess> {
  const { members = 4, miners = 1 } = options;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "festina-devnet-"));
  const isKnown = readdirOrEmpty(dataDir).includes("devnet.json");
  const port = options.rpcPort ?? (isKnown ? null : await findPortBase(members + miners));
  const args = [FESTINA_COMMAND, "devnet", "--data-dir", dataDir, "--members", `${members}`, "--miners", `${miners}`];
  const portArgs = port === null ? [] : ["--rpc-port", `${port}`];
  const child = spawn(process.execPath, [...args, ...portArgs, ...(options.options ?? [])], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const devnet = new DevnetProcess(child, dataDir, options.dataDir === undefined);
  await devnet.waitUntilReady();
  return devnet;
}

function readdirOrEmpty(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
