// One local chain in a process of its own, known by its RPC.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 2;

/** One request over connections that stay open. */
function createCaller(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let serial = 0;
  const post = (body) =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ agent, port, host: "127.0.0.1", method: "POST", headers }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const call = async (method, ...params) => {
    const { result, error } = JSON.parse(await post(JSON.stringify({ jsonrpc: "2.0", id: ++serial, method, params })));
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  return { call, close: () => agent.destroy() };
}

/** @param {{ name: string, command: string, args: string[], port: number }} program */
export async function startLocalChain({ name, command, args, port }) {
  // Certificates that Node reads before it runs anything, whatever the program.
  const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;
  const beganMs = performance.now();
  const child = spawn(command, args, { stdio: "ignore", env });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const { call, close } = createCaller(port);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answer = await call("eth_chainId").catch(() => null);
    if (answer !== null) break;
    if (performance.now() - beganMs > START_TIMEOUT_MS) throw new Error(`${name} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return {
    name,
    firstAnswerMs: performance.now() - beganMs,
    call,
    /** Of this process alone; compilers run in others. */
    residentMb: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024,
    stop: async () => {
      close();
      child.kill("SIGTERM");
      await ended;
    },
  };
}
