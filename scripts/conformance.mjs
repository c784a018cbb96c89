// `npm run conformance`: outside test suites on an engine. See test/conformance/command.ts, or --help.
import { runSource } from "./runSource.mjs";

await runSource("test/conformance/command.ts", process.argv.slice(2));
