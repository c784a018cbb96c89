import { describe, expect, it } from "@jest/globals";
import { hashOf, Member } from "./member.ts";

function said(member: Member) {
  const { certificates, votes, proposal } = member.core.greeting();
  return {
    certificates: certificates.map(({ kind, view }) => `${kind} ${view}`),
    votes: votes.map(({ kind, view }) => `${kind} ${view}`),
    proposal: proposal?.view ?? null,
  };
}

describe("what a peer that has just come is told", () => {
  it("is nothing at the start", () => {
    expect(said(new Member())).toEqual({ certificates: [], votes: [], proposal: null });
  });

  it("is what is committed, what was prepared since, and our votes since then", () => {
    const member = new Member();
    const a = member.accept(1, "a");
    for (const kind of ["prepared", "committed"] as const) member.certificate(kind, 1, a);
    expect(said(member)).toEqual({ certificates: ["committed 1"], votes: [], proposal: null });
    member.certificate("skipped", 2);
    expect(said(member).certificates).toEqual(["committed 1", "skipped 2"]);
    member.vote(0, "viewChange", 3);
    member.vote(1, "viewChange", 3);
    expect(said(member)).toEqual({
      certificates: ["committed 1", "skipped 2", "skipped 3"],
      votes: ["viewChange 3"],
      proposal: null,
    });
  });

  it("is our own proposal, and no other member's", () => {
    const member = new Member();
    member.accept(1, "a");
    expect(said(member)).toMatchObject({ votes: ["prepare 1"], proposal: null });
    const leader = new Member({ own: 1 });
    expect(leader.core.view).toBe(1);
    leader.propose(leader.makeProposal(1, "b"), "");
    expect(said(leader).proposal).toBe(1);
  });

  it("holds no more than the newest views, and from a follower no votes", () => {
    const follower = new Member({ own: null });
    for (let view = 1; view <= 40; view++) follower.certificate("skipped", view);
    const { certificates, votes } = said(follower);
    expect([certificates.length, certificates[0], certificates.at(-1), votes]).toEqual([
      16,
      "skipped 25",
      "skipped 40",
      [],
    ]);
  });

  it("brings a member that missed all of it into the same view, where it votes", () => {
    const here = new Member({ own: 0 });
    const a = here.accept(1, "a");
    for (const kind of ["prepared", "committed"] as const) here.certificate(kind, 1, a);
    here.certificate("skipped", 2);
    const { certificates } = here.core.greeting();
    const back = new Member({ own: 2 });
    for (const certificate of certificates) back.feed({ kind: "certificateReceived", certificate, from: "0" });
    expect([here.core.view, back.core.view]).toEqual([3, 3]);
    expect(hashOf("a")).toBe(a);
  });
});
