// One gust of the storm: some members die in the same moment and come back, and each has to be heard signing again.

import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { currentCommittee, findFork } from "../kill/chainFacts.mjs";

const RECOVER_MS = 60_000;
/** From soon enough to hit a network that has not yet found its stride again, to a few blocks later. */
const CALM_MS_MAX = 1_500;
const DEAD_MS_MAX = 1_000;
const POLL_MS = 10;
/** Answers that a member which has just come back must still give. */
const NEWEST_ENTRIES = 40;

/** When this member was first heard to sign something new after `sinceMs`; `null` when it has not been yet. */
function heardAfter({ book }, owners, name, sinceMs, network) {
  const owner = network.validatorOf(name);
  const moments = book.moments.filter(({ epoch, member, atMs }) => atMs > sinceMs && owners(epoch)?.[member] === owner);
  return moments[0]?.atMs ?? null;
}

/** Which owner sits where in an epoch; asks a node once per epoch, of which `null` is known until then. */
export class Seating {
  #owners = new Map();

  owners = (epoch) => this.#owners.get(epoch) ?? null;

  async learn(ask) {
    const { epoch, members } = await currentCommittee(ask);
    const owners = members.map(({ address }) => address);
    this.#owners.set(epoch, owners);
    return owners;
  }
}

/** Waits until all who are seated were heard; tells when each was, `null` for who has no seat. */
async function awaitVoices({ network, observer, seating }, names, sinceMs) {
  const heard = new Map(names.map((name) => [name, null]));
  await waitFor(
    `a new signature of ${names.join(", ")}`,
    RECOVER_MS,
    orNothing(async () => {
      const seated = await seating.learn(network.rpc(network.members[0]));
      for (const name of names) heard.set(name, heardAfter(observer, seating.owners, name, sinceMs, network));
      return names.every((name) => heard.get(name) !== null || !seated.includes(network.validatorOf(name)));
    }),
    POLL_MS,
  );
  return heard;
}

export async function gust(parts, count) {
  const { network, observer, ledger, prng } = parts;
  const { book, clock } = observer;
  await sleep(prng.below(CALM_MS_MAX));
  const names = network.members.slice();
  while (names.length > count) names.splice(prng.below(names.length), 1);
  await network.kill(names);
  // Judged by what was acknowledged until now; what the senders see from here on comes from the next life.
  const acknowledged = ledger.entries.slice(-NEWEST_ENTRIES);
  await sleep(prng.below(DEAD_MS_MAX));
  book.forgetMoments();
  const headBefore = clock.head;
  const restartedMs = performance.now();
  await network.restart(names);
  const heard = await awaitVoices(parts, names, restartedMs);
  const risenMs = await waitFor("the next final block", RECOVER_MS, () => clock.riseAbove(headBefore), POLL_MS);
  const auditor = names[prng.below(names.length)];
  const isBack = async () => (await network.head(auditor)) >= headBefore;
  await waitFor(`${auditor} at the old head`, RECOVER_MS, orNothing(isBack), POLL_MS);
  const lost = await ledger.findLost(network.rpc(auditor), acknowledged);
  const voices = [...heard.values()];
  return {
    names,
    headBefore,
    signsMs: voices.filter((atMs) => atMs !== null).map((atMs) => atMs - restartedMs),
    unseated: voices.filter((atMs) => atMs === null).length,
    nextBlockMs: risenMs - restartedMs,
    lost,
    fork: network.down.size === 0 ? await findForkSoon(network, headBefore) : null,
  };
}

/** A member that is still catching up has no such block yet: that is no fork. */
async function findForkSoon(network, number) {
  let fork = null;
  const isSame = async () => {
    fork = await findFork(network, number);
    return fork === null;
  };
  await waitFor("the same block everywhere", RECOVER_MS, orNothing(isSame), POLL_MS).catch(() => undefined);
  return fork;
}
