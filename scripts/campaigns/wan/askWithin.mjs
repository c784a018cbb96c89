// Run inside a namespace: passes questions from standard input, a JSON line each, to the node there, and answers likewise.
import { createInterface } from "node:readline";
import { connectTo } from "../../outside/askNode.mjs";

const ask = connectTo(process.argv[2]);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    ask(method, ...params).then(
      (result) => process.stdout.write(`${JSON.stringify({ id, result })}\n`),
      (error) => process.stdout.write(`${JSON.stringify({ id, error: error.message })}\n`),
    );
  })
  .on("close", () => process.exit(0));
