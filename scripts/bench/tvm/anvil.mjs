// The peer: revm inside anvil from npm, asked over its RPC. The time of a call that runs nothing is to be taken off.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { FOUNDER, toRequest } from "./mixedBlock.mjs";
import { CALLEE, CALLER, HELPER, NOBODY, TARGET } from "./workloads.mjs";

const require = createRequire(import.meta.url);
const START_TIMEOUT_MS = 20_000;
const GAS = "0xffffffffff";
const RICH = "0xffffffffffffffffffff";
const SLOTS_AT_ONCE = 500;
const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;

export async function startAnvil(port) {
  const program = join(dirname(require.resolve("@foundry-rs/anvil/package.json")), "bin.mjs");
  const args = ["--port", String(port), "--silent", "--hardfork", "osaka", "--gas-limit", "1099511627776"];
  const child = spawn(process.execPath, [program, ...args, "--disable-code-size-limit"], { stdio: "ignore" });
  const ask = async (body) => {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const request = async (method, ...params) => {
    const answer = await ask({ jsonrpc: "2.0", id: 1, method, params });
    const { result, error } = /** @type {{ result?: any, error?: { message: string } }} */ (answer);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  const word = (value) => `0x${value.toString(16).padStart(64, "0")}`;
  const setStorage = async (slots) => {
    const method = "anvil_setStorageAt";
    for (let from = 0; from < slots.length; from += SLOTS_AT_ONCE) {
      const batch = slots
        .slice(from, from + SLOTS_AT_ONCE)
        .map(([slot, value], id) => ({ jsonrpc: "2.0", id, method, params: [TARGET, word(slot), word(value)] }));
      const answers = /** @type {{ result?: boolean }[]} */ (await ask(batch));
      if (answers.some(({ result }) => result !== true)) throw new Error(`${method} failed`);
    }
  };
  await waitUntilItAnswers(request, child);
  await request("anvil_setCode", HELPER, hex(CALLEE));
  const call = async (to, data) => {
    const start = performance.now();
    const output = await request("eth_call", { from: CALLER, to, data: hex(data), gas: GAS }, "latest");
    return { ms: performance.now() - start, output };
  };
  let held = [];
  const mine = async (transactions) => {
    const state = await request("evm_snapshot");
    await sendAll(transactions);
    const start = performance.now();
    await request("evm_mine");
    const ms = performance.now() - start;
    const { gasUsed, transactions: mined } = await request("eth_getBlockByNumber", "latest", false);
    if (mined.length !== transactions.length) throw new Error(`${mined.length} of ${transactions.length} were mined`);
    await request("evm_revert", state);
    return { ms, output: `gas ${BigInt(gasUsed)}` };
  };
  const sendAll = async (transactions) => {
    if (transactions.length === 0) return;
    const requests = transactions.map((transaction, id) => ({
      jsonrpc: "2.0",
      id,
      method: "eth_sendTransaction",
      params: [toRequest(transaction)],
    }));
    const answers = /** @type {{ error?: { message: string } }[]} */ (await ask(requests));
    const refused = answers.find(({ error }) => error !== undefined);
    if (refused !== undefined) throw new Error(`eth_sendTransaction: ${refused.error?.message}`);
  };
  const prepareBlock = async ({ before, trades }) => {
    await request("anvil_autoImpersonateAccount", true);
    await request("anvil_setNonce", FOUNDER, "0x1");
    for (const { sender } of [before[0], ...trades]) await request("anvil_setBalance", sender, RICH);
    await request("evm_setAutomine", false);
    await sendAll(before);
    await request("evm_mine");
  };
  return {
    /** The contract as the workload has it, and nothing of the one before. */
    prepare: async (workload) => {
      if (workload.trades !== undefined) return prepareBlock(workload);
      const { code, storage = [] } = workload;
      await request("anvil_setCode", TARGET, hex(code));
      await setStorage(held.map(([slot]) => [slot, 0n]));
      await setStorage(storage);
      held = storage;
    },
    call: ({ data, trades }) => (trades === undefined ? call(TARGET, data) : mine(trades)),
    /** The same call to nobody, or a block without transactions. */
    callNobody: ({ data, trades }) => (trades === undefined ? call(NOBODY, data) : mine([])),
    version: await request("web3_clientVersion"),
    stop: () => child.kill("SIGTERM"),
  };
}

async function waitUntilItAnswers(request, child) {
  const until = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`anvil ended with ${child.exitCode}`);
    try {
      await request("eth_chainId");
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
