// The whole layer check of one tree: every import, manifest and tsconfig against the table of layers.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkImports } from "./checkImports.mjs";
import { checkManifest } from "./checkManifest.mjs";

const TABLE_FILE = join(dirname(fileURLToPath(import.meta.url)), "..", "layers.json");

/**
 * @param {string} root the tree's folder, with packages/ in it
 * @returns {{ code: string, file: string, text: string }[]} violations, none when clean
 */
export function checkLayers(root) {
  const table = readJson(TABLE_FILE).packages;
  const names = packageFolders(root);
  const manifests = new Map(names.map((name) => [name, readJson(join(root, "packages", name, "package.json"))]));
  const context = { root, table, manifests, rootManifest: readJson(join(root, "package.json")) };
  const found = checkRootReferences(root, names);
  for (const name of names) {
    const file = `packages/${name}/package.json`;
    if (table[name] === undefined) found.push({ code: "unknown-package", file, text: "not in scripts/layers.json" });
    else found.push(...checkManifest(context, name), ...checkImports(context, name));
  }
  return found;
}

function checkRootReferences(root, names) {
  const file = "tsconfig.json";
  const references = readJson(join(root, file)).references ?? [];
  const built = references.map((reference) => reference.path.replace(/^\.\/packages\//, ""));
  return names
    .filter((name) => !built.includes(name))
    .map((name) => ({ code: "reference-missing", file, text: `does not build packages/${name}` }));
}

function packageFolders(root) {
  return readdirSync(join(root, "packages"))
    .filter((name) => existsSync(join(root, "packages", name, "package.json")))
    .sort();
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
