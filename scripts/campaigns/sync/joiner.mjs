// A node of the campaign: its folder, its process, and what it says over RPC.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadOrCreateNodeKey } from "@festina/adapters";
import { connectTo } from "../../outside/askNode.mjs";
import { COMMAND } from "../devnet/devnetUnderTest.mjs";
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";

const ANSWER_MS = 120_000;
const REACH_MS = 1_800_000;
const STOP_MS = 30_000;
const NETWORK_PORT_OFFSET = 50;

/**
 * Writes the configuration of a node; `isFresh` forgets what it had.
 *
 * @param {string} root
 * @param {string} name
 * @param {{ rpcPort: number, dataDir: string, mode: string, peers?: string[], bootnodes?: string[], isFresh?: boolean }} choices
 *   peers it stays connected with, bootnodes it finds others by
 */
export async function makeFolder(root, name, { rpcPort, dataDir, mode, peers = [], bootnodes = [], isFresh = false }) {
  const folder = join(root, name);
  if (isFresh) rmSync(join(folder, dataDir), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { nodeId } = await loadOrCreateNodeKey(join(folder, "node.key"));
  const port = rpcPort + NETWORK_PORT_OFFSET;
  const config = {
    chainSpecFile: "../chainspec.json",
    dataDir,
    rpc: { port: rpcPort },
    network: { port, nodeKeyFile: "node.key", peers, bootnodes },
    sync: { mode },
  };
  const file = join(folder, "config.json");
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return { config: file, rpcPort, address: `${nodeId}@127.0.0.1:${port}` };
}

export class NodeProcess {
  #place;
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  /** Lines of its log. */
  log = [];

  constructor(place) {
    this.#place = place;
    this.ask = connectTo(`http://127.0.0.1:${place.rpcPort}`);
  }

  start() {
    const child = spawn(process.execPath, [COMMAND, "start", "--config", this.#place.config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => this.log.push(...text.split("\n").filter((line) => line !== "")));
    this.#ended = new Promise((resolve) => child.once("close", () => resolve()));
  }

  async #alive(what, limitMs, poll, pauseMs) {
    const watched = async () => {
      if (this.#child?.exitCode !== null)
        throw new Error(`the node ended while ${what}:\n${this.log.slice(-20).join("\n")}`);
      return orNothing(poll)();
    };
    return waitFor(what, limitMs, watched, pauseMs);
  }

  answers() {
    return this.#alive("answering", ANSWER_MS, () => this.ask("eth_chainId"), 100);
  }

  async head() {
    return Number(await this.ask("eth_blockNumber"));
  }

  /** Until it has executed or taken over everything up to `head`. */
  reaches(head) {
    return this.#alive(
      `reaching block ${head}`,
      REACH_MS,
      async () => (await this.head()) >= head && (await this.ask("eth_syncing")) === false,
      100,
    );
  }

  /** Same head, same accounts, by proofs that both give. */
  async isLike(other) {
    const number = `0x${Math.min(await this.head(), await other.head()).toString(16)}`;
    const asked = await other
      .ask("debug_accountRange", number, `0x${"00".repeat(32)}`, 200, true, true, false)
      .catch(() => null);
    const addresses = Object.values(asked?.accounts ?? {})
      .flatMap(({ address }) => (address ? [address] : []))
      .slice(0, 20);
    addresses.push("0x000000000000000000000000000000000000f001", "0x0000f90827f1c53a10cb7a02335b175320002935");
    for (const address of addresses) {
      const [own, theirs] = await Promise.all(
        [this, other].map((node) => node.ask("eth_getProof", address, ["0x0"], number)),
      );
      if (JSON.stringify(own) !== JSON.stringify(theirs)) return false;
    }
    const [own, theirs] = await Promise.all(
      [this, other].map((node) => node.ask("eth_getBlockByNumber", number, true)),
    );
    return own !== null && JSON.stringify(own) === JSON.stringify(theirs);
  }

  /** What its log says of the stages of its beginning, in their order. */
  stages() {
    const found = this.log.flatMap((line) => /"stage":"(\w+)"/.exec(line)?.[1] ?? []);
    return [...new Set(found)];
  }

  /** Whether it took over a state, by its log, which names every one; of stages it names those that last. */
  hasSettled() {
    return this.log.some((line) => line.includes("stateSettled"));
  }

  async kill() {
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  async stop() {
    this.#child?.kill("SIGINT");
    const insist = sleep(STOP_MS).then(() => this.#child?.exitCode === null && this.#child.kill("SIGKILL"));
    await Promise.race([this.#ended, insist]);
  }
}
