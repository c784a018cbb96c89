// Removes compiled files whose source is gone, so that nothing works here which a fresh clone would miss.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageNames } from "./buildState.mjs";

const COMPILED = /\.(?:d\.ts|js)(?:\.map)?$/;

export function pruneOutputs(root) {
  for (const name of packageNames(root)) {
    const folder = join(root, "packages", name);
    pruneFolder(join(folder, "dist"), join(folder, "src"));
  }
}

function pruneFolder(dist, src) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    if (entry.isDirectory()) pruneFolder(join(dist, entry.name), join(src, entry.name));
    else if (COMPILED.test(entry.name) && !hasSource(join(src, entry.name.replace(COMPILED, "")))) {
      rmSync(join(dist, entry.name));
    }
  }
}

function hasSource(path) {
  return existsSync(`${path}.ts`) || existsSync(`${path}.tsx`);
}
