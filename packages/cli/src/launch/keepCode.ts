import { writeFileSync } from "node:fs";
import { CODE_FILE, loadProgram } from "./loadProgram.ts";

/**
 * Part of the build: keeps what V8 makes of the command when a node is loaded, and when a development chain starts, makes
 * a block and ends. What was compiled on the way need not be at the next start.
 */
const program = loadProgram();

/** What the development chain prints first, in JSON. */
function nextLine(): Promise<string> {
  const { stdout } = process;
  const write = stdout.write;
  return new Promise((resolve) => {
    stdout.write = (text) => {
      stdout.write = write;
      resolve(String(text));
      return true;
    };
  });
}

async function call(url: string, method: string, ...params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function useDevelopmentChain(): Promise<void> {
  const ready = nextLine();
  const ended = program.main(["dev", "--port", "0", "--quiet", "--json"]);
  const { url } = JSON.parse(await ready) as { url: string };
  await call(url, "eth_chainId");
  await call(url, "eth_blockNumber");
  const [from, to] = (await call(url, "eth_accounts")) as readonly string[];
  const hash = await call(url, "eth_sendTransaction", { from, to, value: "0x1" });
  await call(url, "eth_getTransactionReceipt", hash);
  process.emit("SIGTERM", "SIGTERM");
  await ended;
}

async function keepCode(): Promise<void> {
  // That there is no such file is complained of.
  await program.main(["start", "--config", `${CODE_FILE}.missing`]);
  await useDevelopmentChain();
  writeFileSync(CODE_FILE, program.compiledCode());
}

keepCode().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
