// `npm run bench -- tiers`: what compiling hot code costs a node: event-loop delay, memory, time, and first calls.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "hot code: event-loop delay and bounds under adversarial contracts, time per byte, first calls";

const USAGE = "usage: npm run bench -- tiers [--only adversarial|precompiles|real|first] [--rounds 40] [--json FILE]\n";
/** Longest that the interpreter takes to make these hot, plus the compiler's time. */
const MOST_MS = 20_000;
const LEAST_MS = 3_000;
const FIRST_CALLS = ["arithmetic64", "hashes20k", "erc20Transfer", "rayTracer", "storageCold", "calls", "creations"];

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  only: { type: "string" },
  rounds: { type: "string", default: "40" },
  json: { type: "string" },
};

function checkOptions(values) {
  if (values.only !== undefined && !["adversarial", "precompiles", "real", "first"].includes(values.only))
    throw new Error(`there is no part ${values.only}`);
  return { only: values.only, rounds: wholeNumber(values, "rounds", { min: 5 }), jsonFile: values.json };
}

const print = (line) => process.stdout.write(`${line}\n`);
const figure = (value, digits = 1) => value.toFixed(digits).padStart(8);

/** One code after the other, each on an engine of its own, so that none leans on what another has warmed. */
async function watchCodes(codes, adapters) {
  const { createEventLoopPace, createTieredEngine, createInterpreterEngine, compileToModule, kernelInput } = adapters;
  const { runUnderWatch } = await import("./tiers/contention.mjs");
  const rows = [];
  print(
    `${"".padEnd(18)} bytes  answer              compile ms  memory kB  delay max ms (interpreter)  longest call ms      RSS MB`,
  );
  for (const [name, code] of Object.entries(codes)) {
    const rival = createInterpreterEngine(createEventLoopPace());
    const interpreted = await runUnderWatch(rival, { code }, { leastMs: LEAST_MS, mostMs: LEAST_MS });
    const engine = createTieredEngine({ pace: createEventLoopPace() });
    const tiered = await runUnderWatch(engine, { code }, { leastMs: LEAST_MS, mostMs: MOST_MS });
    const status = engine.compilerStatus();
    const alone = compileToModule(code, kernelInput());
    const answer = Object.keys(status.refused)[0] ?? (status.compiled === 1 ? "compiled" : "cold");
    rows.push({ name, codeBytes: code.length, answer, aloneMs: alone.ms, status, tiered, interpreted });
    const { delayMaxMs, longestCallMs, rssGrowthMb } = tiered;
    const compiled = `${figure(status.compileMs, 0)}    ${figure(status.liveBytes / 1024, 0)}`;
    const delay = `${figure(delayMaxMs)} (${interpreted.delayMaxMs.toFixed(1)})`.padEnd(29);
    const call = `${figure(longestCallMs)} (${interpreted.longestCallMs.toFixed(1)})`.padEnd(20);
    print(
      `${name.padEnd(18)}${`${code.length}`.padStart(6)}  ${answer.padEnd(18)}${compiled}   ${delay}${call}${figure(rssGrowthMb, 0)}`,
    );
  }
  return rows;
}

/** A whole transaction's gas for each precompiled contract, as long calls as there can be. */
async function watchPrecompiles({ createEventLoopPace, createInterpreterEngine }) {
  const { runUnderWatch } = await import("./tiers/contention.mjs");
  const { endlessPrecompiles } = await import("./tvm/precompiles.mjs");
  const engine = createInterpreterEngine(createEventLoopPace());
  const rows = [];
  for (const { name, ...call } of endlessPrecompiles()) {
    const figures = await runUnderWatch(engine, call, { leastMs: LEAST_MS, mostMs: LEAST_MS });
    rows.push({ name, ...figures });
    print(
      `2^24 gas of ${name.padEnd(16)} ${figure(figures.longestCallMs, 0)} ms, event-loop delay max ${figure(figures.delayMaxMs)} ms`,
    );
  }
  return rows;
}

async function measureFirst(engines, rounds, workloads) {
  const { measureFirstCalls } = await import("./tiers/firstCalls.mjs");
  const rows = [];
  for (const workload of workloads.filter(({ name }) => FIRST_CALLS.includes(name))) {
    const ms = await measureFirstCalls(engines, workload, rounds);
    rows.push({ workload: workload.name, ms, ratio: ms.tiered / ms.interpreter });
    print(
      `first call ${workload.name.padEnd(14)} interpreter ${figure(ms.interpreter, 2)} ms, tiered ${figure(ms.tiered, 2)} ms (${(ms.tiered / ms.interpreter).toFixed(2)})`,
    );
  }
  return rows;
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const adapters = await import("@festina/adapters");
  const { workloads } = await import("./tvm/workloads.mjs");
  const { ADVERSARIAL } = await import("./tiers/adversarial.mjs");
  const chosen = workloads();
  const isWanted = (part) => options.only === undefined || options.only === part;
  const figures = { machine: { cpus: cpus().length, node: process.version, load: loadavg()[0] } };
  if (isWanted("adversarial")) Object.assign(figures, { adversarial: await watchCodes(ADVERSARIAL, adapters) });
  if (isWanted("precompiles")) Object.assign(figures, { precompiles: await watchPrecompiles(adapters) });
  if (isWanted("real")) {
    const real = chosen.filter(({ name }) => ["arithmetic", "erc20Transfer", "rayTracer"].includes(name));
    const rows = real.map(({ name, code }) => {
      const answer = adapters.compileToModule(code, adapters.kernelInput());
      if (answer.kind === "refused") throw new Error(`${name} is refused: ${answer.reason}`);
      const { ms, moduleBytes, functions } = answer;
      print(
        `compiling ${name.padEnd(14)} ${code.length} bytes: ${figure(ms)} ms, ${figure((1_000 * ms) / code.length)} us a byte, module ${moduleBytes} bytes`,
      );
      return { name, codeBytes: code.length, ms, moduleBytes, functions: new Set(functions).size - 1 };
    });
    Object.assign(figures, { real: rows });
  }
  if (isWanted("first")) {
    // A compiler that never answers: what is measured is the first call, not what comes later.
    const tiered = adapters.createTieredEngine({ port: { compile: () => undefined } });
    const engines = { interpreter: adapters.createInterpreterEngine(), tiered };
    Object.assign(figures, { firstCalls: await measureFirst(engines, options.rounds, chosen) });
  }
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}
