// What is done to links, and whether the network gets over it by itself.
import { sleep, waitFor } from "../devnet/patience.mjs";
import { longestGapMs } from "./finality.mjs";

/** A link that flaps is up or down for between these. */
const FLAP_MS = { min: 300, max: 2_000 };
/** What a quorum makes in the time of a fault, at least. */
const GOES_ON_BLOCKS = 2;

const both = (from, to) => [
  [from, to],
  [to, from],
];

function othersOf(network, members) {
  return Array.from({ length: network.size }, (_, index) => index).filter((index) => !members.includes(index));
}

function cutFor(network, pairs, ms) {
  for (const [from, to] of pairs) network.setCut(from, to, true);
  return sleep(ms);
}

/** Cut and mended again and again. */
async function flap(network, pairs, ms, prng) {
  const endMs = performance.now() + ms;
  for (let isCut = true; performance.now() < endMs; isCut = !isCut) {
    for (const [from, to] of pairs) network.setCut(from, to, isCut);
    await sleep(FLAP_MS.min + prng.below(FLAP_MS.max - FLAP_MS.min));
  }
}

/** The faults in their order: which directions of which links, and who cannot be expected to go on meanwhile. */
export function planFaults(network, { prng, pairs }) {
  const members = network.members.map((_, index) => index);
  const draw = () => members.splice(prng.below(members.length), 1)[0];
  const [deaf, mute, one, other] = [draw(), draw(), draw(), draw()];
  const all = network.members.flatMap((_, a) => network.members.map((_, b) => [a, b]).filter(([, b]) => a < b));
  const isolated = Array.from({ length: Math.min(pairs, all.length) }, () => all.splice(prng.below(all.length), 1)[0]);
  const name = (index) => network.nodes[index].name;
  return [
    {
      name: `one-way cut: ${name(mute)} to ${name(deaf)}`,
      links: [[mute, deaf]],
      away: [],
    },
    {
      name: `one-way cut: nothing that ${name(mute)} sends arrives`,
      links: othersOf(network, [mute]).map((peer) => [mute, peer]),
      away: [mute],
    },
    {
      name: `flapping link: ${name(one)} and ${name(other)}`,
      links: both(one, other),
      away: [],
      isFlapping: true,
    },
    ...isolated.map((pair) => ({
      name: `isolated: ${pair.map(name).join(" and ")}`,
      links: pair.flatMap((member) => othersOf(network, pair).flatMap((peer) => both(member, peer))),
      away: pair,
    })),
  ];
}

/** Whether those that can reach each other hold a quorum: after an election two members may have more than a third. */
async function keepsQuorum(network, away) {
  const { members, quorumSeats } = await network.ask("committee_get", "current");
  const gone = away.map((index) => network.nodes[index].validator.toLowerCase());
  const left = members.filter(({ address }) => !gone.includes(address.toLowerCase()));
  return left.reduce((sum, { seats }) => sum + seats, 0) >= quorumSeats;
}

/** Does it for `ms`, ends it, and waits until every member has final blocks that are newer than the end of the fault. */
export async function runFault(network, fault, { ms, healMsMax, prng }) {
  const { name, links, away } = fault;
  const isQuorate = await keepsQuorum(network, away);
  const present = network.members.filter((_, index) => !away.includes(index));
  const before = network.members.map(({ head }) => head);
  const fromMs = Date.now();
  if (fault.isFlapping) await flap(network, links, ms, prng);
  else await cutFor(network, links, ms);
  const untilMs = Date.now();
  const during = network.members.map(({ head }) => head);
  for (const [from, to] of links) network.setCut(from, to, false);
  const target = Math.max(...during) + 1;
  const findings = [];
  await waitFor(`new blocks everywhere after "${name}"`, healMsMax, () => {
    network.checkAlive();
    return network.members.every(({ head }) => head >= target);
  }).catch((error) => findings.push(error.message));
  const healedMs = Date.now() - untilMs;
  for (const { name: member, head } of present) {
    const index = network.nodes.findIndex((node) => node.name === member);
    if (isQuorate && during[index] < before[index] + GOES_ON_BLOCKS)
      findings.push(
        `${member} made no progress during "${name}": block ${before[index]} to ${during[index]}, now ${head}`,
      );
  }
  const gapMs = longestGapMs(network.members, { fromMs, untilMs: Date.now() });
  return { name, isQuorate, seconds: (untilMs - fromMs) / 1_000, before, during, healedMs, gapMs, findings };
}
