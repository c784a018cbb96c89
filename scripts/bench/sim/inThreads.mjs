// The same measurement in several threads at once, each with networks of its own: what a campaign gets out of a machine.
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** `tasks`: one per thread. Rates are added up: all threads are busy for about as long. */
export async function measureInThreads(tasks) {
  const workers = tasks.map(() => new Worker(new URL("simWorker.mjs", import.meta.url)));
  for (const [index, worker] of workers.entries()) worker.postMessage(tasks[index]);
  const answers = await Promise.all(
    workers.map(async (worker) => {
      const [figures] = await once(worker, "message");
      await once(worker, "exit");
      return figures;
    }),
  );
  const total = (name) => answers.reduce((sum, figures) => sum + figures[name], 0);
  return {
    threads: answers.length,
    simulatedSeconds: total("simulatedSeconds"),
    wallSeconds: Math.max(...answers.map(({ wallSeconds }) => wallSeconds)),
    simulatedPerWall: total("simulatedPerWall"),
    eventsPerSecond: total("eventsPerSecond"),
    blocks: total("blocks"),
  };
}
