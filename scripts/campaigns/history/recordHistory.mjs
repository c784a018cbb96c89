// A devnet of one member that executes mixed work, block after block, and is exported when it has stopped.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { connectTo } from "../../outside/askNode.mjs";
import { COMMAND, findPortBase } from "../devnet/devnetUnderTest.mjs";
import { orNothing, waitFor } from "../devnet/patience.mjs";
import { compileCreations, createMixedWork } from "./mixedWork.mjs";

const READY_MS = 120_000;
const BLOCK_MS = 30_000;
const STOP_MS = 40_000;
const POLL_MS = 5;
const DEPLOYMENT_GAS = "0x4c4b40";

async function deploy(ask, from, data) {
  const hash = await ask("eth_sendTransaction", { from, data, gas: DEPLOYMENT_GAS });
  const receipt = await waitFor("a deployment", BLOCK_MS, () => ask("eth_getTransactionReceipt", hash), POLL_MS);
  if (receipt.status !== "0x1") throw new Error("a contract could not be deployed");
  return receipt.contractAddress;
}

async function makeBlocks(ask, { blocks, seed, creations, print }) {
  const accounts = await ask("eth_accounts");
  const coin = await deploy(ask, accounts[0], creations.coin);
  const work = await deploy(ask, accounts[0], creations.work);
  const next = createMixedWork({ seed, accounts, coin, work, creations });
  let sent = 0;
  let refused = 0;
  for (let told = 0; ; ) {
    const head = Number(await ask("eth_blockNumber"));
    if (head >= blocks) return { head, sent, refused };
    if (head >= told + 100) {
      told = head;
      print(`block ${head}, ${sent} transactions`);
    }
    const answers = await Promise.allSettled(next().map((fields) => ask("eth_sendTransaction", fields)));
    const taken = answers.filter(({ status }) => status === "fulfilled").length;
    sent += taken;
    refused += answers.length - taken;
    const isHigher = async () => Number(await ask("eth_blockNumber")) > head;
    await waitFor("the next block", BLOCK_MS, isHigher, POLL_MS);
  }
}

/** @returns what the node said of its head, and the configuration whose folder holds the chain */
export async function recordHistory({ blocks, seed, folder, rpcPort, engineArguments = [], print }) {
  const creations = compileCreations();
  const port = rpcPort ?? (await findPortBase());
  const options = [
    "--members",
    "1",
    "--miners",
    "1",
    "--heartbeat-ms",
    "0",
    "--rpc-port",
    `${port}`,
    ...engineArguments,
  ];
  const devnet = spawn(process.execPath, [COMMAND, "devnet", "--data-dir", folder, ...options], { detached: true });
  let output = "";
  for (const stream of [devnet.stdout, devnet.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const ended = new Promise((resolve) => devnet.once("close", resolve));
  try {
    await waitFor("the devnet", READY_MS, () => {
      if (devnet.exitCode !== null) throw new Error(`the devnet ended:\n${output}`);
      return output.includes("all processes are up");
    });
    const ask = connectTo(`http://127.0.0.1:${port}`);
    await waitFor(
      "its RPC",
      READY_MS,
      orNothing(() => ask("eth_blockNumber")),
    );
    const made = await makeBlocks(ask, { blocks, seed, creations, print });
    const { hash, stateRoot } = await ask("eth_getBlockByNumber", `0x${made.head.toString(16)}`, false);
    const engine = await ask("festina_engine");
    return { ...made, hash, stateRoot, engine, config: join(folder, "member-1/config.json") };
  } catch (error) {
    throw new Error(`${error.message}\n${output.slice(-2_000)}`);
  } finally {
    devnet.kill("SIGINT");
    const insist = setTimeout(() => devnet.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(insist);
  }
}
