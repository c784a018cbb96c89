import type { Address } from "@festina/primitives";
import { type Committee, quorumSeats, totalSeats } from "@festina/types";
import type { CommitteeExplanation, CommitteeInfo, DrawExplanation } from "../committeePorts.ts";
import { toQuantity } from "../jsonRpc/params.ts";

export function formatCommittee(info: CommitteeInfo, slashed: ReadonlySet<Address>): Record<string, unknown> {
  const { committee } = info;
  return {
    epoch: toQuantity(committee.epoch),
    firstBlock: toQuantity(info.firstBlock),
    lastBlock: info.lastBlock === null ? null : toQuantity(info.lastBlock),
    totalSeats: totalSeats(committee),
    quorumSeats: quorumSeats(committee),
    members: formatMembers(committee).map((member) => ({ ...member, slashed: slashed.has(member.address) })),
  };
}

function formatMembers({ members }: Committee) {
  return members.map(({ address, payout, publicKey, seats }) => ({ address, payout, publicKey, seats }));
}

function formatDraw(draw: DrawExplanation, withFruits: boolean): Record<string, unknown> {
  const { window, seed, seats, minValidators, voided } = draw;
  return {
    window: { first: toQuantity(window.first), last: toQuantity(window.last) },
    seed: { ...seed, beaconNumber: toQuantity(seed.beaconNumber) },
    windowStartHeight: toQuantity(draw.windowStartHeight),
    frozenHeight: toQuantity(draw.frozenHeight),
    seats,
    depositPerSeat: toQuantity(draw.depositPerSeatWei),
    minValidators,
    sitting: formatMembers(draw.sitting),
    voided,
    candidates: draw.candidates.map(({ depositWei, readyAt, weight, ...rest }) => ({
      ...rest,
      deposit: toQuantity(depositWei),
      readyAt: toQuantity(readyAt),
      weight: toQuantity(weight),
    })),
    offset: toQuantity(draw.offset),
    line: draw.line.map(({ address, weight, order }) => ({ address, weight: toQuantity(weight), order })),
    rounds: draw.rounds.map(({ totalWeight, points }) => ({
      totalWeight: toQuantity(totalWeight),
      points: points.map(({ point, address }) => ({ point: toQuantity(point), address })),
    })),
    fruits: withFruits
      ? draw.fruits.map(({ hash, supports, difficulty }) => ({ hash, supports, difficulty: toQuantity(difficulty) }))
      : draw.fruits.length,
  };
}

export function formatExplanation(explanation: CommitteeExplanation, withFruits: boolean): Record<string, unknown> {
  const { info, outcome, draw } = explanation;
  return {
    epoch: toQuantity(info.committee.epoch),
    firstBlock: toQuantity(info.firstBlock),
    outcome,
    members: formatMembers(info.committee),
    draw: draw === null ? null : formatDraw(draw, withFruits),
  };
}
