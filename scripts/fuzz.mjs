// `npm run fuzz -- tvm`: random programs on all engines; `-- decoders`: changed encodings into every decoder; both for as
// long as one likes. `-- rpc`: so many malformed requests at a node.
import { runSource } from "./runSource.mjs";

/** The module of test/ that runs each. */
const SUBJECTS = {
  tvm: "test/fuzz/command.ts",
  decoders: "test/fuzz/decoders/command.ts",
  rpc: "test/fuzz/rpcCommand.ts",
};

const [subject, ...rest] = process.argv.slice(2);
const module = subject === undefined ? undefined : SUBJECTS[subject];
if (module !== undefined) await runSource(module, rest);
else {
  process.stderr.write(`usage: npm run fuzz -- ${Object.keys(SUBJECTS).join("|")} [options]; --help tells them\n`);
  process.exitCode = 2;
}
