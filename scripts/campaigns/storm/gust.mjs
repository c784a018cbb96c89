// One gust of the storm: some members die in the same moment and come back; each has to have a signature in a certificate
// again, and the network has to acknowledge transactions again, before the next gust.

import { orNothing, sleep, waitFor } from "../devnet/patience.mjs";
import { currentCommittee, findFork } from "../kill/chainFacts.mjs";
import { Comeback } from "./comeback.mjs";

const RECOVER_MS = 60_000;
/** From soon enough to hit a network that has not yet found its stride again, to a few blocks later. */
const CALM_MS_MAX = 1_500;
const DEAD_MS_MAX = 1_000;
const POLL_MS = 10;
/** A member that has no seat has nothing to sign; nobody is asked about that before this much time. */
const UNSEATED_MS = 5_000;
/** Answers that a member which has just come back must still give. */
const NEWEST_ENTRIES = 40;

/** Which owner sits where in which epoch; asked once per epoch. */
export class Seating {
  #owners = new Map();

  indexOf(epoch, owner) {
    return this.#owners.get(epoch)?.indexOf(owner) ?? -1;
  }

  knows(epoch) {
    return this.#owners.has(epoch);
  }

  async learn(ask) {
    const { epoch, members } = await currentCommittee(ask);
    const owners = members.map(({ address }) => address);
    this.#owners.set(epoch, owners);
    return owners;
  }
}

/** Resolves when a signature of the new life of each is in a certificate; tells who has no seat, and so nothing to sign. */
async function awaitCertificates({ network, observer, seating }, comebacks, restartedMs) {
  const { book } = observer;
  let unseated = /** @type {string[]} */ ([]);
  const learn = orNothing(() => seating.learn(network.rpc(network.living[0])));
  await waitFor(
    `a certified signature of ${[...comebacks.keys()].join(", ")}`,
    RECOVER_MS,
    async () => {
      if (book.certificates.some(({ epoch }) => !seating.knows(epoch))) await learn();
      for (const [name, comeback] of comebacks) {
        comeback.read();
        comeback.certify(book.certificates, (epoch) => seating.indexOf(epoch, network.validatorOf(name)));
      }
      const missing = [...comebacks].filter(([, { atMs }]) => atMs.certified === undefined).map(([name]) => name);
      if (missing.length === 0) return true;
      if (performance.now() - restartedMs < UNSEATED_MS) return false;
      const seated = (await learn()) ?? [];
      unseated = missing.filter((name) => !seated.includes(network.validatorOf(name)));
      return seated.length > 0 && unseated.length === missing.length;
    },
    POLL_MS,
  );
  return unseated;
}

function othersInQuorum({ members }) {
  return members.length - 1 - Math.floor((members.length - 1) / 3);
}

export async function gust(parts, count) {
  const { network, observer, ledger, prng } = parts;
  const { book, clock } = observer;
  await sleep(prng.below(CALM_MS_MAX));
  const names = network.members.slice();
  while (names.length > count) names.splice(prng.below(names.length), 1);
  const killedMs = performance.now();
  await network.kill(names);
  // Judged by what was acknowledged until now; what the senders see from here on comes from the next life.
  const acknowledged = ledger.entries.slice(-NEWEST_ENTRIES);
  await sleep(prng.below(DEAD_MS_MAX));
  book.forgetMoments();
  const headBefore = clock.head;
  const comebacks = new Map(
    names.map((name) => [name, new Comeback(network.logFile(name), headBefore, othersInQuorum(network))]),
  );
  const acknowledgedBefore = ledger.entries.length;
  const startedMs = await network.restart(names);
  const restartedMs = Math.min(...startedMs.values());
  const unseated = await awaitCertificates(parts, comebacks, restartedMs);
  const risenMs = await waitFor("the next final block", RECOVER_MS, () => clock.riseAbove(headBefore), POLL_MS);
  await waitFor("an acknowledgement", RECOVER_MS, () => ledger.entries.length > acknowledgedBefore, POLL_MS);
  const isBack = () => {
    for (const comeback of comebacks.values()) comeback.read();
    return [...comebacks.values()].every(({ atMs }) => atMs.head !== undefined);
  };
  await waitFor(`${names.join(", ")} at the old head`, RECOVER_MS, isBack, POLL_MS);
  const auditor = names[prng.below(names.length)];
  const lost = await ledger.findLost(network.rpc(auditor), acknowledged);
  return {
    names,
    headBefore,
    /** From the kill to the supervisor's order, which is the campaign's own choice. */
    deadMs: names.map((name) => Math.round((startedMs.get(name) ?? killedMs) - killedMs)),
    comebacks: names
      .filter((name) => !unseated.includes(name))
      .map((name) => comebacks.get(name)?.since(startedMs.get(name) ?? 0) ?? {}),
    unseated: unseated.length,
    nextBlockMs: risenMs - restartedMs,
    blockGapMs: Math.round(clock.longestGapMs(killedMs, performance.now())),
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
