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
  it("waits for the heartbeat again, counted from its begin, and is hurried by work that comes then", () => {
    const member = new Member();
    member.nowMs = 20;
    expect(viewTimersIn(member, work(member, true))).toEqual([220]);
    member.nowMs = 50;
    expect(viewTimersIn(member, work(member, false))).toEqual([IDLE_MS]);
    member.nowMs = 90;
    expect(viewTimersIn(member, work(member, true))).toEqual([290]);
    expect(viewTimersIn(member, work(member, false))).toEqual([IDLE_MS]);
  });

  it("ends, however often work comes and goes", () => {
    const member = new Member();
    for (const nowMs of [400, 800, 1_200, 1_600, 2_000]) {
      member.nowMs = nowMs;
      const [atMs] = viewTimersIn(member, work(member, true));
      expect(atMs).toBe(Math.min(nowMs + 200, IDLE_MS + 200));
      work(member, false)();
    }
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
