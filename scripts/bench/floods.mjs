// `npm run bench -- floods`: each cheap kind of invalid fruit or snail block. See test/floods/command.ts.
import { runSource } from "../runSource.mjs";

export const summary = "what refusing each cheap kind of invalid fruit or block costs, median and p99";

export async function run(argv) {
  await runSource("test/floods/command.ts", argv);
  return process.exitCode ?? 0;
}
