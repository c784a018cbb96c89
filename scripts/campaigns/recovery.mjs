// `npm run campaign -- recovery`: committees that die, come back or are cut off on chains that recover by proof of work.
import { writeFileSync } from "node:fs";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "whole networks whose committee dies or is cut off while miners go on: who follows, and what is lost";

const USAGE =
  "usage: npm run campaign -- recovery [--from 1] [--to 20] [--case NAME, repeatable: all] [--explain: what happens, of one run] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  from: { type: "string", default: "1" },
  to: { type: "string", default: "20" },
  case: { type: "string", multiple: true },
  explain: { type: "boolean", default: false },
  json: { type: "string" },
};

function checkOptions(values, names) {
  const [from, to] = ["from", "to"].map((name) => wholeNumber(values, name));
  if (from > to) throw new Error("--from is above --to");
  const cases = values.case ?? names;
  const unknown = cases.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`cases are ${names.join(", ")}`);
  if (values.explain && (from < to || cases.length > 1)) throw new Error("--explain is about one seed of one case");
  return { from, to, cases, isExplained: values.explain, jsonFile: values.json };
}

const seconds = (ms) => (ms / 1_000).toFixed(1);

/** The figures of one case over its seeds. */
function sumUp(name, reports) {
  const recovered = reports.map(({ recoveredMs }) => recoveredMs).filter((ms) => ms !== null);
  recovered.sort((a, b) => a - b);
  const count = (holds) => reports.filter(holds).length;
  return {
    name,
    seeds: reports.length,
    failed: count(({ violations }) => violations.length > 0),
    recovered: recovered.length,
    recoveredMsMedian: recovered[Math.floor(recovered.length / 2)] ?? null,
    recoveredMsMax: recovered.at(-1) ?? null,
    severalCycles: count(({ seated }) => seated > 1),
    forked: count(({ hasForked }) => hasForked),
    stranded: count(({ stranded }) => stranded > 0),
    reverted: reports.reduce((sum, { reverted }) => sum + reverted, 0),
    simulatedSeconds: Math.round(reports.reduce((sum, { simulatedMs }) => sum + simulatedMs, 0) / 1_000),
  };
}

function describe(sum) {
  const times =
    sum.recovered === 0
      ? ""
      : ` after ${seconds(sum.recoveredMsMedian)} s (median), ${seconds(sum.recoveredMsMax)} s (most)`;
  return (
    `${sum.name}: ${sum.seeds} seeds, ${sum.failed} failed; another committee went on in ${sum.recovered}${times}, ` +
    `several were seated in ${sum.severalCycles}; forked in ${sum.forked}, nodes stranded in ${sum.stranded}; ` +
    `${sum.reverted} snail blocks reorganised away`
  );
}

export async function run(argv) {
  const { RECOVERY_CASES, runRecoverySeed } = await import("@festina/sim");
  const options = readOptions(argv, {
    options: OPTIONS,
    usage: USAGE,
    check: (values) => checkOptions(values, RECOVERY_CASES),
  });
  if (options === null) return EXIT_USAGE;
  const { from, to, cases, isExplained, jsonFile } = options;
  const print = (line) => process.stdout.write(`${line}\n`);
  const trace = (atMs, who, what) =>
    print(`${seconds(atMs).padStart(7)} s  ${who < 0 ? "world " : `node ${who}`}  ${what}`);
  const sums = [];
  for (const name of cases) {
    const reports = [];
    for (let seed = from; seed <= to; seed++) {
      const report = await runRecoverySeed({ seed, name, ...(isExplained ? { trace } : {}) });
      for (const { invariant, what } of report.violations.slice(0, 1))
        print(`seed ${seed} of ${name}: BROKEN ${invariant}: ${what}`);
      reports.push(report);
    }
    const sum = sumUp(name, reports);
    sums.push({ ...sum, reports });
    print(describe(sum));
  }
  const failed = sums.reduce((total, sum) => total + sum.failed, 0);
  const seeds = sums.reduce((total, sum) => total + sum.seeds, 0);
  print(`recovery: ${seeds} networks, ${failed} failed`);
  if (jsonFile !== undefined)
    writeFileSync(jsonFile, `${JSON.stringify({ node: process.version, from, to, sums }, null, 2)}\n`);
  return failed === 0 ? 0 : 1;
}
