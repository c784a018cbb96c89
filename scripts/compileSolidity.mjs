// Solidity of benchmarks and campaigns, compiled by npm's solc in a process of its own (it installs handlers for uncaught errors).
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const IMPORT = /^import .*"([^"]+)";$/gm;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const SOLC = `
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  process.stdout.write(require(process.argv[1]).compile(Buffer.concat(chunks).toString()));
});`;

function collect(name, content, sources) {
  sources[name] = { content };
  for (const [, imported] of content.matchAll(IMPORT)) {
    const resolved = imported.startsWith(".") ? new URL(imported, `file:///${name}`).pathname.slice(1) : imported;
    if (sources[resolved] === undefined) collect(resolved, readFileSync(require.resolve(resolved), "utf8"), sources);
  }
}

/** ABI, creation and runtime code by the names of the contracts, each in a file of its name in `folder`, a URL. */
export function compileSolidity({ folder, names }) {
  const sources = {};
  for (const name of names) collect(`${name}.sol`, readFileSync(new URL(`${name}.sol`, folder), "utf8"), sources);
  const settings = {
    evmVersion: "osaka",
    optimizer: { enabled: true, runs: 10_000 },
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
  };
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  const args = ["-e", SOLC, require.resolve("solc")];
  const answer = JSON.parse(
    execFileSync(process.execPath, args, { input, encoding: "utf8", maxBuffer: OUTPUT_BYTES_MAX }),
  );
  const errors = (answer.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  const codesOf = (name) => {
    const { abi, evm } = answer.contracts[`${name}.sol`][name];
    const { bytecode, deployedBytecode } = evm;
    return { abi, creation: `0x${bytecode.object}`, runtime: `0x${deployedBytecode.object}` };
  };
  return Object.fromEntries(names.map((name) => [name, codesOf(name)]));
}
