// The soak itself: a devnet whose links run through this process and whose nodes serve metrics; load; faults in turns.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPrng } from "@festina/primitives";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { currentCommittee, findFork, isSpare } from "../kill/chainFacts.mjs";
import { TransferLedger } from "../kill/transferLedger.mjs";
import { TransferLoad } from "../kill/transferLoad.mjs";
import { HeadClock } from "../kill/voteObserver.mjs";
import { linkProcesses } from "../split/linkProxies.mjs";
import { describe, findBreaches, sumUp } from "./judgeSoak.mjs";
import { Sampler } from "./sampler.mjs";

/** Above the peer ports and those of the links. */
const METRICS_PORT_OFFSET = 300;
const SAMPLE_MS = { long: 10_000, short: 2_000 };
/** Members that do nothing yet, after their start. */
const IDLE_MS = { long: 60_000, short: 8_000 };
const SHORT_MINUTES = 5;
const FAULT_MS = { min: 2_000, spread: 3_000 };
const HEAD_POLL_MS = 150;
const BACK_MS = 60_000;
/** Faults draw from sequences of their own, so that a resumed soak goes on as the interrupted one would have. */
const SEEDS_PER_SOAK = 10_000;
const LOAD = { senders: 5, pauseMs: { min: 0, spread: 60 } };

/** Of a stopped devnet. */
function serveMetrics(placed) {
  return placed.map(({ name, layout, networkPort }) => {
    const port = networkPort + METRICS_PORT_OFFSET;
    const config = JSON.parse(readFileSync(layout.configFile, "utf8"));
    writeFileSync(layout.configFile, `${JSON.stringify({ ...config, metrics: { port } }, null, 2)}\n`);
    return { name, metricsUrl: `http://127.0.0.1:${port}/metrics`, dataDir: layout.dataDir };
  });
}

/** Looks at the heads of all living members, until it is told to stop. */
function watchHeads(network, clock) {
  let isStopped = false;
  const look = (name) =>
    network
      .head(name)
      .then((number) => clock.note(name, number, performance.now()))
      .catch(() => undefined);
  const run = async () => {
    while (!isStopped) {
      await Promise.race([Promise.all(network.living.map(look)), sleep(HEAD_POLL_MS * 4)]);
      await sleep(HEAD_POLL_MS);
    }
  };
  const running = run();
  return async () => {
    isStopped = true;
    await running;
  };
}

/** One process whose loss leaves a quorum. The first member is never killed. */
async function chooseVictim(network, prng, kind) {
  const committee = await currentCommittee(network.rpc(network.members[0]));
  const spare = network.names.filter((name) => {
    const validator = network.validatorOf(name);
    const isSeated = committee.members.some(({ address }) => address === validator);
    return !isSeated || isSpare(committee, validator);
  });
  const able = spare.filter((name) => kind === "cut" || name !== network.members[0]);
  return able[prng.below(able.length)];
}

async function strike({ network, links, clock, prng }, everyMs) {
  const kind = prng.below(2) === 0 ? "kill" : "cut";
  const name = await chooseVictim(network, prng, kind);
  if (name === undefined) return null;
  const lengthMs = FAULT_MS.min + prng.below(FAULT_MS.spread);
  const side = [network.names.indexOf(name)];
  const beganMs = performance.now();
  if (kind === "kill") await network.kill([name]);
  else links.cut(side);
  await sleep(lengthMs);
  if (kind === "kill") await network.restart([name]);
  else links.mend(side);
  const endedMs = performance.now();
  const height = clock.head;
  await sleep(Math.max(0, beganMs + everyMs - performance.now()));
  await waitFor(
    `${name} back at block ${height}`,
    BACK_MS,
    orNothing(async () => (await network.head(name)) >= height),
    500,
  );
  const untilMs = performance.now();
  return {
    kind,
    name,
    lengthMs: Math.round(endedMs - beganMs),
    gapMs: Math.round(clock.longestGapMs(beganMs, untilMs)),
    // A gap that the fault covers in part is counted from its end, one that begins in it as a whole.
    beyondMs: Math.round(clock.longestGapMs(endedMs, untilMs)),
  };
}

const readSamples = (file) =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]))
    : [];

export async function runSoak({ folder, progress, minutes, everySeconds, faults, rpcPort, print, saveProgress }) {
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const ledger = new TransferLedger(join(folder, "acknowledged.jsonl"));
  const samplesFile = join(folder, "samples.jsonl");
  const everyMs = everySeconds * 1_000;
  const endMs = minutes * 60_000;
  const failures = [];
  const lost = [];
  let fork = null;
  /** @type {(() => Promise<unknown> | void)[]} what to end, newest first */
  const ends = [];
  /** @type {Sampler | null} */
  let sampler = null;
  try {
    await network.start(rpcPort);
    await network.stop();
    const processes = serveMetrics(network.placed);
    const links = await linkProcesses(network.placed);
    ends.unshift(links.close);
    await network.start();
    const startedMs = performance.now();
    const ranBeforeMs = progress.ranMs;
    const elapsedMs = () => Math.round(ranBeforeMs + performance.now() - startedMs);
    const isShort = minutes < SHORT_MINUTES || Number.isFinite(faults);
    sampler = new Sampler({
      ...{ file: samplesFile, processes, elapsedMs, earlier: readSamples(samplesFile) },
      everyMs: isShort ? SAMPLE_MS.short : SAMPLE_MS.long,
    });
    ends.unshift(() => sampler?.stop());
    const clock = new HeadClock();
    ends.unshift(watchHeads(network, clock));
    await sleep(isShort ? IDLE_MS.short : IDLE_MS.long);
    sampler.phase = "load";
    const load = new TransferLoad(network, ledger, createPrng(progress.seed), LOAD);
    await load.start();
    ends.unshift(() => load.abandon());
    while (elapsedMs() < endMs && progress.faults.length < faults) {
      const number = progress.faults.length + 1;
      const fault = await strike(
        { network, links, clock, prng: createPrng(progress.seed * SEEDS_PER_SOAK + number) },
        everyMs,
      );
      progress.ranMs = elapsedMs();
      if (fault === null) {
        // Nobody can be spared before the next election.
        await sleep(everyMs);
        continue;
      }
      progress.faults.push(fault);
      saveProgress();
      const { kind, name, lengthMs, gapMs, beyondMs } = fault;
      print(
        `fault ${number}: ${kind} of ${name} for ${lengthMs} ms: longest gap ${gapMs} ms, beyond it ${beyondMs} ms`,
      );
    }
    await load.stop();
    for (const name of network.members) lost.push(...(await ledger.findLost(network.rpc(name))));
    const height = Math.min(...(await Promise.all(network.members.map((name) => network.head(name)))));
    fork = await findFork(network, height);
  } catch (error) {
    failures.push(`fault ${progress.faults.length + 1}: ${error.stack}`);
  } finally {
    for (const end of ends) await end();
    await network.stop();
  }
  saveProgress();
  const [witness] = network.members;
  const samples = sampler?.samples ?? [];
  const parts = { progress, samples, witness, members: network.members, ledger, lost, fork, deaths: network.deaths };
  const figures = sumUp(parts);
  return { figures, breaches: [...failures, ...findBreaches(figures)], summary: describe(figures) };
}
