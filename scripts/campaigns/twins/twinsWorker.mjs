// Runs blocks of twins cases for runTwins.
import assert from "node:assert";
import { parentPort } from "node:worker_threads";
import { createTwinsKeys, runTwinsCase } from "@festina/sim";

const port = parentPort;
assert(port !== null, "runs as a worker");

const keys = createTwinsKeys();

port.on("message", (block) => {
  if (block === null) {
    port.close();
    return;
  }
  const result = { ...block, cases: 0, events: 0, accused: 0, failures: [] };
  for (let index = block.from; index <= block.to; index += block.every) {
    const { violations, accused, events } = runTwinsCase(index, keys);
    result.cases += 1;
    result.events += events;
    if (accused.length > 0) result.accused += 1;
    if (violations.length > 0) result.failures.push({ case: index, violations });
  }
  port.postMessage(result);
});
