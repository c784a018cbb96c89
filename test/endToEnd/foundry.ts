import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CONTRACTS_FOLDER, SOLC_COMMAND } from "./compileToken.ts";

const require = createRequire(import.meta.url);
const TIMEOUT_MS = 90_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

type Tool = "cast" | "forge";

function runTool(tool: Tool, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const program = join(dirname(require.resolve(`@foundry-rs/${tool}/package.json`)), "bin.mjs");
  const env = { ...process.env, NO_COLOR: "1", FOUNDRY_DISABLE_NIGHTLY_WARNING: "1", ...options.env };
  return new Promise<string>((resolve, reject) => {
    const settings = { env, cwd: options.cwd, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX };
    const child = execFile(process.execPath, [program, ...args], settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`${tool} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error }));
    });
    child.stdin?.end();
  });
}

export function cast(args: readonly string[]): Promise<string> {
  return runTool("cast", args);
}

/** What `forge script --broadcast` leaves behind about each transaction it sent. */
export interface ForgeBroadcast {
  readonly transactions: readonly { readonly hash: string; readonly contractAddress: string | null }[];
  readonly receipts: readonly { readonly status: string; readonly blockNumber: string }[];
}

/** A project of its own with all of contracts/ in a folder; npm's solc compiles, so nothing is fetched. */
async function inProject<T>(folder: string, task: (project: string) => Promise<T>): Promise<T> {
  const project = mkdtempSync(join(tmpdir(), "festina-forge-"));
  try {
    mkdirSync(join(project, folder));
    cpSync(CONTRACTS_FOLDER, join(project, folder), { recursive: true });
    const solc = join(project, "solc");
    writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${SOLC_COMMAND}" "$@"\n`, { mode: 0o755 });
    const openZeppelin = dirname(require.resolve("@openzeppelin/contracts/package.json"));
    const settings = [
      "[profile.default]",
      `solc = "${solc}"`,
      'evm_version = "osaka"',
      "offline = true",
      "auto_detect_remappings = false",
      `remappings = ["@openzeppelin/contracts/=${openZeppelin}/"]`,
      `allow_paths = ["${openZeppelin}"]`,
    ];
    writeFileSync(join(project, "foundry.toml"), `${settings.join("\n")}\n`);
    return await task(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Runs the tests of a contract in contracts/ on a fork of the chain at `url`. Answers with what forge prints. */
export function forgeTest(url: string, contract: string, env: Record<string, string>): Promise<string> {
  const args = ["test", "--fork-url", url, "--match-contract", contract];
  return inProject("test", (project) => runTool("forge", args, { cwd: project, env }));
}

/** Runs contracts/UseToken.s.sol against `url`. */
export function forgeScript(options: {
  readonly url: string;
  readonly chainId: number;
  readonly env: Record<string, string>;
}): Promise<ForgeBroadcast> {
  return inProject("script", async (project) => {
    const args = ["script", "script/UseToken.s.sol", "--rpc-url", options.url, "--broadcast", "--slow"];
    await runTool("forge", args, { cwd: project, env: options.env });
    const record = join(project, `broadcast/UseToken.s.sol/${options.chainId}/run-latest.json`);
    return require(record) as ForgeBroadcast;
  });
}
