// Second half of a round: every process dies in the same moment. Restarted, nobody has gone back, nothing that was
// acknowledged is lost, and the chain goes on. In every other round that moment is chosen: a leader has died, its view was
// skipped, and some or all of the others have just voted in the next one.
import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";

const RECOVER_MS = 120_000;
const SKIP_MS = 60_000;
const DEAD_MS_MAX = 1_500;
/** Answers that every member must still give; the whole ledger is asked of one of them. */
const NEWEST_ENTRIES = 60;

async function awaitVoteAfterSkip({ network, observer, prng }) {
  const { book } = observer;
  await network.kill([network.members[prng.below(network.members.length)]]);
  const votes = prng.below(network.living.length);
  const before = book.votesAfterSkip[votes];
  await waitFor("votes after a skipped view", SKIP_MS, () => book.votesAfterSkip[votes] > before, 1);
}

export async function killAll({ network, observer, ledger, prng }) {
  const { clock } = observer;
  const { members } = network;
  const isAfterSkip = prng.below(2) === 1;
  if (isAfterSkip) await awaitVoteAfterSkip({ network, observer, prng });
  const announced = members.map((name) => clock.headOf(observer.nodeIdOf(name)));
  const headBefore = clock.head;
  await network.kill(network.names.filter((name) => !network.down.has(name)));
  // Judged by what was acknowledged until now; what the senders see from here on comes from the next life.
  const acknowledged = ledger.entries.slice();
  await sleep(prng.below(DEAD_MS_MAX));
  const restartedMs = performance.now();
  await network.restart(network.names);
  const heads = [];
  for (const name of network.names)
    heads.push(
      await waitFor(
        `${name} to answer`,
        RECOVER_MS,
        orNothing(async () => ({ number: await network.head(name) })),
      ),
    );
  const wentBack = members.filter((_, index) => heads[index].number < announced[index]);
  const risenMs = await waitFor("the first block after the restart", RECOVER_MS, () => clock.riseAbove(headBefore));
  for (const name of network.names)
    await waitFor(
      `${name} at the old head`,
      RECOVER_MS,
      orNothing(async () => (await network.head(name)) > headBefore),
    );
  const auditor = members[prng.below(members.length)];
  const lost = await ledger.findLost(network.rpc(auditor), acknowledged);
  for (const name of members.filter((other) => other !== auditor))
    lost.push(...(await ledger.findLost(network.rpc(name), acknowledged.slice(-NEWEST_ENTRIES))));
  return {
    isAfterSkip,
    headBefore,
    recoveredMs: risenMs - restartedMs,
    allBackMs: performance.now() - restartedMs,
    wentBack,
    lost,
  };
}
