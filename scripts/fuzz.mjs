// `npm run fuzz -- tvm`: random programs on all engines, for as long as one likes. See test/fuzz/command.ts.
import { runSource } from "./runSource.mjs";

const SUBJECTS = ["tvm"];

const [subject, ...rest] = process.argv.slice(2);
if (subject !== undefined && SUBJECTS.includes(subject)) await runSource("test/fuzz/command.ts", rest);
else {
  process.stderr.write(`usage: npm run fuzz -- ${SUBJECTS.join("|")} [options]; --help tells them\n`);
  process.exitCode = 2;
}
