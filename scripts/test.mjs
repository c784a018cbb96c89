// `npm test`: everything, the tests that start real processes one at a time after the others.
//   --unit    packages, tidiness, conformance, fuzz and traces only      --smoke   test/smoke only (may be given together)
// Other arguments go to Jest. The last line is `N passed, N failed[, N skipped]`.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { prepare, repositoryRoot } from "./prepare.mjs";
import { runJest } from "./test/runJest.mjs";

/** Folders under test/ whose tests start processes and would disturb each other's timing. */
const SERIAL = ["smoke", "integration", "endToEnd"];
const UNIT = ["tidy", "conformance", "fuzz", "tracing"];

const { selection, jestArgs } = parseArguments(process.argv.slice(2));
const roots = chooseRoots(selection);
await prepare();

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [folders, mode] of [
  [roots.parallel, ["--maxWorkers=2"]],
  [roots.serial, ["--runInBand"]],
]) {
  if (folders.length === 0) continue;
  const counts = await runJest({ root: repositoryRoot, folders, args: [...mode, ...jestArgs] });
  for (const key of Object.keys(total)) total[key] += counts[key];
}

const nothingRan = total.passed + total.failed + total.skipped === 0;
if (nothingRan) process.stderr.write("no test matched\n");
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 || nothingRan ? 1 : 0;

function parseArguments(argv) {
  const selection = argv.filter((argument) => argument === "--unit" || argument === "--smoke");
  return { selection, jestArgs: argv.filter((argument) => !selection.includes(argument)) };
}

function chooseRoots(selection) {
  const all = selection.length === 0;
  const unit = all || selection.includes("--unit");
  const parallelNames = all ? foldersIn("test").filter((name) => !SERIAL.includes(name)) : UNIT;
  const serialNames = all ? SERIAL : ["smoke"];
  return {
    parallel: unit ? present([...packageTests(), ...parallelNames.map((name) => join("test", name))]) : [],
    serial: all || selection.includes("--smoke") ? present(serialNames.map((name) => join("test", name))) : [],
  };
}

function packageTests() {
  return foldersIn("packages").map((name) => join("packages", name, "test"));
}

function foldersIn(path) {
  const entries = readdirSync(join(repositoryRoot, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function present(folders) {
  return folders.filter((folder) => existsSync(join(repositoryRoot, folder)));
}
