// `npm run conformance -- --suite state [--every N] [--files TEXT]`: outside test suites in full, which `npm test` samples.
//   --every N      one test in N       --files TEXT   only files with TEXT in their path
// Prints passed, failed and refused; needs ../shared/vectors, or the folder that FESTINA_VECTORS names.
import { parseArgs } from "node:util";
import { prepare, repositoryRoot } from "./prepare.mjs";
import { runJest } from "./test/runJest.mjs";

const SUITES = ["state"];

const { values } = parseArgs({
  options: {
    suite: { type: "string", default: "state" },
    every: { type: "string", default: "1" },
    files: { type: "string", default: "" },
  },
});
if (!SUITES.includes(values.suite)) {
  process.stderr.write(`unknown suite "${values.suite}"; there is: ${SUITES.join(", ")}\n`);
  process.exit(2);
}
await prepare();
process.env.FESTINA_STATE_TESTS = values.every === "1" ? "all" : values.every;
process.env.FESTINA_STATE_FILES = values.files;
const folders = ["test/conformance"];
const args = ["--runInBand", `--testPathPatterns=conformance/${values.suite}.test`];
const { passed, failed } = await runJest({ root: repositoryRoot, folders, args });
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
