// Runs blocks of seeds for runCampaign.
import assert from "node:assert";
import { parentPort } from "node:worker_threads";
import { runSeeds } from "@festina/sim";

const port = parentPort;
assert(port !== null, "runs as a worker");

port.on("message", (block) => {
  if (block === null) {
    port.close();
    return;
  }
  const { from, to, profile, members } = block;
  port.postMessage(
    runSeeds({ from, to, profile, ...(members === null ? {} : { members }), nowMs: () => performance.now() }),
  );
});
