import type { RegistryCandidate } from "@festina/contracts";
import type { Address } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { describeLife, type LifeFacts, STAGES } from "../../src/seat/validatorLife.ts";

const OWNER = `0x${"11".repeat(20)}` as Address;
const CANDIDATE: RegistryCandidate = {
  validator: OWNER,
  blsKey: `0x${"22".repeat(48)}`,
  votingKey: "0x",
  payout: OWNER,
  depositWei: 10n ** 20n,
  readyAt: 7,
  exitRequestedAt: 0,
  seatVoid: false,
  slashed: false,
  jailed: false,
};
const FACTS: LifeFacts = {
  candidate: CANDIDATE,
  withdrawableAt: null,
  epoch: 3,
  seats: 0,
  totalSeats: 100,
  certificates: 20,
  signed: 0,
  election: { epoch: 4, fruits: 5, allFruits: 10 },
  headSeconds: 1_000,
};
const leaving = { ...CANDIDATE, exitRequestedAt: 900 };

const CASES: readonly (readonly [(typeof STAGES)[number], Partial<LifeFacts>, RegExp])[] = [
  ["absent", { candidate: null }, /festina validator register/],
  ["registered", { candidate: { ...CANDIDATE, seatVoid: true } }, /start its node/],
  ["ready", {}, /ready since block 7.*5 of 10 fruits in the window for epoch 4/s],
  ["ready", { election: { epoch: 4, fruits: 0, allFruits: 10 } }, /0 of 10 fruits.*festina validator support/s],
  ["ready", { election: null }, /no elections/],
  ["seated", { seats: 25 }, /25 of 100 seats in epoch 3.*no certificate/s],
  ["signing", { seats: 25, signed: 19 }, /in 19 of the last 20 certificates/],
  ["jailed", { candidate: { ...CANDIDATE, jailed: true }, seats: 25 }, /festina validator unjail/],
  ["slashed", { candidate: { ...leaving, slashed: true } }, /the deposit is gone/],
  ["exiting", { candidate: leaving, seats: 25, signed: 20 }, /until epoch 3 ends, so keep its node running/],
  ["exiting", { candidate: leaving, withdrawableAt: 1_001 }, /free at 1970-01-01T00:16:41 UTC, in 1 s/],
  ["free", { candidate: leaving, withdrawableAt: 1_000 }, /festina validator exit takes it back/],
];

describe("the life of a validator", () => {
  it.each(CASES)("is %s, given %j", (stage, facts, told) => {
    const life = describeLife({ ...FACTS, ...facts });
    expect(life.stage).toBe(stage);
    expect(life.lines.join("\n")).toMatch(told);
  });

  it("has a case above for every stage", () => {
    expect([...new Set(CASES.map(([stage]) => stage))].sort()).toEqual([...STAGES].sort());
  });
});
