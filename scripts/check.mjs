// `npm run check`: everything that can be said about the code without starting a network, cheapest first. Stops at the
// first failure.
import { spawnSync } from "node:child_process";
import { prepare, prepareInstall, repositoryRoot } from "./prepare.mjs";

const NODE = process.execPath;
const BIOME = "node_modules/@biomejs/biome/bin/biome";
const KNIP = "node_modules/knip/bin/knip.js";
const TSC = "node_modules/typescript/bin/tsc";

await step("install", () => prepareInstall());
await step("format and lint", () =>
  run(NODE, [BIOME, "ci", "--error-on-warnings", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "."]),
);
await step("layers", () => run(NODE, ["scripts/layers.mjs"]));
await step("unused code and dependencies", () => run(NODE, [KNIP, "--no-config-hints"]));
await step("contracts, kernels, types", () => prepare());
await step("types of tests", () => run(NODE, [TSC, "-p", "tsconfig.test.json"]));
await step("types of scripts", () => run(NODE, [TSC, "-p", "tsconfig.scripts.json"]));
await step("unit tests", () => run(NODE, ["scripts/test.mjs", "--unit"]));

async function step(name, work) {
  const startMs = performance.now();
  const code = (await work()) ?? 0;
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)\n`);
  if (code !== 0) process.exit(1);
}

function run(file, args) {
  const { status, error } = spawnSync(file, args, { cwd: repositoryRoot, stdio: ["ignore", "inherit", "inherit"] });
  if (error !== undefined) throw error;
  return status ?? 1;
}
