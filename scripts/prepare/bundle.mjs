// The command in one file, with V8's code for it: a node made of five hundred modules spends most of its start in resolving,
// opening and compiling them.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { repositoryRoot } from "../prepare.mjs";

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
const LARGE = "mclKernel";
const LARGE_FILE = join(repositoryRoot, `packages/adapters/dist/generated/${LARGE}.js`);

/** Leaves the large file beside the program, which reads it when something of it is used. */
async function loadOnDemand({ onLoad, onResolve }) {
  const names = Object.keys(await import(pathToFileURL(LARGE_FILE).href));
  const getters = names.map((name) => `get ${name}() { return require("./${LARGE}.cjs").${name}; }`);
  onResolve({ filter: new RegExp(`^\\./${LARGE}\\.cjs$`) }, ({ path }) => ({ path, external: true }));
  // By a name of its own: under the package's, the getters would be read as a module without exports.
  const namespace = "onDemand";
  onResolve({ filter: new RegExp(`/generated/${LARGE}\\.js$`) }, () => ({ path: `${LARGE}OnDemand.cjs`, namespace }));
  onLoad({ filter: /./, namespace }, () => ({ contents: `module.exports = { ${getters.join(", ")} };` }));
}

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
  minifyWhitespace: true,
  lineLimit: 160,
  plugins: [{ name: "large files on demand", setup: loadOnDemand }],
};

rmSync(BUNDLE, { recursive: true, force: true });
await build({ ...PROGRAM, entryPoints: [join(CLI, "dist/main.js")], outfile: join(BUNDLE, "program.cjs") });
await build({
  ...SCRIPT,
  entryPoints: [
    ...["loadProgram", "runMain", "keepCode"].map((name) => join(CLI, `dist/launch/${name}.js`)),
    LARGE_FILE,
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
