// The command in one file, with V8's code for it: a node made of five hundred modules spends most of its start in resolving,
// opening and compiling them.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repositoryRoot } from "../prepare.mjs";
import { onDemand } from "./onDemand.mjs";

const CLI = join(repositoryRoot, "packages/cli");
const BUNDLE = join(CLI, "bundle");

/** Native libraries find their binaries relative to themselves; the virtual machine of the reference engine loads on use. */
const EXTERNAL = ["viem", "@chainsafe/blst", "classic-level", "secp256k1", "@ethereumjs/*"];

/** @type {import("esbuild").BuildOptions} */
const COMMON = {
  absWorkingDir: repositoryRoot,
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: EXTERNAL,
  sourcemap: "linked",
  logLevel: "warning",
};

const OWN_URL = `"use strict"; const ownUrl = require("node:url").pathToFileURL(__filename).href;`;

/** A library of 600 kB that few contracts call, for precompiled contracts on curves. */
const LARGE_FILE = "packages/adapters/dist/generated/mclKernel.js";

/** What a start can do without. */
const ON_DEMAND = onDemand({
  root: repositoryRoot,
  builtins: ["child_process", "https", "readline", "timers/promises", "tls", "worker_threads", "zlib"],
  modules: [
    "node_modules/@noble/curves/bls12-381.js",
    "node_modules/@noble/curves/secp256k1.js",
    "packages/adapters/dist/blst/blsPoints.js",
    "packages/adapters/dist/tls/nodeKey.js",
    "packages/adapters/dist/tls/tlsTransport.js",
    "packages/node/dist/config/nodeConfig.js",
    "packages/rpc/dist/description/openRpcDocument.js",
  ],
  aside: { [LARGE_FILE]: "./mclKernel.cjs" },
});

/** @type {import("esbuild").BuildOptions} CommonJS: only scripts, not modules, can be given compiled code in Node 20. */
const SCRIPT = {
  ...COMMON,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.url": "ownUrl" },
  banner: { js: OWN_URL },
};

/** @type {import("esbuild").BuildOptions} Which `loadProgram` calls: wrapping it there would copy it at each start. */
const PROGRAM = {
  ...SCRIPT,
  banner: { js: `(function (exports, require, module, __filename) {${OWN_URL}` },
  footer: { js: "})" },
  // V8 forgets who imports for a script that it takes from kept code: `import()` would fail, so it becomes `require`.
  supported: { "dynamic-import": false },
  minifyWhitespace: true,
  lineLimit: 160,
  plugins: [ON_DEMAND],
};

rmSync(BUNDLE, { recursive: true, force: true });
await build({ ...PROGRAM, entryPoints: [join(CLI, "dist/main.js")], outfile: join(BUNDLE, "program.cjs") });
await build({
  ...SCRIPT,
  entryPoints: [
    ...["loadProgram", "runMain", "keepCode"].map((name) => join(CLI, `dist/launch/${name}.js`)),
    join(repositoryRoot, LARGE_FILE),
  ],
  entryNames: "[name]",
  outdir: BUNDLE,
});
// Started by their file names, beside the program that names them.
await build({
  ...COMMON,
  entryPoints: ["mining/miningWorker", "pow/powDataSetWorker", "compiler/compileWorker"].map((name) =>
    join(repositoryRoot, `packages/adapters/dist/${name}.js`),
  ),
  format: "esm",
  outdir: BUNDLE,
  entryNames: "[name]",
});
const kept = spawnSync(process.execPath, [join(BUNDLE, "keepCode.cjs")], { encoding: "utf8" });
if (kept.status !== 0) throw new Error(`the code of the command could not be kept:\n${kept.stderr}`);
