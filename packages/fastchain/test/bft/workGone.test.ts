import { describe, expect, it } from "@jest/globals";
import { Member, only } from "./member.ts";

const IDLE_MS = 1_000 + 2 * 100;

/** When the timers run out that are set while something happens. */
function viewTimersIn(member: Member, happen: () => void): readonly number[] {
  member.effects = [];
  happen();
  return only(member.effects, "setTimer").flatMap(({ timer, atMs }) => (timer === "view" ? [atMs] : []));
}

const work = (member: Member, hasWork: boolean) => () => void member.feed({ kind: "workChanged", hasWork });

describe("a view whose work is gone", () => {
  it("waits for the heartbeat again, counted from its begin, and for no longer when there is work once more", () => {
    const member = new Member();
    member.nowMs = 20;
    expect(viewTimersIn(member, work(member, true))).toEqual([220]);
    member.nowMs = 50;
    expect(viewTimersIn(member, work(member, false))).toEqual([IDLE_MS]);
    expect(viewTimersIn(member, work(member, true))).toEqual([]);
    member.nowMs = 90;
    expect(viewTimersIn(member, work(member, false))).toEqual([IDLE_MS]);
  });

  it("waits for nothing on a silent chain, until there is work once more", () => {
    const member = new Member({ timing: { heartbeatMs: 0 } });
    expect(viewTimersIn(member, work(member, true))).toEqual([200]);
    expect(viewTimersIn(member, work(member, false))).toEqual([]);
    expect(only(member.effects, "clearTimer").map(({ timer }) => timer)).toContain("view");
    member.nowMs = 1_000;
    expect(viewTimersIn(member, work(member, true))).toEqual([1_200]);
  });

  it("keeps the time of a proposal that is here", () => {
    const member = new Member();
    work(member, true)();
    member.propose(member.makeProposal(1, "a"));
    expect(viewTimersIn(member, work(member, false))).toEqual([]);
  });
});
