// Builds in order: Solidity to artifacts, kernels to WebAssembly, every package's TypeScript, then the command in few files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { forgetBuild, inputFingerprint, recordBuild } from "./buildState.mjs";
import { pruneOutputs } from "./pruneOutputs.mjs";
import { runCommand } from "./runCommand.mjs";

const STEP_TIMEOUT_MS = 10 * 60_000;

/** Each of these is quick when its own outputs are fresh. */
const GENERATORS = [
  { label: "compiling contracts", script: "packages/contracts/scripts/compile.mjs" },
  { label: "compiling kernels", script: "packages/adapters/scripts/kernels.mjs" },
];

export async function build(root) {
  const inputs = inputFingerprint(root);
  forgetBuild(root);
  for (const { label, script } of GENERATORS) {
    if (existsSync(join(root, script))) await runNode(root, label, [script]);
  }
  await runNode(root, "building packages", ["node_modules/typescript/bin/tsc", "-b"], "tsc -b");
  pruneOutputs(root);
  await runNode(root, "bundling the command", ["scripts/prepare/bundle.mjs"]);
  await runNode(root, "bundling the page", ["packages/explorer/scripts/bundle.mjs"]);
  recordBuild(root, inputs);
}

async function runNode(root, label, args, shown = `node ${args.join(" ")}`) {
  await runCommand({ label, file: process.execPath, args, shown, cwd: root, timeoutMs: STEP_TIMEOUT_MS });
}
