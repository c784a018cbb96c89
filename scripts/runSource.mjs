// Runs a TypeScript module of test/ outside Jest: bundled in a second from the sources of all packages, never from a
// stale build. Its `run(argv)` answers with the exit code.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, repositoryRoot } from "./prepare.mjs";

/** Where a bundle finds the packages that it does not contain. */
const FOLDER = join(repositoryRoot, "node_modules/.cache/runSource");

/** @param {string} path of the module, from the repository's root @param {readonly string[]} argv */
export async function runSource(path, argv) {
  await prepare();
  const { build } = await import("esbuild");
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${path.replaceAll("/", "-")}.${process.pid}.mjs`);
  try {
    await build({
      absWorkingDir: repositoryRoot,
      entryPoints: [path],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20.19",
      format: "esm",
      conditions: ["source"],
      logLevel: "warning",
      plugins: [{ name: "packages", setup: leaveOutsiders }],
    });
    const module = await import(pathToFileURL(outfile).href);
    process.exitCode = await module.run(argv);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** Only our own packages go into the bundle. @param {import("esbuild").PluginBuild} build */
function leaveOutsiders(build) {
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === "entry-point" || path.startsWith("@festina/") ? undefined : { path, external: true },
  );
}
