// A devnet under a load of transfers, flooded and not flooded in turns.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROTOCOL_VERSION } from "@festina/network";
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { median } from "../../statistics.mjs";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";

const FLOODER = fileURLToPath(new URL("./flooder.mjs", import.meta.url));
const RATIO_MIN = 0.9;
const CUT_OFF_MS_MAX = 1_000;
/** How much more memory than a member that is not flooded, after the same work, the victim may hold. */
const EXCESS_MIB_MAX = 64;
const BATCH = 40;
const SENDERS = 4;
const WARM_UP_MS = 5_000;
const RECEIPT_MS = 60_000;
const POLL_MS = 10;

/** Transfers in batches, the next when the last one of a batch is final: `final` counts them. */
class TransferStream {
  final = 0;
  #isStopped = false;
  #running = [];
  #network;

  constructor(network) {
    this.#network = network;
  }

  async start() {
    const ask = this.#network.rpc(this.#network.members[1]);
    for (const { address, secretKey } of this.#network.accounts.slice(0, SENDERS)) {
      const nonce = BigInt(await ask("eth_getTransactionCount", address, "latest"));
      this.#running.push(this.#drive(ask, hexToBytes(secretKey), nonce));
    }
  }

  async stop() {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  async #drive(ask, secretKey, firstNonce) {
    for (let nonce = firstNonce; !this.#isStopped; nonce += BigInt(BATCH)) {
      const batch = Array.from({ length: BATCH }, (_, index) => this.#sign(secretKey, nonce + BigInt(index)));
      // A connection that the server has just closed as idle fails once; whether it was sent the receipt tells.
      const send = ({ encoded }) => ask("eth_sendRawTransaction", bytesToHex(encoded)).catch(() => undefined);
      const sent = await Promise.all(batch.map(send));
      for (const [index, hash] of sent.entries()) if (hash === undefined) await send(batch[index]);
      const { hash } = batch[BATCH - 1];
      const look = orNothing(() => ask("eth_getTransactionReceipt", hash));
      await waitFor("a receipt", RECEIPT_MS, look, POLL_MS);
      this.final += BATCH;
    }
  }

  #sign(secretKey, nonce) {
    const fees = { maxFeePerGasWei: 100_000_000_000n, maxPriorityFeePerGasWei: 1_000_000_000n, gasLimit: 21_000n };
    return signTransaction(
      {
        type: TRANSACTION_TYPE.feeMarket,
        chainId: this.#network.spec.chainId,
        nonce,
        ...fees,
        to: this.#network.accounts[9].address,
        valueWei: 1n,
        data: new Uint8Array(0),
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      secretKey,
    );
  }
}

/** The flooder on the last core, where there is a `taskset`. */
function startFlooder(task) {
  const core = `${availableParallelism() - 1}`;
  const child = spawn("taskset", ["-c", core, process.execPath, FLOODER, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(JSON.parse(output || "{}")));
  });
}

/** The process that was started with this configuration. */
function findProcess(configFile) {
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(configFile)) return entry;
    } catch {
      // Gone between the listing and the reading.
    }
  }
  throw new Error(`no process runs with ${configFile}`);
}

function residentMib(pid) {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) / 1_024;
}

async function taskOf(network) {
  const [victim, other] = network.placed;
  const config = JSON.parse(readFileSync(other.layout.configFile, "utf8"));
  const peer = config.network.peers.find((text) => text.endsWith(`:${victim.networkPort}`));
  const ask = network.rpc(victim.name);
  const { specHash } = await ask("festina_invitation");
  const { hash } = await ask("eth_getBlockByNumber", "0x0", false);
  const address = { nodeId: peer.split("@")[0], host: "127.0.0.1", port: victim.networkPort };
  const handshake = {
    protocolVersion: PROTOCOL_VERSION,
    specHash,
    genesisHash: hash,
    role: "observer",
    agent: "flooder",
    headNumber: 0,
    snailNumber: 0,
  };
  return { address, handshake };
}

export async function floodDevnet({ folder, seconds, rounds, rpcPort, print }) {
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const stream = new TransferStream(network);
  try {
    await network.start(rpcPort);
    const task = await taskOf(network);
    await stream.start();
    await sleep(WARM_UP_MS);
    const rates = { burn: /** @type {number[]} */ ([]), send: /** @type {number[]} */ ([]) };
    const told = [];
    // Nodes fill their caches under load, flooded or not: the third member neither is flooded nor serves the load.
    const [victim, , bystander] = network.placed.map(({ layout }) => findProcess(layout.configFile));
    const memoryMib = { victim: /** @type {number[]} */ ([]), bystander: /** @type {number[]} */ ([]) };
    for (let round = 0; round < rounds; round++) {
      for (const mode of /** @type {const} */ (["burn", "send"])) {
        const before = stream.final;
        const begunMs = performance.now();
        const answer = await startFlooder({ mode, seconds, ...task });
        rates[mode].push((1_000 * (stream.final - before)) / (performance.now() - begunMs));
        if (mode === "burn") continue;
        told.push(answer);
        memoryMib.victim.push(residentMib(victim));
        memoryMib.bystander.push(residentMib(bystander));
      }
      print(
        `round ${round + 1}: ${rates.burn[round].toFixed(0)} transfers/s beside a busy core, ${rates.send[round].toFixed(0)} under the flood`,
      );
    }
    await stream.stop();
    const ratio = median(rates.send) / median(rates.burn);
    const cutOffMs = told.flatMap((answer) => answer.cutOffMs);
    const most = Math.max(0, ...cutOffMs);
    const fruits = told.reduce((sum, answer) => sum + answer.fruits, 0);
    const excessMib = median(memoryMib.victim.map((mib, round) => mib - (memoryMib.bystander[round] ?? 0)));
    const findings = /** @type {string[]} */ ([]);
    if (ratio < RATIO_MIN) findings.push(`honest throughput is ${(100 * ratio).toFixed(1)} % of the control's`);
    if (cutOffMs.length === 0) findings.push("the flooder was never cut off");
    if (most > CUT_OFF_MS_MAX) findings.push(`the flooder was cut off only after ${most.toFixed(0)} ms`);
    if (excessMib > EXCESS_MIB_MAX)
      findings.push(`the flooded node holds ${excessMib.toFixed(0)} MiB more than one that is not flooded`);
    print(`honest throughput under the flood: ${(100 * ratio).toFixed(1)} % of the control (medians of ${rounds})`);
    print(
      `${fruits} invalid fruits sent, cut off ${cutOffMs.length} times after ${median(cutOffMs).toFixed(0)} ms (median), ${most.toFixed(0)} ms (most)`,
    );
    for (const [who, values] of Object.entries(memoryMib))
      print(`memory of the ${who} after each round: ${values.map((mib) => mib.toFixed(0)).join(", ")} MiB`);
    return {
      rates,
      ratio,
      cutOffs: cutOffMs.length,
      cutOffMsMedian: median(cutOffMs),
      cutOffMsMax: most,
      fruits,
      memoryMib,
      findings,
    };
  } finally {
    await stream.stop().catch(() => undefined);
    await network.stop();
  }
}
