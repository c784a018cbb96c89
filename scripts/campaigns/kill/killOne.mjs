// First half of a round: one member dies under load. The others go on; restarted, it catches up and signs again.

import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { currentCommittee, isSpare, signersOf, skippedViews } from "./chainFacts.mjs";

/** An election that a dead member missed may leave it without a seat until the next one. */
const SEATED_MS = 300_000;
const GO_ON_MS = 60_000;
const CATCH_UP_MS = 60_000;
const DEAD_MS = { min: 2_000, spread: 4_000 };
/** Blocks that a whole network has made since its last trouble: it is in its stride again, and each member has led. */
const STRIDE_BLOCKS = 4;
/** Two turns of everybody, so that the dead one's comes at least twice. */
const BLOCKS_WITHOUT_IT = 8;

/** A member without which there still is a quorum, drawn at random; waits for one when there is none. */
async function chooseVictim({ network, prng }) {
  return waitFor(
    "a member that the committee can spare",
    SEATED_MS,
    async () => {
      const committee = await currentCommittee(network.rpc(network.members[0]));
      const spare = network.members.filter((name) => isSpare(committee, network.validatorOf(name)));
      return spare.length === network.members.length ? spare[prng.below(spare.length)] : null;
    },
    500,
  );
}

/** From its restart until a certificate bears its name; asks the others, then itself. */
async function awaitSignature(network, victim, witness, firstNumber) {
  const address = network.validatorOf(victim);
  let next = firstNumber;
  const search = async () => {
    for (const name of [witness, victim]) {
      const signers = await signersOf(network.rpc(name), next);
      if (signers === null) return null;
      if (signers.includes(address)) return next;
    }
    next += 1;
    return null;
  };
  return waitFor(`a signature of ${victim}`, SEATED_MS, orNothing(search), 10);
}

async function awaitStride({ network, observer }) {
  const { clock } = observer;
  const atHead = orNothing(async () => {
    const heads = await Promise.all(network.members.map((name) => network.head(name)));
    return Math.min(...heads) >= clock.head - 1;
  });
  await waitFor("every member at the head", CATCH_UP_MS, atHead);
  const { head } = clock;
  await waitFor("blocks of a whole network", GO_ON_MS, () => clock.head >= head + STRIDE_BLOCKS);
}

export async function killOne({ network, observer, prng }) {
  const { clock } = observer;
  await awaitStride({ network, observer });
  const victim = await chooseVictim({ network, prng });
  const headAtKill = clock.head;
  const killedMs = performance.now();
  await network.kill([victim]);
  const [witness] = network.living;
  await sleep(DEAD_MS.min + prng.below(DEAD_MS.spread));
  await waitFor("blocks without it", GO_ON_MS, () => clock.head >= headAtKill + BLOCKS_WITHOUT_IT);
  const restartedMs = performance.now();
  const headAtRestart = await network.head(witness);
  const longestGapMs = clock.longestGapMs(killedMs, restartedMs);
  await network.restart([victim]);
  await waitFor(
    `${victim} at the head`,
    CATCH_UP_MS,
    orNothing(async () => (await network.head(victim)) >= headAtRestart),
  );
  const caughtUpMs = performance.now() - restartedMs;
  await awaitSignature(network, victim, witness, headAtRestart + 1);
  const signsMs = performance.now() - restartedMs;
  const runs = await skippedViews(network.rpc(witness), headAtKill, headAtRestart);
  return {
    victim,
    blocksWithoutIt: headAtRestart - headAtKill,
    longestGapMs,
    caughtUpMs,
    signsMs,
    ...countTurns(runs, network.validatorOf(victim)),
  };
}

/**
 * Views lost between two blocks: to the dead leader, and to living ones whose messages came late on a busy machine. Every
 * view is one turn of its leader: with more seats than others one may have two in a row.
 */
function countTurns(runs, victim) {
  const lost = runs.flatMap(({ leaders }) => leaders);
  const deadTurns = lost.filter((leader) => leader === victim).length;
  return { deadTurns, othersSkipped: lost.length - deadTurns };
}
