// `npm run bench -- dev`: festina dev beside anvil, in turns, in one run.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { repositoryRoot } from "../prepare.mjs";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { median, quantile } from "../statistics.mjs";
import { startLocalChain } from "./dev/localChain.mjs";

export const summary = "festina dev beside anvil: first answer, memory, send to receipt, parallel sends";

const USAGE = "usage: npm run bench -- dev [--starts 5] [--sends 200] [--rounds 3] [--port 22900] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  starts: { type: "string", default: "5" },
  sends: { type: "string", default: "200" },
  rounds: { type: "string", default: "3" },
  port: { type: "string", default: "22900" },
  json: { type: "string" },
};

const PARALLEL = 200;
const POLL_MS = 1;
const TRIES_MAX = 100;
const WARM_UP_SENDS = 50;
const IDLE_MS = 1_500;
/** What an idle chain may take, and how fast the others are: what this bench is judged by. */
const GOALS = { firstAnswerMs: 300, idleMb: 90, sendToReceiptMs: 5, parallelPerSecond: 735 };

function checkOptions(values) {
  const [starts, sends, rounds] = ["starts", "sends", "rounds"].map((name) => wholeNumber(values, name, { min: 1 }));
  return { starts, sends, rounds, port: wholeNumber(values, "port", { min: 1, max: 65_000 }), jsonFile: values.json };
}

/** The program itself, not the script around it. */
function anvilProgram() {
  const require = createRequire(import.meta.url);
  const own = createRequire(require.resolve("@foundry-rs/anvil/package.json"));
  return own.resolve(
    `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}/bin/anvil`,
  );
}

function programs(port) {
  const ours = join(repositoryRoot, "bin/festina.mjs");
  return [
    {
      name: "festina dev",
      command: process.execPath,
      args: [ours, "dev", "--quiet", "--port", String(port)],
      port,
    },
    { name: "anvil", command: anvilProgram(), args: ["--silent", "--port", String(port + 1)], port: port + 1 },
  ];
}

/** Anvil gives one nonce to several transactions of one account that it is sent at once, and refuses all but one. */
async function send(chain, fields) {
  for (let tries = 1; ; tries++) {
    try {
      return await chain.call("eth_sendTransaction", fields);
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
    }
  }
}

async function sendToReceipt(chain, from, to, wei = 1) {
  const beganMs = performance.now();
  const hash = await send(chain, { from, to, value: `0x${wei.toString(16)}` });
  // Hundreds that ask without a pause leave no time to mine.
  while ((await chain.call("eth_getTransactionReceipt", hash)) === null) await pause(POLL_MS);
  return performance.now() - beganMs;
}

/** From the first send to the last receipt. */
async function parallelPerSecond(chain, accounts) {
  const beganMs = performance.now();
  await Promise.all(
    Array.from({ length: PARALLEL }, (_, index) => {
      const from = accounts[index % accounts.length];
      return sendToReceipt(chain, from, accounts[(index + 1) % accounts.length], index + 1);
    }),
  );
  return (PARALLEL * 1_000) / (performance.now() - beganMs);
}

async function measure(port, { starts, sends, rounds }) {
  /** @type {{ name: string, starts: number[], latencies: number[], parallel: number[], idleMb: number, busyMb: number }[]} */
  const figures = programs(port).map(({ name }) => ({
    name,
    starts: [],
    latencies: [],
    parallel: [],
    idleMb: 0,
    busyMb: 0,
  }));
  for (let start = 0; start < starts; start++) {
    for (const [index, program] of programs(port).entries()) {
      const chain = await startLocalChain(program);
      figures[index].starts.push(chain.firstAnswerMs);
      await chain.stop();
    }
  }
  const chains = [];
  try {
    for (const program of programs(port)) chains.push(await startLocalChain(program));
    await pause(IDLE_MS);
    for (const [index, chain] of chains.entries()) figures[index].idleMb = chain.residentMb();
    const accounts = await Promise.all(chains.map((chain) => chain.call("eth_accounts")));
    for (const [index, chain] of chains.entries())
      for (let count = 0; count < WARM_UP_SENDS; count++)
        await sendToReceipt(chain, accounts[index][0], accounts[index][1]);
    // In turns, so that both have the same share of whatever else the machine does.
    for (let count = 0; count < sends; count++)
      for (const [index, chain] of chains.entries())
        figures[index].latencies.push(await sendToReceipt(chain, accounts[index][0], accounts[index][1]));
    for (let round = 0; round < rounds; round++)
      for (const [index, chain] of chains.entries())
        figures[index].parallel.push(await parallelPerSecond(chain, accounts[index]));
    for (const [index, chain] of chains.entries()) figures[index].busyMb = chain.residentMb();
  } finally {
    for (const chain of chains) await chain.stop();
  }
  return figures;
}

function summarise({ name, starts, latencies, parallel, idleMb, busyMb }) {
  return {
    name,
    firstAnswerMs: median(starts),
    idleMb,
    busyMb,
    sendToReceiptMs: median(latencies),
    sendToReceiptMs95: quantile(latencies, 0.95),
    parallelPerSecond: median(parallel),
  };
}

function tell(rows) {
  const line = (label, pick, goal = "") =>
    `${label.padEnd(34)}${rows.map((row) => pick(row).padStart(14)).join("")}  ${goal}\n`;
  const { firstAnswerMs, idleMb, sendToReceiptMs, parallelPerSecond: perSecond } = GOALS;
  process.stdout.write(
    line("", ({ name }) => name, "goal") +
      line("first answer, ms", (row) => row.firstAnswerMs.toFixed(0), `<= ${firstAnswerMs}`) +
      line("memory when idle, MB", (row) => row.idleMb.toFixed(0), `<= ${idleMb}`) +
      line("memory at the end, MB", (row) => row.busyMb.toFixed(0)) +
      line("send to receipt, ms (median)", (row) => row.sendToReceiptMs.toFixed(2), `<= ${sendToReceiptMs}`) +
      line("send to receipt, ms (95 %)", (row) => row.sendToReceiptMs95.toFixed(2)) +
      line(`${PARALLEL} parallel sends, a second`, (row) => row.parallelPerSecond.toFixed(0), `>= ${perSecond}`),
  );
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const rows = (await measure(options.port, options)).map(summarise);
  tell(rows);
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify({ goals: GOALS, rows })}\n`);
  return 0;
}
