// `npm run fuzz -- rpc`: malformed requests by the million at the RPC of `festina dev`, or of any node that runs. It must
// live, keep its memory, and answer each with the code that JSON-RPC and geth prescribe.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createPrng } from "@festina/primitives";
import { createRpcClient } from "@festina/rpc";
import { startDevProcess } from "../endToEnd/devProcess.ts";
import { createRpcGarbage } from "../endToEnd/rpcGarbage.ts";
import { faultIn, outcomesOf, type SentAndAnswered } from "./rpcVerdict.ts";

const USAGE = `usage: npm run fuzz -- rpc [--requests 100000] [--seed 1] [--rpc URL --pid N] [--state FOLDER] [--json FILE]
  --requests      of this campaign, former sittings included
  --rpc, --pid    a node that runs, and its process; otherwise festina dev is started
  --state         goes on where it lies: rpc.json
JSON: { seed, requests, seconds, outcomes, faults, memory: { beginMb, endMb, peakMb }, isAlive }
`;
/** Each lane is a connection, and asks one thing after the other. */
const LANES = 16;
const REQUESTS_A_ROUND = 100;
const FAULTS_MAX = 50;
const MEMORY_GROWTH_MB_MAX = 50;
/** Machine code, caches and pools are made of whatever comes first. */
const WARM_UP_ROUNDS = 20;

interface Progress {
  readonly seed: number;
  rounds: number;
  requests: number;
  seconds: number;
  readonly outcomes: Record<string, number>;
  readonly faults: { readonly fault: string; readonly sent: string; readonly answered: string }[];
}

interface Target {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

function readArguments(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean", default: false },
      requests: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      rpc: { type: "string" },
      pid: { type: "string" },
      state: { type: "string" },
      json: { type: "string" },
    },
  });
  const whole = (name: "requests" | "seed" | "pid"): number => {
    const number = Number(values[name]);
    if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} is a whole number above 0`);
    return number;
  };
  if ((values.rpc === undefined) !== (values.pid === undefined)) throw new RangeError("--rpc and --pid go together");
  return {
    isHelpAsked: values.help,
    requests: whole("requests"),
    seed: whole("seed"),
    running: values.rpc === undefined ? null : { url: values.rpc, pid: whole("pid") },
    folder: values.state,
    json: values.json,
  };
}

/** @throws RangeError when the folder is another campaign's */
function loadProgress(file: string, seed: number): Progress {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return { seed, rounds: 0, requests: 0, seconds: 0, outcomes: {}, faults: [] };
  }
  const saved = JSON.parse(text) as Progress;
  if (saved.seed !== seed) throw new RangeError(`${file} is of seed ${saved.seed}`);
  return saved;
}

async function startTarget(running: { readonly url: string; readonly pid: number } | null): Promise<Target> {
  if (running !== null) return { ...running, stop: async () => undefined };
  return startDevProcess(["--quiet"], resolve("packages/cli/bundle/runMain.cjs"));
}

const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

function post(agent: Agent, url: string, sent: Uint8Array): Promise<SentAndAnswered> {
  return new Promise((answer, reject) => {
    const headers = { "content-type": "application/json", "content-length": sent.length };
    const asked = request(url, { agent, method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        answer({ sent, status: response.statusCode ?? 0, answered: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    // A connection that was idle too long, the campaign having been held up, is no fault of the node.
    asked.on("error", (error: NodeJS.ErrnoException) =>
      asked.reusedSocket && error.code === "ECONNRESET" ? answer(post(agent, url, sent)) : reject(error),
    );
    asked.end(sent);
  });
}

/** One round of one lane: what it asks depends on the seed and its number only. */
async function askRound(agent: Agent, url: string, round: number, progress: Progress, methods: ReadonlySet<string>) {
  const prng = createPrng(progress.seed * 2 ** 24 + round);
  for (let count = 0; count < REQUESTS_A_ROUND; count++) {
    const seen = await post(agent, url, createRpcGarbage(prng));
    for (const outcome of outcomesOf(seen.answered)) progress.outcomes[outcome] = (progress.outcomes[outcome] ?? 0) + 1;
    const fault = faultIn(seen, methods);
    if (fault !== null && progress.faults.length < FAULTS_MAX)
      progress.faults.push({
        fault,
        sent: Buffer.from(seen.sent).toString("utf8").slice(0, 2_000),
        answered: seen.answered.slice(0, 2_000),
      });
  }
}

/** @returns 1 when anything is wrong with the answers, the memory, or the node */
export async function run(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  if (options.isHelpAsked) {
    process.stdout.write(USAGE);
    return 0;
  }
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "festina-fuzz-"));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "rpc.json");
  const progress = loadProgress(file, options.seed);
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isInterrupted = true));

  const target = await startTarget(options.running);
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const client = createRpcClient(target.url);
  const described = await client.call<{ methods: readonly { name: string }[] }>("rpc.discover");
  // As geth has it, HTTP has no method to subscribe.
  const methods = new Set(described.methods.map(({ name }) => name).filter((name) => !/_subscribe$/.test(name)));
  const memory = { beginMb: 0, endMb: 0, peakMb: 0 };
  const secondsBefore = progress.seconds;
  const beganMs = performance.now();
  let isAlive = true;
  try {
    for (let sitting = 1; progress.requests < options.requests && !isInterrupted; sitting++) {
      const rounds = Array.from({ length: LANES }, (_, lane) => progress.rounds + lane);
      await Promise.all(rounds.map((round) => askRound(agent, target.url, round, progress, methods)));
      progress.rounds += LANES;
      progress.requests += LANES * REQUESTS_A_ROUND;
      progress.seconds = secondsBefore + (performance.now() - beganMs) / 1_000;
      writeFileSync(file, JSON.stringify(progress));
      memory.endMb = residentMb(target.pid);
      memory.peakMb = Math.max(memory.peakMb, memory.endMb);
      if (sitting <= WARM_UP_ROUNDS) memory.beginMb = memory.endMb;
    }
    await client.call("eth_blockNumber");
  } catch (error) {
    isAlive = false;
    process.stderr.write(`the node does not answer: ${String(error)}\n`);
  } finally {
    agent.destroy();
    await target.stop();
  }
  return tell(progress, memory, isAlive, options.json);
}

function tell(
  { seed, requests, seconds, outcomes, faults }: Progress,
  memory: { readonly beginMb: number; readonly endMb: number; readonly peakMb: number },
  isAlive: boolean,
  json: string | undefined,
): number {
  if (json !== undefined) {
    const report = { seed, requests, seconds, outcomes, faults, memory, isAlive };
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  const counted = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
  const { beginMb, endMb, peakMb } = memory;
  process.stdout.write(
    `fuzz rpc: ${requests} requests in ${Math.round(seconds)} s, ${isAlive ? "alive" : "DEAD"}, ${faults.length} faults, ` +
      `memory ${beginMb.toFixed(0)} MB -> ${endMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)}); answers: ${counted.join(", ")}\n`,
  );
  for (const { fault, sent, answered } of faults.slice(0, 5))
    process.stdout.write(`  ${fault}: ${sent.slice(0, 200)} -> ${answered.slice(0, 200)}\n`);
  return isAlive && faults.length === 0 && endMb - beginMb < MEMORY_GROWTH_MB_MAX ? 0 : 1;
}
