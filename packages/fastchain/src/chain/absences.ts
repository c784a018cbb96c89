import { type Address, hexToBytes, type RlpItem, type RlpReader, rlpInteger } from "@festina/primitives";
import type { Committee } from "@festina/types";
import { type Participation, paidMembers } from "./participation.ts";

/** How many payouts in a row each member missed; members that were paid last time are not in it. */
export type Absences = ReadonlyMap<Address, number>;

export const NO_ABSENCES: Absences = new Map();

export interface Roll {
  readonly absences: Absences;
  /** Members that have now missed so many payouts in a row, or that many more. */
  readonly jailed: readonly Address[];
}

/** The roll is called at each payout; without a certificate nobody can have missed one. `jailAfter` 0: nobody is jailed. */
export function callRoll(
  absences: Absences,
  participation: Participation,
  committee: Committee,
  jailAfter: number,
): Roll {
  if (participation.certificates === 0) return { absences, jailed: [] };
  const present = new Set(paidMembers(participation, committee).map(({ address }) => address));
  const missing = committee.members.map(({ address }) => address).filter((address) => !present.has(address));
  const counted = missing.map((address) => [address, (absences.get(address) ?? 0) + 1] as const);
  return {
    absences: new Map(counted),
    jailed: counted.filter(([, count]) => isJailable(count, jailAfter)).map(([address]) => address),
  };
}

/** Whether this payout is the one that sends a member to jail. */
function isJailable(count: number, jailAfter: number): boolean {
  return jailAfter > 0 && count % jailAfter === 0;
}

/** Whom the block between the two states has jailed. */
export function newlyJailed(before: Absences, after: Absences, jailAfter: number): readonly Address[] {
  const isNew = ([address, count]: readonly [Address, number]): boolean =>
    count !== before.get(address) && isJailable(count, jailAfter);
  return [...after].filter(isNew).map(([address]) => address);
}

/** Who does not sit in the next committee begins anew when it is elected again. */
export function keepAbsences(absences: Absences, next: Committee): Absences {
  const staying = new Set(next.members.map(({ address }) => address));
  return new Map([...absences].filter(([address]) => staying.has(address)));
}

export function absencesItem(absences: Absences): RlpItem {
  const entries = [...absences].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([address, count]) => [hexToBytes(address), rlpInteger(count)]);
}

const MEMBERS_MAX = 4_096;

export function readAbsences(reader: RlpReader): Absences {
  const entries = reader.many("absences", MEMBERS_MAX, (list) =>
    list.list("entry", (entry) => [entry.address("address"), entry.number("count")] as const),
  );
  return new Map(entries);
}
