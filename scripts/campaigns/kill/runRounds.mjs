// The campaign itself: a network, an observer, a load; rounds until all are done or a promise is broken.
import { join } from "node:path";
import { createPrng } from "@festina/primitives";
import { DevnetUnderTest } from "../devnet/devnetUnderTest.mjs";
import { findFork } from "./chainFacts.mjs";
import { describe, findBreaches, sumUp } from "./figures.mjs";
import { killAll } from "./killAll.mjs";
import { killOne } from "./killOne.mjs";
import { TransferLedger } from "./transferLedger.mjs";
import { TransferLoad } from "./transferLoad.mjs";
import { startObserver } from "./voteObserver.mjs";

/** Rounds draw from sequences of their own, so that a resumed campaign goes on as the interrupted one would have. */
const SEEDS_PER_CAMPAIGN = 10_000;
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

async function runRound(parts) {
  const { network, observer } = parts;
  const one = await killOne(parts);
  const all = await killAll(parts);
  return { one, all, fork: await findFork(network, all.headBefore), head: observer.clock.head };
}

function describeRound(number, { one, all }) {
  const { victim, longestGapMs, deadTurns, othersSkipped, caughtUpMs, signsMs } = one;
  return (
    `round ${number}: ${victim} dead: longest gap ${seconds(longestGapMs)}, ${deadTurns} turns lost and ${othersSkipped} of others, ` +
    `caught up ${seconds(caughtUpMs)}, signs ${seconds(signsMs)}; all dead at ${all.headBefore}${all.isAfterSkip ? " after a skip" : ""}: next block ${seconds(all.recoveredMs)}, lost ${all.lost.length}`
  );
}

/** @returns figures and broken promises; an error of a step is a broken promise too */
export async function runRounds({ folder, progress, rounds, rpcPort, print, saveProgress }) {
  const network = new DevnetUnderTest(join(folder, "devnet"));
  const ledger = new TransferLedger(join(folder, "acknowledged.jsonl"));
  const failures = [];
  let observer = {
    book: { count: 0, conflicts: /** @type {object[]} */ ([]) },
    undecoded: () => 0,
    stop: async () => {},
  };
  /** @type {TransferLoad | null} */
  let load = null;
  try {
    await network.start(rpcPort);
    observer = await startObserver(network, join(folder, "signed.txt"));
    load = new TransferLoad(network, ledger, createPrng(progress.seed));
    await load.start();
    for (let number = progress.rounds.length + 1; number <= rounds; number++) {
      const prng = createPrng(progress.seed * SEEDS_PER_CAMPAIGN + number);
      const round = await runRound({ network, observer, ledger, prng });
      progress.rounds.push(round);
      saveProgress();
      print(describeRound(number, round));
      if (findBreaches(sumUp({ ...progress, ledger, observer, deaths: network.deaths })).length > 0) break;
    }
  } catch (error) {
    failures.push(`round ${progress.rounds.length + 1}: ${error.stack}`);
  }
  const figures = sumUp({ ...progress, ledger, observer, deaths: network.deaths });
  const breaches = [...failures, ...findBreaches(figures)];
  if (failures.length === 0) await load?.stop();
  else load?.abandon();
  await observer.stop();
  await network.stop();
  return { figures, breaches, summary: describe(figures) };
}
