// What the chain itself says about views and signatures, asked for over RPC.
import { leaderOf } from "@festina/fastchain";
import { hexToBytes } from "@festina/primitives";
import { decodeExtraData } from "@festina/types";

const hex = (number) => `0x${number.toString(16)}`;

/** The current committee with numbers as numbers. */
export async function currentCommittee(ask) {
  return parseCommittee(await ask("committee_get", "current"));
}

async function committeeOf(ask, epoch) {
  return parseCommittee(await ask("committee_get", hex(epoch)));
}

function parseCommittee({ epoch, totalSeats, quorumSeats, members }) {
  return { epoch: Number(epoch), totalSeats, quorumSeats, members };
}

/** Whether the rest still has a quorum when this validator is gone. */
export function isSpare(committee, address) {
  const member = committee.members.find((seated) => seated.address === address);
  return member !== undefined && committee.totalSeats - member.seats >= committee.quorumSeats;
}

/** Which members signed the certificate that finalises this block, by address; null when the node does not have it yet. */
export async function signersOf(ask, number) {
  const certificate = await ask("committee_getCertificate", hex(number));
  if (certificate === null) return null;
  const { members } = await committeeOf(ask, Number(certificate.epoch));
  return certificate.signers.map((index) => members[index].address);
}

async function positionOf(ask, number) {
  const { extraData } = await ask("eth_getBlockByNumber", hex(number), false);
  const extra = decodeExtraData(hexToBytes(extraData));
  if (!extra.ok) throw new Error(`block ${number}: ${extra.error.message}`);
  return extra.value;
}

/**
 * Views between the blocks `first`..`last` that brought no block: in how long runs, and whose turn each was.
 * A re-proposed boundary block names its first view, so nothing is counted across an epoch's end.
 */
export async function skippedViews(ask, first, last) {
  const runs = [];
  let before = await positionOf(ask, first);
  for (let number = first + 1; number <= last; number++) {
    const here = await positionOf(ask, number);
    const firstMissed = here.epoch === before.epoch ? before.view + 1 : 1;
    if (here.view > firstMissed) {
      const committee = await committeeOf(ask, here.epoch);
      const leaders = [];
      for (let view = firstMissed; view < here.view; view++)
        leaders.push(committee.members[leaderOf(committee, view)].address);
      runs.push({ block: number, epoch: here.epoch, firstView: firstMissed, leaders });
    }
    before = here;
  }
  return runs;
}

/** Heights at or below `number` at which these nodes do not have the same block: asked for at the newest. */
export async function findFork(network, number) {
  const hashes = new Map();
  for (const name of network.living) {
    const block = await network.rpc(name)("eth_getBlockByNumber", hex(number), false);
    hashes.set(name, block?.hash ?? null);
  }
  return new Set(hashes.values()).size === 1 ? null : Object.fromEntries(hashes);
}
