#!/usr/bin/env node
// The command as it is right after `git clone`: makes sure that the tree is installed and built, then runs it.
import { prepare } from "../scripts/prepare.mjs";

await prepare();
const { loadProgram } = await import("../packages/cli/bundle/loadProgram.cjs");
process.exitCode = await loadProgram().main(process.argv.slice(2));
