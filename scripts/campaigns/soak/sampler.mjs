// The figures of every process of a network, by its metrics, its data folder and its newest block, as lines of a file.
import { appendFileSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../devnet/patience.mjs";

const FIGURES = {
  rssBytes: "process_resident_memory_bytes",
  heapBytes: "nodejs_heap_size_used_bytes",
  externalBytes: "nodejs_external_memory_bytes",
  startSeconds: "process_start_time_seconds",
  height: "festina_fast_height",
  transactions: "festina_transactions_total",
};
const ANSWER_MS = 2_000;

/** Files come and go while a store compacts. */
export function folderBytes(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      bytes += entry.isDirectory() ? folderBytes(path) : lstatSync(path).size;
    } catch {
      // Gone since it was listed.
    }
  }
  return bytes;
}

async function readMetrics(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  const values = new Map(
    (await answer.text())
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map(
        (line) =>
          /** @type {const} */ ([line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
      ),
  );
  return Object.fromEntries(Object.entries(FIGURES).map(([name, metric]) => [name, values.get(metric) ?? null]));
}

export class Sampler {
  samples = [];
  #file;
  #processes;
  #elapsedMs;
  #isStopped = false;
  #running;
  phase = "idle";

  /**
   * `processes`: name, metricsUrl, dataDir. `elapsedMs` is the time of the whole soak, over its interruptions; `earlier`
   * the samples before the last one.
   */
  constructor({ file, processes, elapsedMs, earlier, everyMs }) {
    this.#file = file;
    this.#processes = processes;
    this.#elapsedMs = elapsedMs;
    this.samples = earlier;
    this.#running = this.#run(everyMs);
  }

  async #run(everyMs) {
    while (!this.#isStopped) {
      await Promise.all(this.#processes.map((process) => this.#sample(process)));
      await sleep(everyMs);
    }
  }

  async #sample({ name, metricsUrl, dataDir }) {
    const figures = await readMetrics(metricsUrl).catch(() => null);
    // Dead or on its way up.
    if (figures === null) return;
    const sample = { atMs: this.#elapsedMs(), phase: this.phase, name, diskBytes: folderBytes(dataDir), ...figures };
    this.samples.push(sample);
    appendFileSync(this.#file, `${JSON.stringify(sample)}\n`);
  }

  async stop() {
    this.#isStopped = true;
    await this.#running;
  }
}
