// Says whether dist/ and the generated sources are what the present sources would give, by names, sizes and times.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Inputs of the build inside a package; generated folders below them are outputs. */
const PACKAGE_INPUTS = new Set([
  "package.json",
  "tsconfig.json",
  "src",
  "assembly",
  "contracts",
  "solidity",
  "scripts",
]);
const ROOT_INPUTS = [
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "tsconfig.node.json",
  "tsconfig.page.json",
  "tsconfig.pure.json",
];
const OUTPUT_FOLDERS = new Set(["generated", "node_modules", "dist"]);

/** Why a build is needed, or `null`. */
export function buildProblem(root) {
  const stamp = readStamp(root);
  if (stamp === null) return "nothing is built";
  if (stamp.inputs !== inputFingerprint(root)) return "sources changed";
  for (const output of stamp.outputs) {
    if (statSync(join(root, output), { throwIfNoEntry: false }) === undefined) return `${output} is missing`;
  }
  return null;
}

/** Digest over every input's path, size and modification time. Each start of the command waits for it. */
export function inputFingerprint(root) {
  const lines = ROOT_INPUTS.flatMap((name) => {
    const stat = statSync(join(root, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [describe(name, stat)];
  });
  for (const name of packageNames(root)) {
    const folder = `packages/${name}`;
    for (const entry of entriesOf(root, folder)) if (PACKAGE_INPUTS.has(entry.name)) list(root, folder, entry, lines);
  }
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/** `inputs` is the fingerprint taken before the build began, so that an edit made meanwhile is seen as stale. */
export function recordBuild(root, inputs) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(stampPath(root), JSON.stringify({ inputs, outputs: presentOutputs(root) }));
}

export function forgetBuild(root) {
  rmSync(stampPath(root), { force: true });
}

export function packageNames(root) {
  const folders = readdirSync(join(root, "packages"), { withFileTypes: true });
  return folders
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The first script of every package, and the generated folders. */
function presentOutputs(root) {
  const outputs = [];
  for (const name of packageNames(root)) {
    for (const output of [
      "dist/index.js",
      "dist/main.js",
      "bundle/program.cjs",
      "bundle/index.html",
      "dist/tsconfig.tsbuildinfo",
      "src/generated",
    ]) {
      const path = join("packages", name, output);
      if (statSync(join(root, path), { throwIfNoEntry: false }) !== undefined) outputs.push(path);
    }
  }
  return outputs;
}

/** Paths are put together by hand: `join` would take as long as asking the disk. */
function list(root, folder, entry, lines) {
  const path = `${folder}/${entry.name}`;
  if (!entry.isDirectory()) {
    lines.push(describe(path, statSync(`${root}/${path}`)));
    return;
  }
  for (const inner of entriesOf(root, path)) if (!OUTPUT_FOLDERS.has(inner.name)) list(root, path, inner, lines);
}

function describe(path, { size, mtimeMs }) {
  return `${path} ${size} ${mtimeMs}`;
}

function entriesOf(root, path) {
  return readdirSync(`${root}/${path}`, { withFileTypes: true }).sort(byName);
}

function byName(left, right) {
  return left.name < right.name ? -1 : 1;
}

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampPath(root), "utf8"));
  } catch (error) {
    // A stamp cut short by a crash counts as none.
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

function stampPath(root) {
  return join(root, ".cache", "build.json");
}
