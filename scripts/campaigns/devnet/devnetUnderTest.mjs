// The devnet under test: one command in a process of its own, whose nodes are killed and restarted through its socket.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import { devnetLayout, loadManifest, placeProcesses, sendCommand } from "@festina/devnet";
import { connectTo } from "../../outside/askNode.mjs";
import { repositoryRoot } from "../../prepare.mjs";
import { waitFor } from "./patience.mjs";

export const MEMBERS = 4;
const MINERS = 1;
const READY_MS = 120_000;
const DOWN_MS = 20_000;
const STOP_MS = 40_000;
const RESTART_POLL_MS = 10;
export const COMMAND = join(repositoryRoot, "packages/cli/bundle/runMain.cjs");
/** Peer ports lie this far above the RPC ports; both stay below the system's own range. */
const PEER_PORT_OFFSET = 22_000;
const PORT_BASES = { first: 10_645, step: 10, count: 180 };

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** First of enough ports in a row that are free, as are their peer ports. */
export async function findPortBase() {
  for (let index = 0; index < PORT_BASES.count; index++) {
    const base = PORT_BASES.first + index * PORT_BASES.step;
    const ports = Array.from({ length: MEMBERS + MINERS }, (_, offset) => base + offset);
    const free = await Promise.all(ports.flatMap((port) => [isFree(port), isFree(port + PEER_PORT_OFFSET)]));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no block of free ports for the devnet");
}

export class DevnetUnderTest {
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;
  /** @type {Promise<number> | null} */
  #ended = null;
  #output = "";
  /** @type {ReturnType<typeof placeProcesses>} */
  placed = [];
  /** @type {import("@festina/chainspec").ChainSpec | undefined} set by `start` */
  spec;

  #extraArgs;

  /** `extraArgs` go to `festina devnet` when it makes the network. */
  constructor(dataDir, extraArgs = []) {
    this.#extraArgs = extraArgs;
    this.layout = devnetLayout(dataDir);
    this.down = new Set();
  }

  /** Makes the network, or goes on with the one that lies in the folder. */
  async start(rpcPort) {
    const { root } = this.layout;
    const known = loadManifest(this.layout);
    const port = known?.rpcPort ?? rpcPort ?? (await findPortBase());
    const args = [
      "devnet",
      "--data-dir",
      root,
      "--members",
      `${MEMBERS}`,
      "--miners",
      `${MINERS}`,
      "--rpc-port",
      `${port}`,
      ...this.#extraArgs,
    ];
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    const take = (chunk) => {
      this.#output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    this.#ended = new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    /** @type {number | null} */
    let code = null;
    this.#ended.then((ended) => {
      code = ended;
    });
    await waitFor("all processes", READY_MS, () => {
      if (code !== null) throw new Error(`the devnet ended with code ${code}:\n${this.#output}`);
      return this.#output.includes("all processes are up");
    });
    const manifest = loadManifest(this.layout);
    if (manifest === null) throw new Error(`the devnet wrote no manifest in ${root}`);
    this.placed = placeProcesses(this.layout, manifest);
    const spec = checkChainSpec(parseChainSpecJson(readFileSync(this.layout.chainSpecFile, "utf8")));
    if (!spec.ok) throw new Error(spec.error.message);
    this.spec = spec.value;
  }

  /** Development accounts, as the devnet prints them. */
  get accounts() {
    const found = this.#output.matchAll(/^ {2}\(\d+\) (0x[0-9a-f]{40}) {2}(0x[0-9a-f]{64})$/gm);
    return [...found].map(([, address, secretKey]) => ({ address, secretKey }));
  }

  /** Processes that ended without having been killed, as the devnet told it. */
  get deaths() {
    return [...this.#output.matchAll(/^(m[a-z]+-\d+) is down \((code [^)]*)\)/gm)].map(
      ([, name, how]) => `${name} (${how})`,
    );
  }

  get names() {
    return this.placed.map(({ name }) => name);
  }

  get members() {
    return this.names.slice(0, MEMBERS);
  }

  get living() {
    return this.members.filter((name) => !this.down.has(name));
  }

  /** Owner's address of a member: the validators of the chain spec stand in the members' order. */
  validatorOf(name) {
    return this.spec?.genesisValidators[this.members.indexOf(name)]?.address;
  }

  /** `ask(method, ...params)` of one process. */
  rpc(name) {
    const placed = this.placed.find((process) => process.name === name);
    if (placed === undefined) throw new Error(`the devnet has no process ${name}`);
    return connectTo(`http://127.0.0.1:${placed.rpcPort}`);
  }

  async head(name) {
    return Number(await this.rpc(name)("eth_blockNumber"));
  }

  /** SIGKILL to all of these in the same moment. */
  async kill(names) {
    for (const name of names) this.down.add(name);
    const answers = await Promise.all(names.map((name) => this.#command("kill", name)));
    const refused = answers.find((answer) => !answer.ok);
    if (refused !== undefined) throw new Error(refused.error.message);
  }

  /** When the supervisor was told to start each of them, which it can only be once the last process is gone. */
  async restart(names) {
    const told = await Promise.all(
      names.map(async (name) => {
        let atMs = 0;
        const begin = async () => {
          atMs = performance.now();
          return (await this.#command("restart", name)).ok;
        };
        await waitFor(`the end of ${name}`, DOWN_MS, begin, RESTART_POLL_MS);
        return /** @type {const} */ ([name, atMs]);
      }),
    );
    for (const name of names) this.down.delete(name);
    return new Map(told);
  }

  #command(action, name) {
    return sendCommand(this.layout.controlSocket, { action, process: name });
  }

  logFile(name) {
    return this.layout.process(name).logFile;
  }

  log(name) {
    return readFileSync(this.logFile(name), "utf8");
  }

  async stop() {
    const child = this.#child;
    if (child === null) return;
    child.kill("SIGINT");
    const insist = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await this.#ended;
    clearTimeout(insist);
  }
}
