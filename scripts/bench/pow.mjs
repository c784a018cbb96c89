// `npm run bench -- pow`: hashes per second of the proof-of-work engines, the cost of checking, and of a new data set.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { median, quantile } from "../statistics.mjs";

export const summary = "proof of work: hashes per second and thread, checking a fruit, making a data set";

const USAGE = "usage: npm run bench -- pow [--rounds 7] [--json FILE]\n";
/** Of the original client, on one thread of this class of machine. */
const ORIGINAL_PER_SECOND = 101;
/** Hashes of a mainnet's sample: as many as a data set is made from. */
const SAMPLE_HASHES = 10_240;
/** @type {any} */
const SEAL = `0x${"5a".repeat(32)}`;
const SLICE_MS = 400;
const FRUITS = 2_000;
const DELAY_RESOLUTION_MS = 2;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = { rounds: { type: "string", default: "7" }, json: { type: "string" } };

const print = (line) => process.stdout.write(`${line}\n`);
const figure = (value) => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 3 : 0 });

/** Hashes per second of `hash(nonce)` during a slice; `batch` hashes between two looks at the clock. */
function measure(hash, batch) {
  const beganMs = performance.now();
  let done = 0;
  let ms = 0;
  while (ms < SLICE_MS) {
    for (let i = 0; i < batch; i++) hash(BigInt(done++));
    ms = performance.now() - beganMs;
  }
  return (done * 1_000) / ms;
}

/** Every engine in turn, round by round, so that whatever else the machine does falls on all alike. */
function measureRates(contenders, rounds) {
  /** @type {Record<string, number[]>} */
  const rates = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (const { hash, batch } of Object.values(contenders)) measure(hash, batch);
  for (let round = 0; round < rounds; round++)
    for (const [name, { hash, batch }] of Object.entries(contenders)) rates[name].push(measure(hash, batch));
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]));
}

function requireEqual(contenders) {
  for (let nonce = 0n; nonce < 20n; nonce++) {
    const results = contenders.map((hash) => Buffer.from(hash(nonce)).toString("hex"));
    if (new Set(results).size > 1) throw new Error(`the results for nonce ${nonce} differ: ${results.join(", ")}`);
  }
}

/** One data set by a thread, from a whole sample, then again from its file; this thread's longest pause meanwhile. */
async function measureDataSets({ createTruehashEngine }, sample, rounds) {
  const folder = mkdtempSync(join(tmpdir(), "festina-pow-"));
  const makes = [];
  const loads = [];
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  try {
    for (let round = 0; round < rounds; round++) {
      const powKey = `0x${round.toString(16).padStart(64, "0")}`;
      const { dataSets } = createTruehashEngine({ folder });
      delay.enable();
      const beganMs = performance.now();
      await dataSets.make(powKey, sample);
      makes.push(performance.now() - beganMs);
      const again = createTruehashEngine({ folder }).dataSets;
      const loadsMs = performance.now();
      if (!(await again.load(powKey))) throw new Error("the data set was not kept");
      loads.push(performance.now() - loadsMs);
      delay.disable();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { makeMs: median(makes), makeMaxMs: Math.max(...makes), loadMs: median(loads), pauseMaxMs: delay.max / 1e6 };
}

async function measureChecking({ createTruehashEngine }, { computePowWins }, sample) {
  const engine = createTruehashEngine({ folder: null });
  await engine.dataSets.make(SEAL, sample);
  const difficulties = { difficulty: 10n ** 9n, fruitDifficulty: 10n ** 7n };
  const times = [];
  for (let nonce = 0; nonce < FRUITS; nonce++) {
    const beganMs = performance.now();
    computePowWins(engine, SEAL, BigInt(nonce), difficulties, SEAL);
    times.push(performance.now() - beganMs);
  }
  return { medianMs: median(times), p99Ms: quantile(times, 0.99) };
}

export async function run(argv) {
  const options = readOptions(argv, {
    options: OPTIONS,
    usage: USAGE,
    check: (values) => ({ rounds: wholeNumber(values, "rounds", { min: 1, max: 100 }), jsonFile: values.json }),
  });
  if (options === null) return EXIT_USAGE;
  const adapters = await import("@festina/adapters");
  const snailchain = await import("@festina/snailchain");
  const { createPlainTruehash, createSparseTruehash } = await import("./pow/plainTruehash.mjs");
  const sample = snailchain.continuePowSample(new Uint8Array(32).fill(0x5a)).slice(0, SAMPLE_HASHES * 32);
  const table = snailchain.deriveTruehashTable(sample);
  const bands = adapters.createTruehashBands(table);
  const plain = createPlainTruehash(snailchain.expandTruehashTable(table));
  const sparse = createSparseTruehash(table);
  const sealBytes = Buffer.from(SEAL.slice(2), "hex");
  const simd = adapters.createTruehashKernel(bands, true);
  const scalar = adapters.createTruehashKernel(bands, false);
  const compute = {
    plain: (nonce) => plain(sealBytes, nonce),
    sparse: (nonce) => sparse(sealBytes, nonce),
    scalar: (nonce) => scalar.compute(SEAL, nonce),
    simd: (nonce) => simd.compute(SEAL, nonce),
  };
  requireEqual(Object.values(compute));
  const searching = (kernel) => {
    kernel.search.setSeal(SEAL);
    kernel.search.setTargets(0n, 0n, 0n, 0n);
    return (nonce) => kernel.search.search(nonce, 1);
  };
  const perSecond = measureRates(
    {
      plain: { hash: compute.plain, batch: 1 },
      sparse: { hash: compute.sparse, batch: 4 },
      scalar: { hash: searching(scalar), batch: 16 },
      simd: { hash: searching(simd), batch: 16 },
      argon2id: { hash: (nonce) => adapters.argon2idPowEngine.compute(SEAL, nonce), batch: 1 },
      keccak: { hash: (nonce) => snailchain.keccakPowEngine.compute(SEAL, nonce), batch: 256 },
    },
    options.rounds,
  );
  const checking = await measureChecking(adapters, snailchain, sample);
  const dataSet = await measureDataSets(adapters, sample, options.rounds);
  const ratios = {
    overPlain: perSecond.simd / perSecond.plain,
    overSparse: perSecond.simd / perSecond.sparse,
    overOriginal: perSecond.simd / ORIGINAL_PER_SECOND,
  };
  print(
    `TrueHash, one thread      ${figure(perSecond.simd)} H/s with 128-bit instructions, ${figure(perSecond.scalar)} without`,
  );
  print(
    `  plain JavaScript        ${figure(perSecond.plain)} H/s: the kernel is ${figure(ratios.overPlain)} times as fast`,
  );
  print(
    `  the same over the ones  ${figure(perSecond.sparse)} H/s: the kernel is ${figure(ratios.overSparse)} times as fast`,
  );
  print(
    `  the original client     ${ORIGINAL_PER_SECOND} H/s: the kernel is ${figure(ratios.overOriginal)} times as fast`,
  );
  print(`checking one fruit        ${figure(checking.medianMs)} ms, p99 ${figure(checking.p99Ms)} ms`);
  print(
    `a new data set            ${figure(dataSet.makeMs)} ms (at most ${figure(dataSet.makeMaxMs)}), from its file ${figure(dataSet.loadMs)} ms`,
  );
  print(`  event loop meanwhile    held up for at most ${figure(dataSet.pauseMaxMs)} ms`);
  print(`Argon2id, one thread      ${figure(perSecond.argon2id)} H/s`);
  print(`keccak, checking          ${figure(perSecond.keccak)} H/s`);
  if (options.jsonFile !== undefined) {
    const machine = { cpus: cpus().length, node: process.version, load: loadavg()[0] };
    const figures = { machine, perSecond, ratios, checking, dataSet };
    writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  }
  return 0;
}
