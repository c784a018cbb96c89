// `npm run bench -- tvm`: our engines and revm in anvil, one call each in turn, medians and ratios of the same run.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { median } from "../statistics.mjs";

export const summary = "the three engines against revm in anvil: medians and ratios by workload";

const USAGE =
  "usage: npm run bench -- tvm [--only NAME,...] [--runs 9] [--reference-runs 1] [--port 8599] [--no-anvil] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  only: { type: "string", default: "" },
  runs: { type: "string", default: "9" },
  "reference-runs": { type: "string", default: "1" },
  port: { type: "string", default: "8599" },
  "no-anvil": { type: "boolean", default: false },
  json: { type: "string" },
};

function checkOptions(values) {
  return {
    only: values.only === "" ? null : values.only.split(","),
    runs: wholeNumber(values, "runs", { min: 1 }),
    referenceRuns: wholeNumber(values, "reference-runs"),
    port: wholeNumber(values, "port", { min: 1, max: 65_535 }),
    withAnvil: !values["no-anvil"],
    jsonFile: values.json,
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Rounds before what counts: V8 optimises what a workload needs of the host, too, and a node runs for longer than a bench. */
const WARMING_ROUNDS = 5;
const HEATING_RUNS_MAX = 30;
const COMPILER_WAITS_MAX = 1_500;

/** A compiler waits for code to be hot, and works beside: runs until the code has run compiled, if it ever does. */
async function heat({ runOn, engine }, workload) {
  const { compilerStatus } = engine;
  if (compilerStatus === undefined) return 0;
  const before = compilerStatus();
  for (let run = 0; run < HEATING_RUNS_MAX; run++) {
    await runOn(workload);
    await pause(5);
    // On a busy machine the compiler's thread is the last to get a turn.
    for (let waits = 0; waits < COMPILER_WAITS_MAX && compilerStatus().waiting > 0; waits++) await pause(20);
    if (compilerStatus().gasCompiled > before.gasCompiled) break;
  }
  return compilerStatus().compileMs - before.compileMs;
}

/** Everything once round for every run: what slows the machine down slows all of them. */
async function measure(workload, runners, anvil, { runs, referenceRuns }) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries([...Object.keys(runners), "anvil"].map((name) => [name, []]));
  const outputs = new Map();
  /** @type {Record<string, number>} */
  const first = {};
  /** @type {Record<string, number>} */
  const compileMs = {};
  let gas = 0n;
  /** What a call that runs nothing takes, at the same time. */
  const nothingMs = [];
  await anvil?.prepare(workload);
  for (let run = -WARMING_ROUNDS; run < runs; run++) {
    for (const [name, runner] of Object.entries(runners)) {
      const isFirst = first[name] === undefined;
      if (name === "reference" && (run >= referenceRuns || (run < 0 && !isFirst))) continue;
      const result = await runner.runOn(workload);
      outputs.set(name, result.output);
      ({ gas } = result);
      if (run >= 0) times[name].push(result.ms);
      else if (isFirst) {
        first[name] = result.ms;
        compileMs[name] = await heat(runner, workload);
      }
      // Time for the optimiser, which works beside us.
      await pause(5);
    }
    if (anvil === null) continue;
    const { ms, output } = await anvil.call(workload);
    outputs.set("anvil", output);
    if (run < 0) continue;
    times.anvil.push(ms);
    nothingMs.push((await anvil.callNobody(workload)).ms);
  }
  if (new Set(outputs.values()).size !== 1)
    throw new Error(`${workload.name}: answers differ: ${JSON.stringify([...outputs])}`);
  return { times, first, compileMs, gas, nothingMs };
}

function rowOf(workload, { times, first, compileMs, gas, nothingMs }) {
  const ms = Object.fromEntries(
    Object.entries(times).flatMap(([name, values]) => (values.length === 0 ? [] : [[name, median(values)]])),
  );
  const emptyCallMs = nothingMs.length === 0 ? null : median(nothingMs);
  if (emptyCallMs !== null) ms.anvil = Math.max(0.01, ms.anvil - emptyCallMs);
  const ratio = Object.fromEntries(
    Object.keys(times).flatMap((name) =>
      name !== "anvil" && ms.anvil && ms[name] ? [[name, ms.anvil / ms[name]]] : [],
    ),
  );
  return {
    workload: workload.name,
    gas: Number(gas),
    ms,
    emptyCallMs,
    ratioToAnvil: ratio,
    firstMs: first,
    compileMs: compileMs.compiler ?? 0,
    ...(workload.library !== undefined && {
      library: workload.library,
      nsPerGas: (1e6 * ms.interpreter) / Number(gas),
    }),
  };
}

function print(row) {
  const figure = (name) => {
    const { [name]: ms } = row.ms;
    const { [name]: ratio } = row.ratioToAnvil;
    return `${ms === undefined ? "-" : ms.toFixed(2)}${ratio === undefined ? "" : ` (${ratio.toFixed(2)})`}`.padStart(
      18,
    );
  };
  const library = row.library === undefined ? "" : `   ${row.library}, ${row.nsPerGas.toFixed(1)} ns per gas`;
  const first = Object.entries(row.firstMs).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  process.stdout.write(
    `${row.workload.padEnd(16)}${figure("anvil")}${figure("compiler")}${figure("interpreter")}${figure("reference")}   first: ${first.join(", ")}, compiled in ${row.compileMs} ms${library}\n`,
  );
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { workloads } = await import("./tvm/workloads.mjs");
  const { mixedBlock } = await import("./tvm/mixedBlock.mjs");
  const { createRunner, ENGINES } = await import("./tvm/ours.mjs");
  const { startAnvil } = await import("./tvm/anvil.mjs");
  // The block comes last: its peer mines none by itself any more.
  const known = [...workloads(), { name: "mixedBlock", ...mixedBlock() }];
  const chosen = known.filter(({ name }) => options.only === null || options.only.includes(name));
  const engines = Object.entries(ENGINES).filter(([name]) => name !== "reference" || options.referenceRuns > 0);
  const runners = Object.fromEntries(
    engines.map(([name, create]) => {
      const engine = create();
      return [name, { engine, runOn: createRunner(engine) }];
    }),
  );
  // Making a machine is no part of a first call.
  for (const { engine } of Object.values(runners)) await engine.prepare?.();
  const anvil = options.withAnvil ? await startAnvil(options.port) : null;
  const rows = [];
  try {
    await warmUp(anvil);
    process.stdout.write(`median ms of ${options.runs} runs (how many times as fast as anvil)\n`);
    process.stdout.write(
      `${"".padEnd(16)}${["anvil", ...Object.keys(runners).reverse()].map((name) => name.padStart(18)).join("")}\n`,
    );
    for (const workload of chosen) {
      rows.push(rowOf(workload, await measure(workload, runners, anvil, options)));
      print(rows.at(-1));
    }
    const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version, load: loadavg()[0] };
    const figures = { rows, peer: anvil?.version ?? null, machine };
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    anvil?.stop();
  }
  return 0;
}

/** The first requests wait for connections and for code of ours that asks. */
async function warmUp(anvil) {
  for (let i = 0; anvil !== null && i < 50; i++) await anvil.callNobody({ data: new Uint8Array() });
}
