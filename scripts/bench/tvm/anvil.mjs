// The peer: revm inside anvil from npm, asked over its RPC. The time of an empty call is taken off.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { CALLEE, CALLER, HELPER, TARGET } from "./workloads.mjs";

const require = createRequire(import.meta.url);
const START_TIMEOUT_MS = 20_000;
const GAS = "0xffffffffff";
const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;

export async function startAnvil(port) {
  const program = join(dirname(require.resolve("@foundry-rs/anvil/package.json")), "bin.mjs");
  const args = ["--port", String(port), "--silent", "--hardfork", "osaka", "--gas-limit", "1099511627776"];
  const child = spawn(process.execPath, [program, ...args, "--disable-code-size-limit"], { stdio: "ignore" });
  const request = async (method, ...params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const { result, error } = /** @type {{ result?: any, error?: { message: string } }} */ (await response.json());
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  await waitUntilItAnswers(request, child);
  await request("anvil_setCode", HELPER, hex(CALLEE));
  const call = async (data) => {
    const start = performance.now();
    const output = await request("eth_call", { from: CALLER, to: TARGET, data: hex(data), gas: GAS }, "latest");
    return { ms: performance.now() - start, output };
  };
  return {
    setCode: (code) => request("anvil_setCode", TARGET, hex(code)),
    call,
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
