import { ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { EMPTY_SIGNING_RECORD } from "../../src/index.ts";
import { BASE, hashOf, Member, only, signed } from "./member.ts";
import { TIMING } from "./network.ts";

describe("S1: one PREPARE per view, for the first valid proposal of its leader", () => {
  it("is asked for when the host finds the proposal valid, not before", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    expect(only(member.propose(message), "checkProposal")).toHaveLength(1);
    expect(signed(member.effects)).toEqual([]);
    expect(signed(member.judge(message, "valid"))).toEqual(["prepare 1"]);
  });

  it("does not follow for a second proposal", () => {
    const member = new Member();
    member.accept(1, "a");
    const effects = member.propose(member.makeProposal(1, "b"));
    expect(signed(effects)).not.toContain("prepare 1");
    expect(only(effects, "checkProposal")).toEqual([]);
  });

  it("does not follow for a proposal of someone else", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    const effects = member.propose(
      { ...message, signature: member.sign(2, "prePrepare", 1, message.blockHash) },
      "two",
    );
    expect(effects).toEqual([{ kind: "senderBlamed", from: "two", code: "BLAME_PROPOSAL_SIGNATURE" }]);
  });

  it("does not follow after a restart for another block than was signed", () => {
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 1, prepared: hashOf("before") };
    const member = new Member({ record });
    member.accept(1, "a");
    expect(signed(member.effects)).toEqual([]);
  });
});

describe("the leader's signature", () => {
  it("is its PREPARE", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    expect(signed(member.vote(2, "prepare", 1, block))).toContain("commit 1");
  });

  it("is verified with the other PREPAREs when it comes from its own session; a false one makes no quorum", () => {
    const member = new Member();
    const message = { ...member.makeProposal(1, "a"), signature: new Uint8Array(8) };
    expect(only(member.propose(message, "one", true), "checkProposal")).toHaveLength(1);
    expect(signed(member.judge(message, "valid"))).toEqual(["prepare 1"]);
    member.execute(message.blockHash);
    const effects = member.vote(0, "prepare", 1, message.blockHash);
    expect(signed(effects)).toEqual([]);
    expect(only(effects, "senderBlamed")).toEqual([
      { kind: "senderBlamed", from: "one", code: "BLAME_VOTE_SIGNATURE" },
    ]);
    expect(signed(member.vote(2, "prepare", 1, message.blockHash))).toContain("commit 1");
  });

  it("completes our own quorum when we lead", () => {
    const member = new Member({ own: 1, timing: { heartbeatMs: 1 } });
    member.elapse("propose", 1);
    const proposal = {
      ...{ blockHash: hashOf("a"), parentHash: BASE, height: 1 },
      ...{ envelope: new Uint8Array(1), reveal: new Uint8Array(1), isBoundary: false },
    };
    expect(signed(member.feed({ kind: "proposalBuilt", view: 1, proposal }))).toEqual(["prePrepare 1"]);
    expect(signed(member.vote(0, "prepare", 1, hashOf("a")))).toEqual([]);
    expect(signed(member.vote(2, "prepare", 1, hashOf("a")))).toContain("commit 1");
  });

  it("counts as ours when our own proposal comes back after a restart, and is not asked for again", () => {
    const first = new Member({ own: 1 });
    const message = first.makeProposal(1, "a");
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 1, proposed: hashOf("a"), prepared: hashOf("a") };
    const member = new Member({ own: 1, record });
    member.propose(message, "peer");
    expect(signed(member.judge(message, "valid"))).toEqual([]);
    member.execute(message.blockHash);
    member.vote(0, "prepare", 1, message.blockHash);
    expect(signed(member.vote(2, "prepare", 1, message.blockHash))).toContain("commit 1");
  });
});

describe("S2: COMMIT only for a PREPARED, executed block", () => {
  it("waits for the execution", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    member.judge(message, "valid");
    expect(signed(member.certificate("prepared", 1, message.blockHash))).toEqual([]);
    expect(signed(member.execute(message.blockHash))).toContain("commit 1");
  });

  it("waits for the PREPARED certificate, of a quorum", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    // Its leader's came with the proposal; said again it does not count twice.
    expect(signed(member.vote(1, "prepare", 1, block))).toEqual([]);
    expect(signed(member.vote(0, "prepare", 1, block))).toContain("commit 1");
  });

  it("does not follow when the roots differ", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    member.judge(message, "valid");
    member.certificate("prepared", 1, message.blockHash);
    expect(signed(member.execute(message.blockHash, "invalid"))).toEqual(["viewChange 1"]);
    expect(signed(member.effects)).not.toContain("commit 1");
  });

  it("does not follow once the view was given up, but the next view is entered all the same", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    member.judge(message, "valid");
    expect(signed(member.elapse("view", 350))).toEqual(["viewChange 1"]);
    member.certificate("prepared", 1, message.blockHash);
    member.execute(message.blockHash);
    expect(signed(member.effects)).not.toContain("commit 1");
    expect(member.core.view).toBe(2);
  });

  it("does not follow for a view that is behind us", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    member.certificate("skipped", 4);
    expect(member.core.view).toBe(5);
    member.certificate("prepared", 1, block);
    expect(signed(member.effects)).not.toContain("commit 1");
  });
});

describe("S3: VIEW-CHANGE only without a COMMIT", () => {
  it("is not signed in a view with our COMMIT, whatever the timer says", () => {
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 1, committed: hashOf("a") };
    const member = new Member({ record });
    expect(member.core.view).toBe(1);
    expect(signed(member.elapse("view", 1_200))).toEqual([]);
    member.vote(0, "viewChange", 1);
    member.vote(1, "viewChange", 1);
    expect(signed(member.effects)).toEqual([]);
  });

  it("is said again at once after a restart, for others may lack it", () => {
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 1, viewChanged: true };
    const member = new Member({ record });
    expect(signed(member.effects)).toEqual(["viewChange 1"]);
    expect(only(member.effects, "broadcastVote")).toHaveLength(1);
    expect(signed(member.elapse("view", 1_200))).toEqual([]);
  });

  it("is said soon by a leader that had proposed and has lost its proposal, and by nobody else", () => {
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 3, proposed: hashOf("a"), prepared: hashOf("a") };
    const endsAtMs = (member: Member) =>
      only(member.effects, "setTimer").findLast(({ timer }) => timer === "view")?.atMs;
    const leader = new Member({ record });
    expect(endsAtMs(leader)).toBe(TIMING.deltaMs);
    expect(signed(leader.elapse("view", TIMING.deltaMs))).toEqual(["viewChange 3"]);
    expect(endsAtMs(new Member({ own: 1, record }))).toBe(2 * TIMING.deltaMs + TIMING.heartbeatMs);
    const committed = new Member({ record: { ...record, committed: hashOf("a") } });
    expect(signed(committed.elapse("view", TIMING.deltaMs))).toEqual([]);
  });
});

describe("S4: what a proposal has to show", () => {
  const skipsTo = (member: Member, view: number) =>
    Array.from({ length: view - 1 }, (_, index) => member.makeCertificate("skipped", index + 1));

  it("SKIPPED of every view since the parent; all of them lead to its view", () => {
    const member = new Member();
    const effects = member.propose(member.makeProposal(3, "c", { skips: skipsTo(member, 3) }));
    expect(member.core.view).toBe(3);
    expect(only(effects, "checkProposal")).toHaveLength(1);
  });

  it.each([
    [
      "a SKIPPED that does not verify",
      (member: Member) => ({
        skips: [
          { ...member.makeCertificate("skipped", 1), signature: new Uint8Array(24) },
          member.makeCertificate("skipped", 2),
        ],
      }),
    ],
    [
      "a SKIPPED of too few",
      (member: Member) => ({
        skips: [member.makeCertificate("skipped", 1, ZERO_HASH, [0, 1]), member.makeCertificate("skipped", 2)],
      }),
    ],
    [
      "one view twice",
      (member: Member) => ({
        skips: [member.makeCertificate("skipped", 1), member.makeCertificate("skipped", 1)],
      }),
    ],
    ["a view beyond it", (member: Member) => ({ skips: skipsTo(member, 4) })],
    [
      "a PREPARED among the SKIPPED",
      (member: Member) => ({
        skips: [member.makeCertificate("skipped", 1), member.makeCertificate("prepared", 2, hashOf("x"))],
      }),
    ],
    ["another base block", () => ({ parentHash: hashOf("elsewhere") })],
    ["a parent of its own view", () => ({ parentView: 3, skips: [] })],
    [
      "a certificate of another block",
      (member: Member) => ({
        parentView: 2,
        skips: [],
        parentCertificate: member.makeCertificate("prepared", 2, hashOf("x")),
      }),
    ],
    [
      "a certificate of another view",
      (member: Member) => ({
        parentHash: hashOf("x"),
        parentView: 2,
        skips: [],
        parentCertificate: member.makeCertificate("prepared", 1, hashOf("x")),
      }),
    ],
    [
      "a SKIPPED for a parent",
      (member: Member) => ({
        parentHash: ZERO_HASH,
        parentView: 2,
        skips: [],
        parentCertificate: member.makeCertificate("skipped", 2),
      }),
    ],
    [
      "a parent's certificate that does not verify",
      (member: Member) => ({
        parentHash: hashOf("x"),
        parentView: 2,
        skips: [],
        parentCertificate: { ...member.makeCertificate("prepared", 2, hashOf("x")), signature: new Uint8Array(24) },
      }),
    ],
  ])("with %s it is ignored and its sender pays; the view goes on", (_, changes) => {
    const member = new Member();
    member.certificate("skipped", 2);
    member.effects = [];
    const effects = member.propose(member.makeProposal(3, "c", changes(member)), "stranger");
    expect(effects).toEqual([{ kind: "senderBlamed", from: "stranger", code: "BLAME_PROPOSAL_COPY" }]);
    expect(signed(member.effects)).toEqual([]);
    // The leader's own copy still counts.
    expect(only(member.propose(member.makeProposal(3, "c")), "checkProposal")).toHaveLength(1);
  });

  it("another view's or epoch's proposals are nothing to us", () => {
    const member = new Member();
    expect(member.propose({ ...member.makeProposal(1, "a"), epoch: 2 })).toEqual([]);
    expect(member.propose({ ...member.makeProposal(1, "a"), view: 0 })).toEqual([]);
    expect(member.propose(member.makeProposal(66, "far", { skips: [] }))).toEqual([]);
    expect(member.propose(member.makeProposal(65, "near", { skips: [] }))).not.toEqual([]);
  });

  it("a certificate that is missing is fetched from the sender first, and the proposal taken up when it comes", () => {
    const member = new Member();
    member.certificate("skipped", 2);
    const message = member.makeProposal(3, "c", { skips: [] });
    expect(member.propose(message, "leader")).toEqual([
      { kind: "requestCertificates", fromView: 1, toView: 2, from: "leader" },
    ]);
    expect(member.propose(message, "leader")).toEqual([]);
    expect(only(member.certificate("skipped", 1), "checkProposal")).toHaveLength(1);
  });

  it("a parent's certificate that we hold need not be shown", () => {
    const member = new Member();
    const parentHash = member.accept(1, "a");
    member.certificate("prepared", 1, parentHash);
    const bare = { parentHash, parentView: 1, parentCertificate: null, skips: [], height: 2 };
    expect(only(member.propose(member.makeProposal(2, "b", bare)), "checkProposal")).toHaveLength(1);
    const other = member.makeProposal(6, "f", { ...bare, parentView: 5, parentHash: hashOf("unknown") });
    expect(only(member.propose(other, "six"), "requestCertificates")).toEqual([
      { kind: "requestCertificates", fromView: 5, toView: 5, from: "six" },
    ]);
  });

  it("the height of its parent plus one; the message's height is not signed, so its sender pays", () => {
    const member = new Member();
    const effects = member.propose(member.makeProposal(1, "a", { height: 2 }), "stranger");
    expect(effects).toContainEqual({ kind: "senderBlamed", from: "stranger", code: "BLAME_PROPOSAL_COPY" });
    expect(only(member.propose(member.makeProposal(1, "a")), "checkProposal")).toHaveLength(1);
  });

  it("no other child of a boundary block that is not final, but that block again", () => {
    for (const name of ["child", "end"]) {
      const member = new Member();
      const { blockHash } = member.makeProposal(1, "end");
      member.propose(member.makeProposal(1, "end"));
      member.feed({ kind: "proposalChecked", view: 1, blockHash, verdict: "valid", isBoundary: true });
      member.execute(blockHash, "valid", true);
      const parentCertificate = member.makeCertificate("prepared", 1, blockHash);
      member.certificate("prepared", 1, blockHash);
      const onBoundary = { parentView: 1, parentCertificate, skips: [] };
      const child = { ...onBoundary, parentHash: blockHash, height: 2 };
      const effects = member.propose(member.makeProposal(2, name, name === "child" ? child : onBoundary));
      expect(only(effects, "checkProposal")).toEqual([]);
      expect(signed(effects)).toEqual(name === "child" ? [] : ["prepare 2"]);
    }
  });

  it("of ordinary blocks none is proposed twice", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    const parentCertificate = member.makeCertificate("prepared", 1, block);
    const effects = member.propose({ ...member.makeProposal(2, "a"), parentView: 1, parentCertificate, skips: [] });
    expect(only(effects, "proposalRefused")).toEqual([
      { kind: "proposalRefused", view: 2, leader: 2, blockHash: block },
    ]);
    expect(signed(effects)).toContain("viewChange 2");
  });
});

describe("S5: nothing is signed for what lies behind", () => {
  it("a view below the newest that was signed in", () => {
    const record = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 9, prepared: hashOf("i") };
    const member = new Member({ record });
    expect(member.core.view).toBe(9);
    member.accept(1, "a");
    member.certificate("prepared", 2, hashOf("x"));
    expect(signed(member.effects)).toEqual([]);
  });

  it("an epoch that is over", () => {
    const member = new Member();
    const message = member.makeProposal(1, "end");
    member.propose(message);
    member.judge(message, "valid");
    member.execute(message.blockHash, "valid", true);
    const effects = member.certificate("committed", 1, message.blockHash);
    expect(only(effects, "epochEnded")).toEqual([{ kind: "epochEnded", blockHash: message.blockHash, height: 1 }]);
    expect(member.core.hasEnded).toBe(true);
    expect(member.propose(member.makeProposal(2, "b"))).toEqual([]);
    expect(member.elapse("view", 5_000)).toEqual([]);
    // Whoever still votes is told how it ended.
    expect(only(member.vote(0, "viewChange", 1), "sendCertificate")).toHaveLength(1);
  });

  it("a member without a seat signs nothing at all", () => {
    const member = new Member({ own: null });
    const block = member.accept(1, "a");
    member.certificate("prepared", 1, block);
    member.elapse("view", 5_000);
    member.certificate("committed", 1, block);
    expect(signed(member.effects)).toEqual([]);
    expect(member.core.committedHeight).toBe(1);
    expect(BASE).not.toBe(block);
  });
});
