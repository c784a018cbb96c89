// Bundles the simulator from a copy of the sources in which one bug is planted. The sources themselves stay as they are.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { plant } from "./plant.mjs";

/** Native libraries and what no simulation loads. */
const EXTERNAL = ["@chainsafe/blst", "classic-level", "secp256k1", "@ethereumjs/*"];

/**
 * @param bug one of `PLANTED_BUGS`, or `null` for the sources as they are
 * @returns what the simulator of the core level exports (`runSeed`), bundled into `outfile`
 */
export async function buildSimulator(root, bug, outfile) {
  const edits = groupByFile(root, bug?.edits ?? []);
  const planted = new Set();
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "packages/sim/src/run/runSeed.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    conditions: ["source"],
    external: EXTERNAL,
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    logLevel: "error",
    plugins: [
      {
        name: "plant",
        setup: (context) => {
          context.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const own = edits.get(path);
            if (own === undefined) return undefined;
            planted.add(path);
            return { contents: plant(readFileSync(path, "utf8"), own, path), loader: "ts" };
          });
        },
      },
    ],
  });
  for (const path of edits.keys()) if (!planted.has(path)) throw new Error(`${path} is no part of the simulator`);
  return import(pathToFileURL(outfile).href);
}

function groupByFile(root, edits) {
  const groups = new Map();
  for (const edit of edits) {
    const path = join(root, edit.file);
    groups.set(path, [...(groups.get(path) ?? []), edit]);
  }
  return groups;
}
