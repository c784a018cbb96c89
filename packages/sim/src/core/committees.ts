// Who sits in which epoch. Seats change with every epoch, and one member in turn sits out where there are enough of them;
// whatever the draw, those who may break the rules hold no more than f seats.
import { type Address, bytesToHex, type Hash32 } from "@festina/primitives";
import { type Committee, faultySeatsMax, totalSeats } from "@festina/types";
import { nearestHalf } from "../byzantine/nearestHalf.ts";
import type { Dice } from "../world/streams.ts";

const SEATS_MAX = 4;
const DRAWS_MAX = 1_000;
/** With fewer members nobody sits out: one of four may fail, of three none. */
const ROTATING_MIN = 6;

export interface CommitteeRules {
  readonly publicKeys: readonly Uint8Array[];
  /** Members that may break rules, by index. */
  readonly faulty: ReadonlySet<number>;
  /** Lets the faulty hold so many seats more than f, in committees they can split: for runs that must show a violation. */
  readonly excessSeats: number;
}

export const addressOfMember = (index: number): Address => `0x${(index + 1).toString(16).padStart(40, "0")}` as Address;

const positions = new WeakMap<Committee, Map<number, number>>();

/** Position in `Committee.members` of process `index`; -1 when it sits out. */
export function positionOf(committee: Committee, index: number): number {
  let known = positions.get(committee);
  if (known === undefined) {
    known = new Map(committee.members.map((_, position) => [processOf(committee, position), position]));
    positions.set(committee, known);
  }
  return known.get(index) ?? -1;
}

export const processOf = (committee: Committee, position: number): number =>
  Number(committee.members[position]?.address ?? "0x0") - 1;

function seatsOf(committee: Committee, indexes: ReadonlySet<number>): number {
  return committee.members
    .filter(({ address }) => indexes.has(Number(address) - 1))
    .reduce((sum, { seats }) => sum + seats, 0);
}

export class CommitteeSchedule {
  readonly #rules: CommitteeRules;
  readonly #dice: Dice;
  readonly #known: Committee[] = [];

  constructor(rules: CommitteeRules, dice: Dice) {
    this.#rules = rules;
    this.#dice = dice;
  }

  of(epoch: number): Committee {
    while (this.#known.length <= epoch) this.#known.push(this.#draw(this.#known.length));
    return this.#known[epoch] as Committee;
  }

  #draw(epoch: number): Committee {
    const { faulty, excessSeats } = this.#rules;
    for (let draw = 0; draw < DRAWS_MAX; draw++) {
      const committee = this.#candidate(epoch);
      const excess = seatsOf(committee, faulty) - faultySeatsMax(committee);
      if (excessSeats > 0 ? excess === excessSeats && canFork(committee, faulty) : excess <= 0) return committee;
    }
    // Equal seats always leave room for the faulty that a plan may name.
    return this.#equalSeats(epoch);
  }

  #candidate(epoch: number): Committee {
    const { publicKeys } = this.#rules;
    const absent = publicKeys.length >= ROTATING_MIN ? epoch % publicKeys.length : -1;
    const members = publicKeys.flatMap((publicKey, index) =>
      index === absent ? [] : [this.#member(publicKey, index, 1 + this.#dice.below(SEATS_MAX))],
    );
    return { epoch, members };
  }

  #equalSeats(epoch: number): Committee {
    return { epoch, members: this.#rules.publicKeys.map((publicKey, index) => this.#member(publicKey, index, 1)) };
  }

  #member(publicKey: Uint8Array, index: number, seats: number): Committee["members"][number] {
    const address = addressOfMember(index);
    return { address, payout: address, publicKey: bytesToHex(publicKey), seats };
  }
}

/** Whether these processes together hold a quorum. */
export function holdQuorum(committee: Committee, indexes: ReadonlySet<number>): boolean {
  return seatsOf(committee, indexes) >= totalSeats(committee) - faultySeatsMax(committee);
}

/** Whether the faulty make a quorum with either half of the honest. */
function canFork(committee: Committee, faulty: ReadonlySet<number>): boolean {
  const honest = committee.members.flatMap(({ seats }, position) => {
    const process = processOf(committee, position);
    return faulty.has(process) ? [] : [{ process, seats }];
  });
  const half = nearestHalf(honest);
  const others = committee.members.map((_, position) => processOf(committee, position)).filter((who) => !half.has(who));
  return holdQuorum(committee, new Set([...half, ...faulty])) && holdQuorum(committee, new Set([...others, ...faulty]));
}

export const GENESIS_HASH = `0x${"9e".repeat(32)}` as Hash32;
