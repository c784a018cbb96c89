import type { Committee } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { callRoll, keepAbsences, NO_ABSENCES, newlyJailed } from "../../src/chain/absences.ts";
import { NO_PARTICIPATION, type Participation } from "../../src/chain/participation.ts";
import { aSpec, OWNERS } from "./members.ts";

const COMMITTEE: Committee = { epoch: 0, members: aSpec().genesisValidators };
/** Of four certificates. */
const SIGNED_ONE: Participation = {
  certificates: 4,
  signed: new Map(OWNERS.map((owner, index) => [owner, index === 3 ? 1 : 4])),
};
const SIGNED_ALL: Participation = { certificates: 4, signed: new Map(OWNERS.map((owner) => [owner, 4])) };

describe("the roll", () => {
  it("jails who missed more than half of the votes in so many payouts in a row, and again after as many more", () => {
    let roll = callRoll(NO_ABSENCES, SIGNED_ONE, COMMITTEE, 3);
    roll = callRoll(roll.absences, SIGNED_ONE, COMMITTEE, 3);
    expect(roll).toEqual({ absences: new Map([[OWNERS[3], 2]]), jailed: [] });
    const before = roll.absences;
    roll = callRoll(roll.absences, SIGNED_ONE, COMMITTEE, 3);
    expect(roll).toEqual({ absences: new Map([[OWNERS[3], 3]]), jailed: [OWNERS[3]] });
    expect(newlyJailed(before, roll.absences, 3)).toEqual([OWNERS[3]]);
    expect(newlyJailed(roll.absences, roll.absences, 3)).toEqual([]);
    expect(newlyJailed(before, roll.absences, 0)).toEqual([]);
    const jailings = [4, 5, 6].map(() => {
      roll = callRoll(roll.absences, SIGNED_ONE, COMMITTEE, 3);
      return roll.jailed.length;
    });
    expect(jailings).toEqual([0, 0, 1]);
  });

  it("forgives everything to who was paid once", () => {
    const { absences } = callRoll(NO_ABSENCES, SIGNED_ONE, COMMITTEE, 3);
    expect(callRoll(absences, SIGNED_ALL, COMMITTEE, 3).absences).toEqual(NO_ABSENCES);
  });

  it("is not called while there was no certificate, and jails nobody where the spec says never", () => {
    const absences = new Map([[OWNERS[1], 2]]);
    expect(callRoll(absences, NO_PARTICIPATION, COMMITTEE, 3)).toEqual({ absences, jailed: [] });
    expect(callRoll(new Map([[OWNERS[3], 99]]), SIGNED_ONE, COMMITTEE, 0)).toEqual({
      absences: new Map([[OWNERS[3], 100]]),
      jailed: [],
    });
  });

  it("forgets who does not sit in the next committee", () => {
    const next = { epoch: 1, members: COMMITTEE.members.slice(2) };
    const absences = new Map(OWNERS.map((owner) => [owner, 1] as const));
    expect([...keepAbsences(absences, next).keys()]).toEqual([OWNERS[2], OWNERS[3]]);
  });
});
