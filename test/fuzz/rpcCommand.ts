// `npm run fuzz -- rpc`: malformed requests by the million at the RPC of `festina dev`, of a devnet's member, or of any node
// that runs. It must live, keep its memory, and answer each with the code that JSON-RPC and geth prescribe.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createPrng } from "@festina/primitives";
import { createRpcClient } from "@festina/rpc";
import { createRpcGarbage, describedMethods } from "../endToEnd/rpcGarbage.ts";
import { residentMb, startTarget, TARGET_NAMES, type TargetEnd, takeTarget } from "./rpcTarget.ts";
import { faultIn, outcomesOf, type SentAndAnswered } from "./rpcVerdict.ts";

/** Each lane is a connection, and asks one thing after the other. */
const LANES = 16;
const REQUESTS_A_ROUND = 100;
const FAULTS_MAX = 50;
const MEMORY_GROWTH_MB_MAX = 50;
/** Machine code, caches and pools are made of whatever comes first. */
const WARM_UP_ROUNDS = 20;

const USAGE = `usage: npm run fuzz -- rpc [--requests 100000] [--seed 1] [--target dev|devnet] [--state FOLDER] [--json FILE]
  --requests      of this campaign, former sittings included
  --target        festina dev, or the first member of a devnet, started for the occasion
  --rpc, --pid    instead: a node that runs, and its process
  --state         goes on where it lies: rpc.json
Every method that rpc.discover names is asked, a development chain's controls included. Those that make blocks by number are
asked for a few: with a number by chance they make up to a million, and all other controls wait for that.
Memory is VmRSS of the node's process, in MB of 1,048,576 bytes, at the end of each round of lanes. It begins where the
first ${WARM_UP_ROUNDS} rounds of a sitting end, for machine code, caches and pools come with whatever is asked first.
A sitting that is interrupted is not judged by whether the node answers: the same signal may have reached it.
JSON: { seed, target, requests, seconds, outcomes, faults, sittings: [{ beginMb, endMb, peakMb }], isAlive,
ends: [{ requests, error, process, lastLines }] }: a node that no longer answered, how its process ended, and its log's last lines
`;
interface Progress {
  readonly seed: number;
  /** Of the node that was asked: its URL, where it was running already. */
  readonly target: string;
  rounds: number;
  requests: number;
  seconds: number;
  readonly outcomes: Record<string, number>;
  readonly faults: { readonly fault: string; readonly sent: string; readonly answered: string }[];
  /** A process each. */
  readonly sittings: Memory[];
  /** Of nodes that no longer answered. */
  readonly ends: End[];
}

interface End extends TargetEnd {
  /** Answered in all sittings before it, to the last whole round of lanes. */
  readonly requests: number;
  readonly error: string;
}

interface Memory {
  beginMb: number;
  endMb: number;
  peakMb: number;
}

function readArguments(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean", default: false },
      requests: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      target: { type: "string", default: "dev" },
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
  const target = TARGET_NAMES.find((name) => name === values.target);
  if (target === undefined) throw new RangeError(`--target is one of ${TARGET_NAMES.join(", ")}`);
  return {
    isHelpAsked: values.help,
    requests: whole("requests"),
    seed: whole("seed"),
    target,
    running: values.rpc === undefined ? null : { url: values.rpc, pid: whole("pid") },
    folder: values.state,
    json: values.json,
  };
}

/** @throws RangeError when the folder is another campaign's */
function loadProgress(file: string, seed: number, target: string): Progress {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return { seed, target, rounds: 0, requests: 0, seconds: 0, outcomes: {}, faults: [], sittings: [], ends: [] };
  }
  const saved = JSON.parse(text) as Progress;
  if (saved.seed !== seed || saved.target !== target)
    throw new RangeError(`${file} is of seed ${saved.seed} and ${saved.target}`);
  return { ...saved, ends: saved.ends ?? [] };
}

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

/** One round of one lane: what it asks depends on the seed, its number, and the methods that the node has. */
async function askRound(agent: Agent, url: string, round: number, progress: Progress, methods: readonly string[]) {
  const prng = createPrng(progress.seed * 2 ** 24 + round);
  // As geth has it, HTTP has no method to subscribe.
  const answered = new Set(methods.filter((name) => !/_subscribe$/.test(name)));
  for (let count = 0; count < REQUESTS_A_ROUND; count++) {
    const seen = await post(agent, url, createRpcGarbage(prng, methods));
    for (const outcome of outcomesOf(seen.answered)) progress.outcomes[outcome] = (progress.outcomes[outcome] ?? 0) + 1;
    const fault = faultIn(seen, answered);
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
  const progress = loadProgress(file, options.seed, options.running?.url ?? options.target);
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isInterrupted = true));
  const mustGoOn = (): boolean => progress.requests < options.requests && !isInterrupted;

  const { running } = options;
  const target = running === null ? await startTarget(options.target) : takeTarget(running.url, running.pid);
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const client = createRpcClient(target.url);
  const secondsBefore = progress.seconds;
  const beganMs = performance.now();
  let isAlive: boolean | null = true;
  try {
    const methods = await describedMethods(client);
    const memory: Memory = { beginMb: 0, endMb: 0, peakMb: 0 };
    if (mustGoOn()) progress.sittings.push(memory);
    for (let turn = 1; mustGoOn(); turn++) {
      const rounds = Array.from({ length: LANES }, (_, lane) => progress.rounds + lane);
      await Promise.all(rounds.map((round) => askRound(agent, target.url, round, progress, methods)));
      progress.rounds += LANES;
      progress.requests += LANES * REQUESTS_A_ROUND;
      progress.seconds = secondsBefore + (performance.now() - beganMs) / 1_000;
      memory.endMb = residentMb(target.pid);
      memory.peakMb = Math.max(memory.peakMb, memory.endMb);
      if (turn <= WARM_UP_ROUNDS) memory.beginMb = memory.endMb;
      writeFileSync(file, JSON.stringify(progress));
    }
    await client.call("eth_blockNumber");
  } catch (error) {
    isAlive = isInterrupted ? null : false;
    if (!isInterrupted) {
      const end = { requests: progress.requests, error: String(error), ...(await target.explain()) };
      progress.ends.push(end);
      writeFileSync(file, JSON.stringify(progress));
      process.stderr.write(`the node does not answer: ${end.error}\n  its process: ${end.process}\n`);
      for (const line of end.lastLines) process.stderr.write(`  ${line}\n`);
    }
  } finally {
    agent.destroy();
    await target.stop();
  }
  return tell(progress, isAlive, options.json);
}

function describeLife(isAlive: boolean | null): string {
  if (isAlive === null) return "interrupted";
  return isAlive ? "alive" : "DEAD";
}

function tell({ rounds: _, ...progress }: Progress, isAlive: boolean | null, json: string | undefined): number {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...progress, isAlive }, null, 2)}\n`);
  const { target, requests, seconds, outcomes, faults, sittings } = progress;
  const counted = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
  const memory = sittings.map(
    ({ beginMb, endMb, peakMb }) => `${beginMb.toFixed(0)} MB -> ${endMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)})`,
  );
  process.stdout.write(
    `fuzz rpc: ${requests} requests to ${target} in ${Math.round(seconds)} s, ${describeLife(isAlive)}, ` +
      `${faults.length} faults, memory ${memory.join(", ")}; answers: ${counted.join(", ")}\n`,
  );
  for (const { fault, sent, answered } of faults.slice(0, 5))
    process.stdout.write(`  ${fault}: ${sent.slice(0, 200)} -> ${answered.slice(0, 200)}\n`);
  const hasGrown = sittings.some(({ beginMb, endMb }) => endMb - beginMb >= MEMORY_GROWTH_MB_MAX);
  return isAlive !== false && faults.length === 0 && !hasGrown ? 0 : 1;
}
