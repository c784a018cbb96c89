// `npm run campaign -- split`: a network is divided for minutes, with a miner on either side, and healed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, givenNumber, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "networks split for five minutes and healed, simulated by seeds and once with processes: one chain, rewards paid once";

const USAGE =
  "usage: npm run campaign -- split [--seconds 300] [--seeds 10] [--snail-seconds 10] [--rpc-port PORT] [--no-processes] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  seconds: { type: "string", default: "300" },
  seeds: { type: "string", default: "10" },
  "snail-seconds": { type: "string", default: "10" },
  "rpc-port": { type: "string" },
  "no-processes": { type: "boolean", default: false },
  json: { type: "string" },
};

function checkOptions(values) {
  return {
    seconds: wholeNumber(values, "seconds", { min: 10, max: 86_400 }),
    seeds: wholeNumber(values, "seeds", { max: 100_000 }),
    snailSeconds: wholeNumber(values, "snail-seconds", { min: 1, max: 600 }),
    rpcPort: givenNumber(values, "rpc-port", { min: 1_024, max: 40_000 }),
    withProcesses: !values["no-processes"],
    jsonFile: values.json,
  };
}

const print = (line) => process.stdout.write(`${line}\n`);

/** @returns {Promise<{ findings: string[] } & Record<string, unknown>>} */
async function simulate({ seeds, seconds }) {
  const { runSplitSeed } = await import("@festina/sim");
  const reports = [];
  const findings = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const report = await runSplitSeed({ seed, splitMs: seconds * 1_000 });
    const { kind, heights, snailTips, reverted, healedMs, paidSnailBlocks, violations } = report;
    print(
      `seed ${seed}: ${kind}, fast ${heights.split} -> ${heights.healed} -> ${heights.end}, snail tips ${snailTips.join(" and ")}, ` +
        `one chain after ${healedMs} ms, ${reverted} snail blocks taken back, ${paidSnailBlocks} paid once, ${violations.length} violations`,
    );
    findings.push(...violations.map(({ invariant, what }) => `seed ${seed}: ${invariant} ${what}`));
    reports.push(report);
  }
  return { reports, findings };
}

async function runProcesses(options) {
  const { splitProcesses } = await import("./split/splitProcesses.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-split-"));
  print(`data in ${folder}`);
  const figures = await splitProcesses({ ...options, folder, print });
  if (figures.findings.length === 0) rmSync(folder, { recursive: true, force: true });
  return figures;
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const simulated = await simulate(options);
  const real = options.withProcesses ? await runProcesses(options) : null;
  const findings = [...simulated.findings, ...(real?.findings ?? [])];
  if (options.jsonFile !== undefined)
    writeFileSync(options.jsonFile, `${JSON.stringify({ simulated, real, findings }, null, 2)}\n`);
  for (const finding of findings) print(`FINDING ${finding}`);
  print(
    findings.length === 0 ? "split: one chain of each kind, rewards paid once" : `split: ${findings.length} findings`,
  );
  return findings.length === 0 ? 0 : 1;
}
