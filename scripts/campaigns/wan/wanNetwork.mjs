// The network of the campaign: folders of `festina testnet`, each process in a namespace of its own where that is permitted,
// and the links between them.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createPrng } from "@festina/primitives";
import { COMMAND } from "../devnet/devnetUnderTest.mjs";
import { waitFor } from "../devnet/patience.mjs";
import { openAsker } from "./asker.mjs";
import { hostOf, Namespaces } from "./namespaces.mjs";
import { openNetemLinks } from "./netemLinks.mjs";
import { openProxyLinks } from "./proxyLinks.mjs";
import { openRelayLinks } from "./relayLinks.mjs";
import { WanNode } from "./wanNode.mjs";

/**
 * @typedef {object} Links
 * @property {string} kind
 * @property {boolean} hasLoss
 * @property {(from: number, to: number) => number} [portOf] where proxies listen
 * @property {(from: number, to: number, link: { delayMs: number, loss: number, isCut: boolean }) => void} set
 * @property {() => Promise<Record<string, number>>} counts packets so far
 * @property {() => void} close
 */

const PASSWORD = { FESTINA_PASSWORD: "a password of no worth" };
const READY_MS = 180_000;
const FIRST_BLOCKS = 3;
const RPC_PORT = 8_545;
const NETWORK_PORT = 30_545;
/** All on one host: RPC, peers and proxies, each a stretch of ports below the system's own. */
const PROXY_BASES = { rpc: 15_400, network: 15_420, proxies: 15_440, step: 200, count: 40 };
const OPENERS = [openNetemLinks, openRelayLinks];

/** One-way delays in ms, from row to column, each drawn for itself. */
export function drawDelays(size, { seed, delayMsMin, delayMsMax }) {
  const prng = createPrng(seed);
  return Array.from({ length: size }, (_, from) =>
    Array.from({ length: size }, (_, to) => (from === to ? 0 : delayMsMin + prng.below(delayMsMax - delayMsMin + 1))),
  );
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

async function findProxyBase(size) {
  const { step, count, rpc, network, proxies } = PROXY_BASES;
  for (let index = 0; index < count; index++) {
    const offset = index * step;
    const ports = Array.from({ length: size }, (_, node) => [rpc + offset + node, network + offset + node]).flat();
    for (let proxy = 0; proxy < size * size; proxy++) ports.push(proxies + offset + proxy);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return offset;
  }
  throw new Error("no block of free ports for the proxies");
}

/** Namespaces with the first kind of links that this machine permits; else proxies. */
async function openLinks(size, { folder, kind, print }) {
  if (kind !== "proxy") {
    for (const open of OPENERS) {
      if (kind !== "auto" && open !== { netem: openNetemLinks, relay: openRelayLinks }[kind]) continue;
      /** @type {Namespaces | null} */
      let namespaces = null;
      try {
        namespaces = new Namespaces(size);
        const links = await open({ namespaces, folder });
        print(`network namespaces ${namespaces.names[0]} to ${size}`);
        return { namespaces, links, offset: 0 };
      } catch (error) {
        namespaces?.close();
        print(`NOT PERMITTED HERE: ${error.message}`);
        if (kind !== "auto") throw error;
      }
    }
  }
  const offset = await findProxyBase(size);
  const ports = Array.from({ length: size }, (_, index) => PROXY_BASES.network + offset + index);
  return { namespaces: null, links: await openProxyLinks({ ports, firstPort: PROXY_BASES.proxies + offset }), offset };
}

export class WanNetwork {
  /** @type {WanNode[]} members first, then one miner */
  nodes = [];
  #options;
  /** @type {Namespaces | null} */
  #namespaces = null;
  /** @type {Links | null} */
  #links = null;
  /** @type {ReturnType<typeof openAsker> | null} */
  #asker = null;
  #offset = 0;
  #cuts = new Set();

  constructor(options) {
    this.#options = options;
    this.size = options.members + 1;
    this.delays = drawDelays(this.size, options);
  }

  get members() {
    return this.nodes.slice(0, this.#options.members);
  }

  get links() {
    if (this.#links === null) throw new Error("the network is not open");
    return this.#links;
  }

  /** The largest one-way delay between members, ms. */
  get delayMsMax() {
    const { members } = this.#options;
    return Math.max(...this.delays.slice(0, members).flatMap((row) => row.slice(0, members)));
  }

  async start() {
    const { folder } = this.#options;
    const { namespaces, links, offset } = await openLinks(this.size, this.#options);
    this.#namespaces = namespaces;
    this.#links = links;
    this.#offset = offset;
    this.nodes = this.#makeFolders(join(folder, "net"));
    for (let from = 0; from < this.size; from++) for (let to = 0; to < this.size; to++) this.#shape(from, to);
    for (const node of this.nodes) node.start(PASSWORD);
    await waitFor("all processes", READY_MS, () => this.checkAlive() && this.nodes.every(({ isReady }) => isReady));
    const miner = this.size - 1;
    const rpcPort = namespaces === null ? PROXY_BASES.rpc + offset + miner : RPC_PORT;
    this.#asker = openAsker(namespaces?.within(miner) ?? [], rpcPort);
    await waitFor(
      "the first blocks",
      READY_MS,
      () => this.checkAlive() && this.nodes.every(({ head }) => head >= FIRST_BLOCKS),
    );
  }

  /** @throws Error when a process has ended */
  checkAlive() {
    const dead = this.nodes.find(({ isAlive }) => !isAlive);
    if (dead !== undefined) throw new Error(`${dead.name} has ended; its log is in ${dead.folder}`);
    return true;
  }

  /** Asks the miner's node, which no fault concerns. @returns {Promise<any>} */
  ask(method, ...params) {
    return this.#asker?.ask(method, ...params) ?? Promise.reject(new Error("the network is not open"));
  }

  #makeFolders(out) {
    const { members, snailSeconds } = this.#options;
    const isAlone = this.#namespaces === null;
    const hosts = isAlone ? ["127.0.0.1"] : Array.from({ length: this.size }, (_, index) => hostOf(index));
    const rpcPort = isAlone ? PROXY_BASES.rpc + this.#offset : RPC_PORT;
    const networkPort = isAlone ? PROXY_BASES.network + this.#offset : NETWORK_PORT;
    const args = ["testnet", "--members", members, "--miners", 1, "--out", out, "--hosts", hosts.join(","), "--json"];
    args.push("--rpc-port", rpcPort, "--network-port", networkPort, "--snail-seconds", snailSeconds);
    const made = execFileSync(process.execPath, [COMMAND, ...args.map(String)], {
      encoding: "utf8",
      env: { ...process.env, ...PASSWORD },
    });
    return JSON.parse(made).nodes.map(({ name, folder, validator }, index) => {
      this.#configure(join(folder, "config.json"), index, networkPort);
      const node = new WanNode({ name, folder, within: this.#namespaces?.within(index) ?? [] });
      return Object.assign(node, { validator });
    });
  }

  /** Times of proposals are told at level debug; behind proxies nobody may be told where nodes listen. */
  #configure(file, index, networkPort) {
    const config = JSON.parse(readFileSync(file, "utf8"));
    config.log = { level: "debug" };
    const { portOf } = this.links;
    if (portOf !== undefined) {
      config.network.discovery = false;
      config.network.peers = config.network.peers.map((peer) =>
        peer.replace(/\d+$/, (port) => portOf(index, Number(port) - networkPort)),
      );
    }
    writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  }

  #shape(from, to) {
    if (from === to) return;
    const isCut = this.#cuts.has(`${from} ${to}`);
    this.links.set(from, to, { delayMs: this.delays[from][to], loss: this.#options.loss, isCut });
  }

  /** One direction. */
  setCut(from, to, isCut) {
    if (isCut) this.#cuts.add(`${from} ${to}`);
    else this.#cuts.delete(`${from} ${to}`);
    this.#shape(from, to);
  }

  async stop() {
    this.#asker?.close();
    await Promise.all(this.nodes.map((node) => node.stop()));
    this.clear();
  }

  /** At once, whatever the state; for signals, too. */
  clear() {
    this.#asker?.close();
    for (const node of this.nodes) node.kill();
    this.#links?.close();
    this.#namespaces?.close();
  }
}
