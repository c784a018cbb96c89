// The storm itself: a network, an observer, a load; gusts until enough have died or a promise is broken.
import { loadavg } from "node:os";
import { join } from "node:path";
import { createPrng } from "@festina/primitives";
import { DevnetUnderTest, MEMBERS } from "../devnet/devnetUnderTest.mjs";
import { percentile } from "../kill/figures.mjs";
import { TransferLedger } from "../kill/transferLedger.mjs";
import { TransferLoad } from "../kill/transferLoad.mjs";
import { startObserver } from "../kill/voteObserver.mjs";
import { MILESTONES } from "./comeback.mjs";
import { gust, Seating } from "./gust.mjs";

/** Gusts draw from sequences of their own, so that a resumed storm goes on as the interrupted one would have. */
const SEEDS_PER_STORM = 10_000;
/** From the order to start a member again until its own signature is in a certificate. A machine that serves others is slower. */
const RECOVERY_MS = 3_000;

const killsOf = (gusts) => gusts.reduce((sum, { names }) => sum + names.length, 0);
const seconds = (ms) => `${((ms ?? 0) / 1000).toFixed(1)} s`;

const spread = (values) => ({
  p50: Math.round(percentile(values, 0.5) ?? 0),
  p99: Math.round(percentile(values, 0.99) ?? 0),
  max: Math.round(Math.max(0, ...values)),
});

/** Each milestone from the order to start on, and each leg from the milestone before it. */
function measureMilestones(comebacks) {
  return Object.fromEntries(
    MILESTONES.map((milestone, index) => {
      const passed = comebacks.filter((each) => each[milestone] !== undefined);
      const before = MILESTONES[index - 1];
      const legs = passed.map((each) =>
        Math.max(0, each[milestone] - (before === undefined ? 0 : (each[before] ?? 0))),
      );
      return [milestone, { sinceStartMs: spread(passed.map((each) => each[milestone])), legMs: spread(legs) }];
    }),
  );
}

function sumUp({ progress, ledger, observer, deaths, lostAtEnd }) {
  const { seed, gusts, ranMs } = progress;
  const { book } = observer;
  const comebacks = gusts.flatMap((each) => each.comebacks);
  const recoveryMs = comebacks.flatMap(({ certified }) => certified ?? []);
  const gapsOf = (isOfThem) =>
    spread(gusts.filter(({ names }) => isOfThem(names.length)).map((each) => each.blockGapMs));
  return {
    seed,
    kills: killsOf(gusts),
    gusts: gusts.length,
    ofAll: gusts.filter(({ names }) => names.length === MEMBERS).length,
    recoveryMs: spread(recoveryMs),
    recoveredWithin3s: recoveryMs.filter((ms) => ms <= RECOVERY_MS).length / Math.max(1, recoveryMs.length),
    recoveryMsByVictims: Object.fromEntries(
      Array.from({ length: MEMBERS }, (_, index) => index + 1).map((victims) => [
        victims,
        spread(
          gusts
            .filter(({ names }) => names.length === victims)
            .flatMap((each) => each.comebacks.flatMap(({ certified }) => certified ?? [])),
        ),
      ]),
    ),
    milestones: measureMilestones(comebacks),
    supervisorMs: spread(gusts.flatMap(({ deadMs }) => deadMs)),
    blockGapMs: { ofOne: gapsOf((victims) => victims === 1), ofMore: gapsOf((victims) => victims > 1) },
    secondsPerKill: ranMs / 1000 / Math.max(1, killsOf(gusts)),
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
    nextBlockMs: spread(gusts.map(({ nextBlockMs }) => nextBlockMs)),
    unseated: gusts.reduce((sum, { unseated }) => sum + unseated, 0),
    acknowledged: ledger.entries.length,
    lost: gusts.flatMap(({ lost }) => lost).length + lostAtEnd.length,
    forks: gusts.filter(({ fork }) => fork !== null).length,
    signedMessagesHeard: book.count,
    undecoded: observer.undecoded(),
    doubleSignatures: book.conflicts.length,
    conflicts: book.conflicts.slice(0, 20),
    deaths,
  };
}

/** One sentence per broken promise. How fast members come back is told, not judged: that depends on the machine. */
function findBreaches(figures) {
  const breaches = [];
  if (figures.lost > 0) breaches.push(`${figures.lost} acknowledged receipts are gone`);
  if (figures.forks > 0) breaches.push(`${figures.forks} gusts ended with different blocks at one height`);
  if (figures.doubleSignatures > 0) breaches.push(`${figures.doubleSignatures} double signatures`);
  if (figures.signedMessagesHeard === 0 || figures.undecoded > 0)
    breaches.push("the observer heard nothing, or garbage");
  if (figures.acknowledged === 0) breaches.push("no transaction was acknowledged");
  if (figures.deaths.length > 0) breaches.push(`processes ended by themselves: ${figures.deaths.join(", ")}`);
  return breaches;
}

function describe(figures) {
  const { recoveryMs, nextBlockMs, blockGapMs, supervisorMs } = figures;
  return [
    `${figures.kills} kills in ${figures.gusts} gusts, ${figures.ofAll} of them of all members`,
    `own signature certified after p50 ${seconds(recoveryMs.p50)} p99 ${seconds(recoveryMs.p99)}`,
    `${(100 * figures.recoveredWithin3s).toFixed(1)} % within 3 s`,
    `started again ${seconds(supervisorMs.p50)} after the kill`,
    `next block p50 ${seconds(nextBlockMs.p50)} p99 ${seconds(nextBlockMs.p99)}`,
    `longest gap between blocks when one dies p50 ${seconds(blockGapMs.ofOne.p50)} p99 ${seconds(blockGapMs.ofOne.p99)}, when more do p50 ${seconds(blockGapMs.ofMore.p50)} p99 ${seconds(blockGapMs.ofMore.p99)}`,
    `${figures.acknowledged} acknowledged, ${figures.lost} lost`,
    `${figures.signedMessagesHeard} signed messages, ${figures.doubleSignatures} double`,
    `${figures.secondsPerKill.toFixed(1)} s per kill, load average ${figures.loadAverage.join(" ")}`,
  ].join("; ");
}

function describeMilestones({ milestones }) {
  return MILESTONES.map((milestone) => {
    const { sinceStartMs, legMs } = milestones[milestone];
    return `${milestone} ${seconds(sinceStartMs.p50)}/${seconds(sinceStartMs.p99)} (+${seconds(legMs.p50)}/${seconds(legMs.p99)})`;
  }).join(", ");
}

function describeGust(number, { names, comebacks, nextBlockMs, blockGapMs, lost, unseated }) {
  const each = comebacks.map(({ certified }) => seconds(certified)).join(" ");
  return `gust ${number}: ${names.join(" ")}: certified after ${each}${unseated > 0 ? `, ${unseated} without a seat` : ""}, next block ${seconds(nextBlockMs)}, gap ${seconds(blockGapMs)}, lost ${lost.length}`;
}

/** @returns figures and broken promises; an error of a step is a broken promise too */
export async function runStorm({ folder, progress, kills, minutes, rpcPort, print, saveProgress }) {
  const endMs = performance.now() + minutes * 60_000;
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const ledger = new TransferLedger(join(folder, "acknowledged.jsonl"));
  const failures = [];
  const lostAtEnd = [];
  /** @type {Awaited<ReturnType<typeof startObserver>> | null} */
  let observer = null;
  /** @type {TransferLoad | null} */
  let load = null;
  try {
    await network.start(rpcPort);
    observer = await startObserver(network, join(folder, "signed.txt"));
    load = new TransferLoad(network, ledger, createPrng(progress.seed));
    await load.start();
    const parts = { network, observer, ledger, seating: new Seating() };
    while (killsOf(progress.gusts) < kills && performance.now() < endMs) {
      const number = progress.gusts.length + 1;
      const prng = createPrng(progress.seed * SEEDS_PER_STORM + number);
      const count = Math.min(1 + prng.below(MEMBERS), kills - killsOf(progress.gusts));
      const beganMs = performance.now();
      const passed = await gust({ ...parts, prng }, count);
      progress.gusts.push(passed);
      progress.ranMs += performance.now() - beganMs;
      saveProgress();
      print(describeGust(number, passed));
      if (passed.lost.length > 0 || passed.fork !== null || observer.book.conflicts.length > 0) break;
    }
    await load.stop();
    for (const name of network.members) lostAtEnd.push(...(await ledger.findLost(network.rpc(name))));
  } catch (error) {
    load?.abandon();
    failures.push(`gust ${progress.gusts.length + 1}: ${error.stack}`);
  }
  const heard = observer ?? { book: { count: 0, conflicts: [] }, undecoded: () => 0 };
  const figures = sumUp({ progress, ledger, observer: heard, deaths: network.deaths, lostAtEnd });
  const breaches = [...failures, ...findBreaches(figures)];
  print(`milestones, p50/p99 after the order to start (and after the one before): ${describeMilestones(figures)}`);
  await observer?.stop();
  await network.stop();
  return { figures, breaches, summary: describe(figures) };
}
