// What an hour of samples and faults comes to, and which promises it breaks.
import { percentile } from "../kill/figures.mjs";

const MIB = 2 ** 20;
/** Beyond the fault itself. */
const STALL_MS_MAX = 5_000;
const IDLE_RSS_MIB_MAX = 150;
const LOADED_RSS_MIB_MAX = 400;
/**
 * Of the smallest heap, which is what collections leave behind, from one half of the time to the other. Caches fill for some
 * twenty minutes of an hour, also after each start of the process: that third is left out. A MiB in two minutes would be told.
 */
const HEAP_GROWTH_MIB_MAX = 8;
const WARM_UP_SHARE = 1 / 3;
/** Data per block in the second half of the run against the first: history grows with blocks, and by nothing else. */
const DISK_RATIO_MAX = 1.5;
/** Shorter runs say nothing of growth: compilers and caches still warm up, stores have not compacted. */
const GROWTH_MINUTES_MIN = 20;

const mib = (bytes) => Math.round((10 * bytes) / MIB) / 10;

/** Samples of one process after another, each without what came while it warmed up. */
function settled(samples) {
  const runMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
  const beganMs = new Map();
  for (const { startSeconds, atMs } of samples) if (!beganMs.has(startSeconds)) beganMs.set(startSeconds, atMs);
  return samples.filter(({ startSeconds, atMs }) => atMs - beganMs.get(startSeconds) >= runMs * WARM_UP_SHARE);
}

export function heapOf(samples) {
  const settledSamples = settled(samples);
  const middle = Math.floor(settledSamples.length / 2);
  const halves = [settledSamples.slice(0, middle), settledSamples.slice(middle)];
  const smallestMib = halves.map((half) => mib(Math.min(...half.map(({ heapBytes }) => heapBytes))));
  const [early, late] = smallestMib;
  return { smallestMib, growthMib: middle === 0 ? 0 : Math.round(late - early) };
}

function diskOf(samples) {
  const middle = samples[Math.floor(samples.length / 2)];
  const perBlock = (from, to) =>
    to.height <= from.height ? 0 : Math.round((to.diskBytes - from.diskBytes) / (to.height - from.height));
  if (middle === undefined) return { mib: 0, perBlock: [0, 0] };
  const last = samples.at(-1);
  return { mib: mib(last.diskBytes), perBlock: [perBlock(samples[0], middle), perBlock(middle, last)] };
}

const largestRss = (samples) => mib(Math.max(0, ...samples.map(({ rssBytes }) => rssBytes)));

/** `witness`: the member that lives through it all. */
export function sumUp({ progress, samples, witness, members, ledger, lost, fork, deaths }) {
  const { seed, ranMs, faults } = progress;
  const ofWitness = samples.filter(({ name }) => name === witness);
  const ofMembers = samples.filter(({ name }) => members.includes(name));
  const loaded = ofWitness.filter(({ phase }) => phase === "load");
  const beyond = faults.map(({ beyondMs }) => beyondMs);
  return {
    seed,
    minutes: Math.round(ranMs / 6_000) / 10,
    kills: faults.filter(({ kind }) => kind === "kill").length,
    cuts: faults.filter(({ kind }) => kind === "cut").length,
    stallBeyondFaultMs: { p50: percentile(beyond, 0.5) ?? 0, max: Math.max(0, ...beyond) },
    gapMs: Math.max(0, ...faults.map(({ gapMs }) => gapMs)),
    blocks: Math.max(0, ...samples.map(({ height }) => height)),
    acknowledged: ledger.entries.length,
    lost: lost.length,
    fork,
    deaths,
    rssMib: {
      idle: largestRss(ofMembers.filter(({ phase }) => phase === "idle")),
      load: largestRss(ofMembers.filter(({ phase }) => phase === "load")),
    },
    heap: heapOf(loaded),
    disk: diskOf(loaded),
    samples: samples.length,
  };
}

/** One sentence per broken promise. */
export function findBreaches(figures) {
  const { stallBeyondFaultMs, rssMib, heap, disk } = figures;
  const [early, late] = disk.perBlock;
  const isLong = figures.minutes >= GROWTH_MINUTES_MIN;
  const promises = /** @type {const} */ ([
    [figures.kills + figures.cuts > 0, "no fault was made"],
    [stallBeyondFaultMs.max <= STALL_MS_MAX, `no final block for ${stallBeyondFaultMs.max} ms beyond a fault`],
    [rssMib.idle > 0 && rssMib.idle <= IDLE_RSS_MIB_MAX, `an idle member holds ${rssMib.idle} MiB`],
    [rssMib.load > 0 && rssMib.load <= LOADED_RSS_MIB_MAX, `a member under load holds ${rssMib.load} MiB`],
    [!isLong || heap.growthMib <= HEAP_GROWTH_MIB_MAX, `the heap grew by ${heap.growthMib} MiB`],
    [!isLong || late <= early * DISK_RATIO_MAX, `data per block rose from ${early} to ${late} bytes`],
    [figures.acknowledged > 0, "no transaction was acknowledged"],
    [figures.lost === 0, `${figures.lost} acknowledged receipts are gone`],
    [figures.fork === null, `different blocks at one height: ${JSON.stringify(figures.fork)}`],
    [figures.deaths.length === 0, `processes ended by themselves: ${figures.deaths.join(", ")}`],
  ]);
  return promises.flatMap(([holds, sentence]) => (holds ? [] : [sentence]));
}

export function describe(figures) {
  const { stallBeyondFaultMs, rssMib, heap, disk } = figures;
  return [
    `${figures.minutes} minutes, ${figures.kills} kills and ${figures.cuts} cuts`,
    `longest stall beyond a fault ${(stallBeyondFaultMs.max / 1_000).toFixed(1)} s, longest gap ${(figures.gapMs / 1_000).toFixed(1)} s`,
    `${figures.blocks} blocks, ${figures.acknowledged} transactions acknowledged, ${figures.lost} lost`,
    `members hold at most ${rssMib.idle} MiB idle, ${rssMib.load} MiB under load`,
    `heap ${heap.growthMib >= 0 ? "+" : ""}${heap.growthMib} MiB`,
    `disk ${disk.mib} MiB, ${disk.perBlock.join(" then ")} bytes a block`,
  ].join("; ");
}
