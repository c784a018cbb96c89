import type { Address, Clock } from "@festina/primitives";
import type { Committee } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { Attendance, describeMissing } from "../../src/evidence/attendance.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}` as Address;
const COMMITTEE: Committee = {
  epoch: 2,
  members: [0, 1, 2, 3].map((index) => ({
    address: address(index),
    payout: address(index),
    publicKey: "0x01",
    seats: 25,
  })),
};

describe("attendance", () => {
  let nowMs = 0;
  const clock: Clock = { nowMs: () => nowMs, setTimer: () => ({ cancel: () => undefined }) };

  it("misses who has not been heard for long, never ourselves, and starts anew with each epoch", () => {
    nowMs = 0;
    const attendance = new Attendance(clock);
    expect(attendance.missing(COMMITTEE, 0, 1_000).map(({ silentMs }) => silentMs)).toEqual([null, null, null]);
    for (const member of [1, 2]) attendance.heard({ epoch: 2, member }, COMMITTEE);
    nowMs = 9_000;
    attendance.heard({ epoch: 2, member: 2 }, COMMITTEE);
    attendance.heard({ epoch: 3, member: 3 }, COMMITTEE);
    attendance.heard({ epoch: 2, member: 99 }, COMMITTEE);
    nowMs = 12_000;
    expect(attendance.missing(COMMITTEE, 0, 1_000)).toEqual([
      { address: address(1), seats: 25, silentMs: 12_000 },
      { address: address(3), seats: 25, silentMs: null },
    ]);
    expect(attendance.missing({ ...COMMITTEE, epoch: 3 }, null, 1_000)).toHaveLength(4);
  });

  it("does not miss anybody on a chain that is silent while there is nothing to do", () => {
    expect(new Attendance(clock).missing(COMMITTEE, null, 0)).toEqual([]);
  });

  it("tells whether the others can go on", () => {
    const gone = (...members: readonly number[]) =>
      members.map((index) => ({ address: address(index), seats: 25, silentMs: index === 1 ? 61_000 : null }));
    expect(describeMissing([], COMMITTEE)).toBe("all members vote");
    expect(describeMissing(gone(1), COMMITTEE)).toBe(
      `75 of 100 seats vote, 67 are needed; missing: ${address(1)} (silent for 61 s)`,
    );
    expect(describeMissing(gone(1, 2), COMMITTEE)).toContain("lost its quorum: 50 of 100 seats vote and 67 are needed");
    expect(describeMissing(gone(1, 2), COMMITTEE)).toContain(`${address(2)} (not heard)`);
  });
});
