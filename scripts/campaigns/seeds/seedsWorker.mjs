// Runs blocks of seeds for runCampaign.
import assert from "node:assert";
import { parentPort } from "node:worker_threads";
import { runNodeSeeds, runSeeds } from "@festina/sim";

const port = parentPort;
assert(port !== null, "runs as a worker");

port.on("message", async (block) => {
  if (block === null) {
    port.close();
    return;
  }
  const { level, from, to, profile, members } = block;
  const options = { from, to, profile, ...(members === null ? {} : { members }), nowMs: () => performance.now() };
  port.postMessage(level === "node" ? await runNodeSeeds(options) : runSeeds(options));
});
