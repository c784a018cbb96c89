#!/usr/bin/env node
// The command as it is right after `git clone`: makes sure that the tree is installed and built, then runs it.
import { createRequire } from "node:module";
import { prepare } from "../scripts/prepare.mjs";

await prepare();
// By `import` it would be read once more for the names that it exports.
const { loadProgram } = createRequire(import.meta.url)("../packages/cli/bundle/loadProgram.cjs");
process.exitCode = await loadProgram().main(process.argv.slice(2));
