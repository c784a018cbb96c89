import { accusedMembers, type Evidence } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { BftEffect } from "../../src/index.ts";
import { hashOf, Member, only, signed } from "./member.ts";

const evidenceIn = (effects: readonly BftEffect[]): readonly Evidence[] =>
  only(effects, "misbehaviourSeen").map(({ evidence }) => evidence);

const A = hashOf("a");
const B = hashOf("b");
const GARBAGE = new Uint8Array(8);

/** Views up to 9 are decided; the newest block was committed in view 9. */
function aMemberAtTen(): Member {
  const member = new Member();
  member.propose(member.makeProposal(1, "a"));
  member.vote(0, "prepare", 1, A);
  member.vote(0, "commit", 1, A);
  member.certificate("skipped", 2);
  const certificate = member.makeCertificate("committed", 9, hashOf("i"));
  member.feed({ kind: "committedExternally", certificate, height: 4 });
  member.effects = [];
  return member;
}

describe("proof of misbehaviour", () => {
  it("two proposals of a leader, said once", () => {
    const member = new Member();
    member.propose(member.makeProposal(1, "a"));
    const [evidence] = evidenceIn(member.propose(member.makeProposal(1, "b")));
    expect(evidence).toMatchObject({ kind: "statements", epoch: 1, view: 1, member: 1 });
    expect(evidenceIn(member.propose(member.makeProposal(1, "c")))).toEqual([]);
  });

  it("two proposals from the leader's own session, though neither was verified before", () => {
    const member = new Member();
    member.propose(member.makeProposal(1, "a"), "leader", true);
    expect(evidenceIn(member.propose(member.makeProposal(1, "b"), "leader", true))).toHaveLength(1);
  });

  it("not two proposals of which one is unsigned, whichever came first", () => {
    for (const broken of ["a", "b"]) {
      const member = new Member();
      const proposal = (name: string) => ({
        ...member.makeProposal(1, name),
        ...(name === broken ? { signature: GARBAGE } : {}),
      });
      for (const name of ["a", "b"]) expect(evidenceIn(member.propose(proposal(name), "leader", true))).toEqual([]);
      // The one that is signed still counts against a third.
      expect(evidenceIn(member.propose(member.makeProposal(1, "c"), "leader", true))).toHaveLength(1);
    }
  });

  it("a proposal and a PREPARE of its leader for another block", () => {
    const member = new Member();
    member.vote(1, "prepare", 1, B);
    const [evidence] = evidenceIn(member.propose(member.makeProposal(1, "a")));
    expect(evidence).toMatchObject({ kind: "statements", view: 1, member: 1, first: { kind: "prepare" } });
  });

  it("two proposals also when the first one's copy was bad", () => {
    const member = new Member();
    member.propose({ ...member.makeProposal(1, "a"), parentView: 1 });
    expect(evidenceIn(member.propose(member.makeProposal(1, "b")))).toHaveLength(1);
  });

  it("two proposals of ourselves, if our key signs elsewhere", () => {
    const member = new Member();
    member.feed({ kind: "workChanged", hasWork: true });
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.feed({
      kind: "proposalBuilt",
      view: 3,
      proposal: {
        blockHash: A,
        parentHash: hashOf("base"),
        height: 1,
        envelope: GARBAGE,
        reveal: GARBAGE,
        isBoundary: false,
      },
    });
    expect(evidenceIn(member.propose(member.makeProposal(3, "b")))).toMatchObject([{ member: 3, view: 3 }]);
  });

  it.each(["prepare", "commit"] as const)("two of %s, said once", (kind) => {
    const member = new Member();
    member.vote(0, kind, 1, A);
    const [evidence] = evidenceIn(member.vote(0, kind, 1, B));
    expect(evidence).toMatchObject({ kind: "statements", view: 1, member: 0, first: { kind }, second: { kind } });
    expect(member.vote(0, kind, 1, hashOf("c"))).toEqual([]);
  });

  it("COMMIT and VIEW-CHANGE, in whatever order they come", () => {
    for (const kinds of [
      ["commit", "viewChange"],
      ["viewChange", "commit"],
    ] as const) {
      const member = new Member();
      const effects = kinds.map((kind) => member.vote(0, kind, 1, kind === "commit" ? A : undefined));
      expect(evidenceIn(effects[0] ?? [])).toEqual([]);
      const [evidence] = evidenceIn(effects[1] ?? []);
      expect(evidence).toMatchObject({ member: 0, first: { kind: "commit" }, second: { kind: "viewChange" } });
    }
  });

  it("PREPARE and VIEW-CHANGE are none, nor is COMMIT of another block than was prepared", () => {
    const member = new Member();
    member.vote(0, "prepare", 1, A);
    member.vote(0, "viewChange", 1);
    member.vote(2, "prepare", 1, A);
    member.vote(2, "commit", 1, B);
    expect(evidenceIn(member.effects)).toEqual([]);
  });

  it.each([
    ["prepared", "prepared"],
    ["committed", "committed"],
    ["committed", "skipped"],
    ["skipped", "committed"],
  ] as const)("%s and %s certificates: whoever is in both", (first, second) => {
    const member = new Member();
    member.certificate(first, 1, first === "skipped" ? undefined : A, [0, 1, 2]);
    const [evidence] = evidenceIn(member.certificate(second, 1, second === "skipped" ? undefined : B, [1, 2, 3]));
    expect(evidence?.kind).toBe("certificates");
    expect(evidence === undefined ? [] : accusedMembers(evidence)).toEqual([1, 2]);
  });

  it("PREPARED and SKIPPED of one view may both be", () => {
    const member = new Member();
    member.certificate("prepared", 1, A);
    member.certificate("skipped", 1);
    expect(evidenceIn(member.effects)).toEqual([]);
    expect(member.core.certificates(1).map(({ kind }) => kind)).toEqual(["prepared", "skipped"]);
  });

  it("of views that are decided, up to sixteen back", () => {
    const member = aMemberAtTen();
    expect(evidenceIn(member.propose(member.makeProposal(1, "b")))).toMatchObject([{ view: 1, member: 1 }]);
    expect(evidenceIn(member.vote(0, "prepare", 1, B))).toMatchObject([{ view: 1, member: 0 }]);
    expect(evidenceIn(member.vote(0, "viewChange", 1))).toMatchObject([{ view: 1, member: 0 }]);
    expect(evidenceIn(member.certificate("committed", 2, B))).toMatchObject([{ kind: "certificates" }]);
    expect(evidenceIn(member.certificate("committed", 9, B))).toMatchObject([{ kind: "certificates" }]);
    // A vote that comes only now is remembered against its member.
    member.vote(2, "commit", 5, A);
    expect(evidenceIn(member.vote(2, "commit", 5, B))).toMatchObject([{ view: 5, member: 2 }]);
    const certificate = member.makeCertificate("committed", 30, hashOf("z"));
    member.feed({ kind: "committedExternally", certificate, height: 9 });
    member.effects = [];
    member.propose(member.makeProposal(1, "d"));
    member.vote(2, "prepare", 13, A);
    member.vote(2, "prepare", 13, B);
    expect(evidenceIn(member.effects)).toEqual([]);
  });

  it("needs two signatures that verify", () => {
    const member = aMemberAtTen();
    const bad = { ...member.makeVote(0, "prepare", 1, B), signature: GARBAGE };
    expect(member.feed({ kind: "voteReceived", vote: bad, from: "x" })).toContainEqual({
      kind: "senderBlamed",
      from: "x",
      code: "BLAME_VOTE_SIGNATURE",
    });
    const proposal = { ...member.makeProposal(1, "b"), signature: GARBAGE };
    expect(member.propose(proposal, "x")).toEqual([
      { kind: "senderBlamed", from: "x", code: "BLAME_PROPOSAL_SIGNATURE" },
    ]);
    expect(evidenceIn(member.effects)).toEqual([]);
  });
});

describe("votes in another's name", () => {
  const forged = (member: Member, kind: "prepare" | "commit" | "viewChange", hash = A) => {
    const vote = { ...member.makeVote(0, kind, 1, kind === "viewChange" ? undefined : hash), signature: GARBAGE };
    return member.feed({ kind: "voteReceived", vote, from: "forger" });
  };
  const BLAMED = { kind: "senderBlamed", from: "forger", code: "BLAME_VOTE_SIGNATURE" };

  it("make room for the true one, for the same block or another", () => {
    for (const block of [A, B]) {
      const member = new Member();
      expect(forged(member, "prepare")).toEqual([]);
      expect(member.vote(0, "prepare", 1, block)).toEqual([]);
      member.vote(1, "prepare", 1, block);
      expect(only(member.vote(2, "prepare", 1, block), "broadcastCertificate")).toHaveLength(1);
      expect(evidenceIn(member.effects)).toEqual([]);
    }
  });

  it("prove nothing against it and cost who brought them, when a quorum is counted", () => {
    const member = new Member();
    forged(member, "prepare");
    member.vote(1, "prepare", 1, A);
    expect(member.vote(2, "prepare", 1, A)).toEqual([BLAMED]);
    expect(only(member.vote(0, "prepare", 1, A), "broadcastCertificate")).toHaveLength(1);
  });

  it("do not make a COMMIT and VIEW-CHANGE", () => {
    const member = new Member();
    forged(member, "commit");
    expect(member.vote(0, "viewChange", 1)).toEqual([BLAMED]);
    const other = new Member();
    other.vote(0, "commit", 1, A);
    expect(forged(other, "viewChange")).toEqual([BLAMED]);
    expect(evidenceIn(other.effects)).toEqual([]);
  });

  it("of strangers and far views are dropped unseen", () => {
    const member = new Member();
    const vote = member.makeVote(0, "prepare", 1, A);
    for (const changes of [{ member: 4 }, { epoch: 2 }, { view: 0 }, { view: 66 }]) {
      const strange = { ...vote, ...changes, signature: GARBAGE };
      for (let round = 0; round < 2; round++)
        expect(member.feed({ kind: "voteReceived", vote: strange, from: "x" })).toEqual([]);
    }
    expect(member.core.held.votedViews).toBe(0);
    member.vote(0, "prepare", 65, A);
    expect(member.core.held.votedViews).toBe(1);
  });
});

describe("certificates", () => {
  const blamedFor = (effects: readonly BftEffect[]) => only(effects, "senderBlamed").map(({ code }) => code);

  it("that do not verify cost their sender", () => {
    const member = new Member();
    const good = member.makeCertificate("skipped", 1);
    for (const bad of [
      { ...good, signature: GARBAGE },
      member.makeCertificate("skipped", 1, undefined, [0, 1]),
      { ...good, signers: Uint8Array.of(0x17) },
    ])
      expect(blamedFor(member.feed({ kind: "certificateReceived", certificate: bad, from: "x" }))).toEqual([
        "BLAME_CERTIFICATE",
      ]);
    expect(member.core.view).toBe(1);
    const late = { ...good, epoch: 2 };
    expect(member.feed({ kind: "certificateReceived", certificate: late, from: "x" })).toEqual([]);
  });

  it("that are held already, or of long decided views, are not looked at", () => {
    const member = new Member();
    member.certificate("skipped", 1);
    const bad = { ...member.makeCertificate("skipped", 1), signature: GARBAGE };
    expect(member.feed({ kind: "certificateReceived", certificate: bad, from: "x" })).toEqual([]);
    const certificate = member.makeCertificate("committed", 30, hashOf("z"));
    member.feed({ kind: "committedExternally", certificate, height: 9 });
    const old = { ...member.makeCertificate("skipped", 13), signature: GARBAGE };
    expect(member.feed({ kind: "certificateReceived", certificate: old, from: "x" })).toEqual([]);
    const past = { ...old, view: 14 };
    expect(blamedFor(member.feed({ kind: "certificateReceived", certificate: past, from: "x" }))).toHaveLength(1);
  });
});

describe("copies of a proposal", () => {
  const garbled = (member: Member) => ({ ...member.makeProposal(1, "a"), envelope: GARBAGE });

  it("that was garbled: its sender pays, and a copy that came meanwhile takes its place", () => {
    const member = new Member();
    const bad = garbled(member);
    member.propose(bad, "stranger");
    const good = member.makeProposal(1, "a");
    expect(member.propose(good)).toEqual([]);
    expect(member.propose(good)).toEqual([]);
    const effects = member.judge(bad, "garbled");
    expect(only(effects, "senderBlamed")).toEqual([
      { kind: "senderBlamed", from: "stranger", code: "BLAME_PROPOSAL_COPY" },
    ]);
    expect(only(effects, "checkProposal").map(({ message }) => message.envelope)).toEqual([good.envelope]);
    expect(signed(member.judge(good, "valid"))).toEqual(["prepare 1"]);
  });

  it("that was garbled: the view goes on until a good one comes or its time is up", () => {
    const member = new Member();
    const bad = garbled(member);
    member.propose(bad, "stranger");
    expect(signed(member.judge(bad, "garbled"))).toEqual([]);
    expect(only(member.propose(member.makeProposal(1, "a")), "checkProposal")).toHaveLength(1);
    const other = new Member();
    other.propose(garbled(other), "stranger");
    other.judge(garbled(other), "garbled");
    expect(signed(other.elapse("view", 350))).toEqual(["viewChange 1"]);
  });

  it("are kept at most four, and a bad one among them is passed over", () => {
    const member = new Member();
    member.propose(garbled(member), "0");
    for (let copy = 1; copy <= 6; copy++) {
      const broken = copy === 1 ? { parentView: 1 } : {};
      const message = { ...member.makeProposal(1, "a"), envelope: Uint8Array.of(copy), ...broken };
      expect(member.propose(message, `${copy}`)).toEqual([]);
    }
    const from: string[] = [];
    for (let round = 0; round < 6; round++) {
      const effects = member.judge(member.makeProposal(1, "a"), "garbled");
      from.push(...only(effects, "senderBlamed").map((blamed) => blamed.from));
    }
    expect(from).toEqual(["0", "1", "2", "3", "4"]);
  });
});

describe("memory", () => {
  it("stays small however long blocks are made and whatever peers send", () => {
    const member = new Member();
    for (let view = 1; view <= 60; view++) {
      for (let ahead = 0; ahead < 80; ahead += 7) {
        member.vote(view % 3, "commit", view + ahead, hashOf(`${view}`));
        member.propose(member.makeProposal(view + ahead, `${view} ${ahead}`, { skips: [] }), "x");
      }
      const certificate = member.makeCertificate("committed", view, hashOf(`final ${view}`));
      member.feed({ kind: "committedExternally", certificate, height: view });
      member.effects = [];
      const { views, votedViews, blocks } = member.core.held;
      expect(Math.max(views, votedViews)).toBeLessThanOrEqual(66 + 17);
      expect(blocks).toBeLessThanOrEqual(2);
    }
  });
});
