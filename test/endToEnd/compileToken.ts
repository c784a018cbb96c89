import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { InterfaceAbi } from "ethers";

export const SOLC_COMMAND = fileURLToPath(new URL("solcCommand.mjs", import.meta.url));
export const CONTRACTS_FOLDER = fileURLToPath(new URL("contracts/", import.meta.url));

export interface CompiledContract {
  readonly abi: InterfaceAbi & readonly unknown[];
  /** Creation code, without constructor arguments. */
  readonly bytecode: `0x${string}`;
}

const require = createRequire(import.meta.url);
const IMPORT = /^import .*"([^"]+)";$/gm;

/** The sources that `path` needs, by the names they import each other with. */
function collectSources(name: string, content: string, sources: Record<string, { content: string }>): void {
  sources[name] = { content };
  for (const [, imported = ""] of content.matchAll(IMPORT)) {
    const resolved = imported.startsWith(".") ? new URL(imported, `file:///${name}`).pathname.slice(1) : imported;
    if (sources[resolved] !== undefined) continue;
    collectSources(resolved, readFileSync(require.resolve(resolved), "utf8"), sources);
  }
}

/** Compiles contracts/Token.sol, an ERC-20 of OpenZeppelin's, with npm's solc. */
export function compileToken(): CompiledContract {
  const sources: Record<string, { content: string }> = {};
  collectSources("Token.sol", readFileSync(`${CONTRACTS_FOLDER}Token.sol`, "utf8"), sources);
  const settings = { evmVersion: "osaka", outputSelection: { "Token.sol": { Token: ["abi", "evm.bytecode.object"] } } };
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  // A process of its own: the compiler installs handlers for errors that nobody caught.
  const text = execFileSync(process.execPath, [SOLC_COMMAND], { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const answer = JSON.parse(text);
  const errors = (answer.errors ?? []).filter(({ severity }: { severity: string }) => severity === "error");
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
  const { abi, evm } = answer.contracts["Token.sol"]["Token"];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}
