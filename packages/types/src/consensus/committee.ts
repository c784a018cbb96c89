import {
  type Address,
  bytesToHex,
  type Hex,
  hexToBytes,
  RlpEncoded,
  type RlpReader,
  rlpInteger,
} from "@festina/primitives";

/** A validator that sits in a committee. Seats are its voting weight. */
export interface CommitteeMember {
  /** The owner account in the validator registry; the validator's id. */
  readonly address: Address;
  /** Where rewards and priority fees go. */
  readonly payout: Address;
  /** Public key in the network's signature suite. */
  readonly publicKey: Hex;
  readonly seats: number;
}

/** Who finalises the fast blocks of one epoch. Members are indexed by position everywhere (bitmaps, votes). */
export interface Committee {
  readonly epoch: number;
  readonly members: readonly CommitteeMember[];
}

/** Bound of bitmaps and decoders; no preset has more seats. */
export const COMMITTEE_MEMBERS_MAX = 1_024;

/** Asked with every vote. */
const seatTotals = new WeakMap<Committee, number>();

export function totalSeats(committee: Committee): number {
  let total = seatTotals.get(committee);
  if (total === undefined) {
    total = committee.members.reduce((sum, member) => sum + member.seats, 0);
    seatTotals.set(committee, total);
  }
  return total;
}

/** Seats that may be Byzantine: f = floor((N - 1) / 3). */
export function faultySeatsMax(committee: Committee): number {
  return Math.floor((totalSeats(committee) - 1) / 3);
}

/** Weight of a certificate: N - f. Not 2f + 1, which is unsafe when N is not 3f + 1 (arXiv 1901.07160). */
export function quorumSeats(committee: Committee): number {
  return totalSeats(committee) - faultySeatsMax(committee);
}

/** A committee is stored with every block of its epoch. */
const committeeItems = new WeakMap<Committee, RlpEncoded>();

export function committeeItem(committee: Committee): RlpEncoded {
  let item = committeeItems.get(committee);
  if (item === undefined) {
    item = new RlpEncoded([
      rlpInteger(committee.epoch),
      committee.members.map((member) => [
        hexToBytes(member.address),
        hexToBytes(member.payout),
        hexToBytes(member.publicKey),
        rlpInteger(member.seats),
      ]),
    ]);
    committeeItems.set(committee, item);
  }
  return item;
}

/** Reads the two fields of a committee from the list the reader stands in. */
export function readCommittee(reader: RlpReader): Committee {
  const epoch = reader.number("epoch");
  const members = reader.many("members", COMMITTEE_MEMBERS_MAX, (list) =>
    list.list("member", (item) => ({
      address: item.address("address"),
      payout: item.address("payout"),
      publicKey: bytesToHex(item.bytes("publicKey", { max: 96 })),
      seats: item.number("seats"),
    })),
  );
  reader.expect(members.length > 0, "a committee has a member");
  reader.expect(
    members.every((member) => member.seats > 0),
    "every member has a seat",
  );
  reader.expect(new Set(members.map((member) => member.address)).size === members.length, "members are distinct");
  return { epoch, members };
}
