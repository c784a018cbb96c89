// `npm run campaign -- wan`: members far from each other: a network in network namespaces with delay and loss, and faults of
// its links.
//
// Links are the kernel's netem where it exists, else the packet relay of this folder over TUN (it needs a C++ compiler), else
// delaying TCP proxies without loss; the output says which. Namespaces take root and iproute2; they are removed at the end.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary =
  "seven members in seven network namespaces, far apart and with loss: finality, cuts, flapping, isolation";

const KINDS = ["auto", "netem", "relay", "proxy"];
const USAGE = `usage: npm run campaign -- wan [--members 7] [--seconds 120] [--delay-min 50] [--delay-max 150] [--loss-permille 10] [--fault-seconds 20] [--pairs 21] [--heal-seconds 30] [--snail-seconds 30] [--links ${KINDS.join("|")}] [--seed 1] [--json FILE]\n`;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  members: { type: "string", default: "7" },
  seconds: { type: "string", default: "120" },
  "delay-min": { type: "string", default: "50" },
  "delay-max": { type: "string", default: "150" },
  "loss-permille": { type: "string", default: "10" },
  "fault-seconds": { type: "string", default: "20" },
  pairs: { type: "string", default: "21" },
  "heal-seconds": { type: "string", default: "30" },
  "snail-seconds": { type: "string", default: "30" },
  links: { type: "string", default: "auto" },
  seed: { type: "string", default: "1" },
  json: { type: "string" },
};

function checkOptions(values) {
  if (!KINDS.includes(values.links)) throw new Error(`--links is one of ${KINDS.join(", ")}`);
  const delayMsMin = wholeNumber(values, "delay-min", { max: 2_000 });
  return {
    members: wholeNumber(values, "members", { min: 4, max: 10 }),
    seconds: wholeNumber(values, "seconds", { min: 1, max: 3_600 }),
    delayMsMin,
    delayMsMax: wholeNumber(values, "delay-max", { min: delayMsMin, max: 2_000 }),
    loss: wholeNumber(values, "loss-permille", { max: 500 }) / 1_000,
    faultSeconds: wholeNumber(values, "fault-seconds", { min: 1, max: 600 }),
    pairs: wholeNumber(values, "pairs", { max: 45 }),
    healMsMax: wholeNumber(values, "heal-seconds", { min: 1, max: 600 }) * 1_000,
    snailSeconds: wholeNumber(values, "snail-seconds", { min: 1, max: 600 }),
    kind: values.links,
    seed: wholeNumber(values, "seed", { min: 1 }),
    jsonFile: values.json,
  };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { runWan } = await import("./wan/runWan.mjs");
  const folder = mkdtempSync(join(tmpdir(), "festina-wan-"));
  const print = (line) => process.stdout.write(`${line}\n`);
  print(`seed ${options.seed}, data in ${folder}`);
  const figures = await runWan({ ...options, folder, print });
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  const { finality, faults, findings, links } = figures;
  for (const finding of findings) print(`FINDING ${finding}`);
  const slowest = Math.max(0, ...faults.map(({ healedMs }) => healedMs));
  print(
    `wan: ${links}; p50 ${finality.p50Ms} ms (bound ${finality.boundMs}), p95 ${finality.p95Ms} ms of ${finality.blocks} blocks; ` +
      `${faults.length} faults, healed within ${slowest} ms; ${findings.length} findings`,
  );
  if (findings.length === 0) rmSync(folder, { recursive: true, force: true });
  return findings.length === 0 ? 0 : 1;
}
