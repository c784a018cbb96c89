// Compiles solidity/*.sol with npm's solc and writes src/generated/validatorRegistry.ts: interface, runtime code and
// selectors. Nothing is done while sources, this script and the compiler are those of the last time.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const CONTRACT = "ValidatorRegistry";

const script = fileURLToPath(import.meta.url);
const root = resolve(dirname(script), "..");
const output = join(root, "src/generated/validatorRegistry.ts");
const require = createRequire(import.meta.url);

const sources = readSources(join(root, "solidity"));
const stamp = `// Made from solidity/ by scripts/compile.mjs; ${fingerprint()}`;
if (!isFresh()) writeArtifact(compile());

function readSources(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sol"));
  return Object.fromEntries(names.sort().map((name) => [name, { content: readFileSync(join(folder, name), "utf8") }]));
}

function fingerprint() {
  return createHash("sha256")
    .update(require("solc/package.json").version)
    .update(readFileSync(script))
    .update(JSON.stringify(sources))
    .digest("hex");
}

function isFresh() {
  return existsSync(output) && readFileSync(output, "utf8").startsWith(`${stamp}\n`);
}

function compile() {
  // Loaded only when there is something to compile: the compiler is a WebAssembly module of several megabytes.
  const solc = require("solc");
  const settings = {
    evmVersion: "osaka",
    optimizer: { enabled: true, runs: 1_000 },
    // Without the hash of the metadata the code depends on the sources' meaning only, not on their comments.
    metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: {
      [`${CONTRACT}.sol`]: { [CONTRACT]: ["abi", "evm.deployedBytecode.object", "evm.methodIdentifiers"] },
    },
  };
  const answer = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  // Warnings fail as well: a system contract cannot be changed once a chain runs.
  const problems = (answer.errors ?? []).filter(({ severity }) => severity !== "info");
  if (problems.length > 0) throw new Error(problems.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return answer.contracts[`${CONTRACT}.sol`][CONTRACT];
}

function writeArtifact({ abi, evm }) {
  const selectors = Object.entries(evm.methodIdentifiers).map(([signature, selector]) => {
    return [signature.slice(0, signature.indexOf("(")), `0x${selector}`];
  });
  if (new Set(selectors.map(([name]) => name)).size !== selectors.length) throw new Error("a function is overloaded");
  const text = [
    `${stamp}\nexport const VALIDATOR_REGISTRY_ABI = ${JSON.stringify(abi, null, 2)} as const;`,
    `export const VALIDATOR_REGISTRY_CODE =\n  "0x${evm.deployedBytecode.object}" as const;`,
    `export const VALIDATOR_REGISTRY_SELECTORS = ${JSON.stringify(Object.fromEntries(selectors), null, 2)} as const;`,
    "",
  ].join("\n\n");
  mkdirSync(dirname(output), { recursive: true });
  // Renamed into place, so that a build that is stopped half-way leaves no half of a file.
  writeFileSync(`${output}.${process.pid}`, text);
  renameSync(`${output}.${process.pid}`, output);
}
