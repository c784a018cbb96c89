// Deals blocks of seeds out to workers and adds up, in order, what they report.
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { MINER_CLASSES, MISCHIEF_CLASSES } from "@festina/sim";

/** Seeds that a worker is dealt at a time, by level. */
const BLOCK_SEEDS = { core: 20, node: 1 };
const FAILURES_MAX = 50;
/** With fewer seeds a rare fault may well stay away. */
const TELLING_SEEDS = 200;
const TOLD_EVERY_MS = 15_000;

const NOTHING = {
  seeds: 0,
  failed: 0,
  failures: [],
  faults: {},
  classes: {},
  acts: {},
  blocks: 0,
  epochs: 0,
  skippedViews: 0,
  events: 0,
  simulatedSeconds: 0,
  livenessJudged: 0,
  recoveryMsMax: 0,
  digest: "",
};

function addCounts(sums, more) {
  const added = { ...sums };
  for (const [name, count] of Object.entries(more)) added[name] = (added[name] ?? 0) + count;
  return added;
}

function addReport(sums, report) {
  const added = { ...sums };
  for (const name of ["failed", "blocks", "epochs", "skippedViews", "events", "simulatedSeconds", "livenessJudged"])
    added[name] += report[name];
  for (const name of ["faults", "classes", "acts"]) added[name] = addCounts(sums[name], report[name]);
  added.recoveryMsMax = Math.max(sums.recoveryMsMax, report.recoveryMsMax);
  added.seeds += report.to - report.from + 1;
  added.failures = [...sums.failures, ...report.failures].slice(0, FAILURES_MAX);
  added.digest = createHash("sha256").update(`${sums.digest} ${report.digest}`).digest("hex").slice(0, 16);
  return added;
}

/** Kinds of fault and classes of the dishonest that level and profile use and that never came up. */
function unusedOf({ seeds, faults, acts }, { level, profile }) {
  if (seeds < TELLING_SEEDS) return [];
  const kinds = ["rough", "mixed"].includes(profile) ? Object.keys(faults) : [];
  const known = level === "node" ? [...MISCHIEF_CLASSES, ...MINER_CLASSES] : MISCHIEF_CLASSES;
  const classes = ["byzantine", "mixed"].includes(profile) ? known : [];
  return [...kinds.filter((kind) => faults[kind] === 0), ...classes.filter((name) => (acts[name] ?? 0) === 0)];
}

/** Blocks in order of their first seed; `next` says all there is to say about what has been added up. */
class Ledger {
  constructor(task, known, save) {
    this.progress = known ?? { task, next: task.from, seconds: 0, sums: NOTHING };
    this.deal = this.progress.next;
    this.waiting = new Map();
    this.save = save;
    this.beganMs = performance.now() - 1_000 * this.progress.seconds;
  }

  nextBlock() {
    const { to, level, profile, members } = this.progress.task;
    if (this.deal > to) return null;
    const last = Math.min(to, this.deal + BLOCK_SEEDS[level] - 1);
    const block = { level, from: this.deal, to: last, profile, members };
    this.deal = block.to + 1;
    return block;
  }

  add(report) {
    this.waiting.set(report.from, report);
    for (
      let due = this.waiting.get(this.progress.next);
      due !== undefined;
      due = this.waiting.get(this.progress.next)
    ) {
      this.waiting.delete(due.from);
      const seconds = (performance.now() - this.beganMs) / 1_000;
      this.progress = { ...this.progress, next: due.to + 1, seconds, sums: addReport(this.progress.sums, due) };
    }
    this.save(this.progress);
  }
}

/** Resolves when there is nothing left to deal. */
function employ(worker, ledger, onReport) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const give = () => {
        const block = ledger.nextBlock();
        worker.postMessage(block);
        if (block === null) resolve();
      };
      worker.on("error", reject);
      worker.on("message", (report) => {
        ledger.add(report);
        onReport();
        give();
      });
      give();
    })
  );
}

/** @returns the sums over all seeds, those of earlier runs included, and what never happened in them */
export async function runCampaign({ task, workers, known, print, save }) {
  const ledger = new Ledger(task, known, save);
  let toldMs = performance.now();
  const tell = () => {
    if (performance.now() - toldMs < TOLD_EVERY_MS) return;
    toldMs = performance.now();
    const { next, sums } = ledger.progress;
    print(`up to seed ${next - 1} of ${task.to}: ${sums.failed} failed`);
  };
  const crew = Array.from({ length: workers }, () => new Worker(new URL("./seedsWorker.mjs", import.meta.url)));
  try {
    await Promise.all(crew.map((worker) => employ(worker, ledger, tell)));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
  const { sums, seconds } = ledger.progress;
  return { sums, seconds, unused: unusedOf(sums, task) };
}
