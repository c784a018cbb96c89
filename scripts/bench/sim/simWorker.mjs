// Measures what it is told, in a thread of its own.
import assert from "node:assert";
import { parentPort } from "node:worker_threads";
import { measureCore, measureWhole, warmUpCore } from "./measure.mjs";

const port = parentPort;
assert(port !== null, "runs as a worker");

port.on("message", async ({ level, options }) => {
  if (level === "core") await warmUpCore(options.members);
  port.postMessage(level === "core" ? await measureCore(options) : await measureWhole(options));
  port.close();
});
