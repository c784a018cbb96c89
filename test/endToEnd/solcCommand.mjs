// npm's solc under the command line of the native compiler, as far as forge and these tests use it: `--version`, and
// standard JSON from the standard input to the standard output. Other options (paths) are for who reads files itself.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else {
  process.stdout.write(`${solc.compile(readFileSync(0, "utf8"))}\n`);
}
