// The command in a few files: a node made of five hundred modules spends most of its start in resolving and opening them.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repositoryRoot } from "../prepare.mjs";

const CLI = join(repositoryRoot, "packages/cli");

/** Native libraries find their binaries relative to themselves; the virtual machine of the reference engine loads on use. */
const EXTERNAL = ["@chainsafe/blst", "classic-level", "secp256k1", "@ethereumjs/*"];

/** Whatever is started by its file name has an entry of its own, beside the chunk that names it. */
const ENTRIES = [
  join(CLI, "dist/main.js"),
  join(CLI, "dist/runMain.js"),
  join(repositoryRoot, "packages/adapters/dist/mining/miningWorker.js"),
];

// CommonJS dependencies ask for Node's own modules by `require`, which an ES module has to make first.
const REQUIRE = `import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);`;

rmSync(join(CLI, "bundle"), { recursive: true, force: true });
await build({
  absWorkingDir: repositoryRoot,
  entryPoints: ENTRIES,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  outdir: join(CLI, "bundle"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: EXTERNAL,
  banner: { js: REQUIRE },
  sourcemap: "linked",
  logLevel: "warning",
});
