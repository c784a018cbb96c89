// Deals blocks of cases out to workers and adds up what they found.
import { Worker } from "node:worker_threads";

const BLOCK_CASES = 2_048;
const FAILURES_MAX = 20;

/** Of all threads of this process. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const startOf = ({ from, to, every }, known) =>
  known ?? {
    from,
    to,
    every,
    next: from,
    cases: 0,
    events: 0,
    accused: 0,
    busySeconds: 0,
    cpuSeconds: 0,
    violations: 0,
    failures: [],
  };

/**
 * Blocks are dealt in order and counted in order, so that `next` says all there is to say about what has been done.
 * @returns the figures of all cases, those of earlier runs included
 */
export async function runTwins({ from, to, every, workers, known, print, save }) {
  const progress = startOf({ from, to, every }, known);
  const done = new Map();
  let deal = progress.next;
  const began = {
    atMs: performance.now(),
    cases: progress.cases,
    busySeconds: progress.busySeconds,
    cpu: progress.cpuSeconds,
  };
  const cpuBefore = cpuSeconds();
  const count = () => {
    for (let block = done.get(progress.next); block !== undefined; block = done.get(progress.next)) {
      done.delete(progress.next);
      progress.next = block.to + 1;
      progress.cases += block.cases;
      progress.events += block.events;
      progress.accused += block.accused;
      progress.violations += block.failures.length;
      progress.failures = [...progress.failures, ...block.failures].slice(0, FAILURES_MAX);
    }
    progress.busySeconds = began.busySeconds + (performance.now() - began.atMs) / 1_000;
    progress.cpuSeconds = began.cpu + cpuSeconds() - cpuBefore;
    save(progress);
  };
  const nextBlock = () => {
    if (deal > to) return null;
    const block = { from: deal, to: Math.min(to, deal + BLOCK_CASES * every - 1), every };
    deal = block.to + 1;
    return block;
  };
  const work = (worker) =>
    /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const give = () => {
          const block = nextBlock();
          worker.postMessage(block);
          if (block === null) resolve();
        };
        worker.on("error", reject);
        worker.on("message", (result) => {
          done.set(result.from, result);
          count();
          print(`${progress.cases} cases done, ${progress.violations} violations`);
          give();
        });
        give();
      })
    );
  const crew = Array.from({ length: workers }, () => new Worker(new URL("./twinsWorker.mjs", import.meta.url)));
  try {
    await Promise.all(crew.map(work));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
  const per = (seconds) => Math.round(progress.cases / Math.max(seconds, 0.001));
  return {
    ...progress,
    workers,
    casesPerSecond: per(progress.busySeconds),
    casesPerCpuSecond: per(progress.cpuSeconds),
  };
}
