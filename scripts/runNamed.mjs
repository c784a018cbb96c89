// Runs one of the modules of a folder by its file name. Such a module exports `summary` (one line) and
// `run(argv): Promise<number>`, the exit code.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, repositoryRoot } from "./prepare.mjs";
import { HelpAsked } from "./readOptions.mjs";

const EXIT_UNKNOWN_NAME = 2;

/** Sets the exit code: the module's own, 0 after `--help`, or 2 after the list of names when the name is not among them. */
export async function runNamed({ command, folder, argv }) {
  const names = registeredNames(folder);
  const [name, ...rest] = argv;
  if (name === undefined || !names.includes(name)) {
    process.stderr.write(await usage({ command, folder, names }));
    process.exitCode = EXIT_UNKNOWN_NAME;
    return;
  }
  await prepare();
  const module = await load(folder, name);
  try {
    process.exitCode = await module.run(rest);
  } catch (error) {
    if (!(error instanceof HelpAsked)) throw error;
    process.stdout.write(error.usage);
    process.exitCode = 0;
  }
}

function registeredNames(folder) {
  const path = join(repositoryRoot, folder);
  if (!existsSync(path)) return [];
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => (entry.name.endsWith(".mjs") ? [entry.name.slice(0, -".mjs".length)] : [])).sort();
}

async function usage({ command, folder, names }) {
  if (names.length === 0) return `${command}: nothing is registered in ${folder}/ yet\n`;
  const lines = [`usage: ${command} -- NAME [options]`, ""];
  for (const name of names) lines.push(`  ${name.padEnd(16)} ${await summaryOf(folder, name)}`);
  return `${lines.join("\n")}\n`;
}

/** A module may need the built tree just to be loaded; the list must not. */
async function summaryOf(folder, name) {
  try {
    return (await load(folder, name)).summary;
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND") return "(build first to see its summary)";
    throw error;
  }
}

function load(folder, name) {
  return import(pathToFileURL(join(repositoryRoot, folder, `${name}.mjs`)).href);
}
