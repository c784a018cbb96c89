import { ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { leaderOf } from "../../src/index.ts";
import { BASE, hashOf, Member, only, signed } from "./member.ts";

const IDLE_MS = 1_000 + 2 * 100;

const timers = (member: Member, name: string) => only(member.effects, "setTimer").filter(({ timer }) => timer === name);
const patience = (member: Member) => (timers(member, "view").at(-1)?.atMs ?? 0) - member.nowMs;

describe("the way from view to view", () => {
  it("leads on with PREPARED once the block is executed here, and the leader builds on it before it is final", () => {
    const member = new Member();
    const parentHash = member.accept(2, "b");
    expect(member.core.view).toBe(2);
    const effects = member.certificate("prepared", 2, parentHash);
    expect(member.core.view).toBe(3);
    expect(member.core.committedHeight).toBe(0);
    expect(only(effects, "setTimer")).toContainEqual({ kind: "setTimer", timer: "propose", view: 3, atMs: 1_000 });
    member.nowMs = 1_000;
    expect(only(member.elapse("propose", 0), "buildProposal")).toEqual([
      { kind: "buildProposal", view: 3, parentHash, repropose: null },
    ]);
  });

  it("does not lead on with PREPARED of a higher view before that", () => {
    const member = new Member();
    expect(only(member.certificate("prepared", 5, hashOf("e")), "requestBlock")).toEqual([
      { kind: "requestBlock", blockHash: hashOf("e"), from: "peer" },
    ]);
    expect(member.core.view).toBe(1);
    const fetched = member.feed({ kind: "blockFetched", blockHash: hashOf("e"), parentHash: BASE, height: 1 });
    expect(only(fetched, "executeBlock")).toEqual([{ kind: "executeBlock", blockHash: hashOf("e") }]);
    member.execute(hashOf("e"));
    expect(member.core.view).toBe(6);
  });

  it("jumps with SKIPPED and COMMITTED of any higher view, also without the block", () => {
    const member = new Member();
    member.certificate("skipped", 7);
    expect(member.core.view).toBe(8);
    member.certificate("committed", 30, hashOf("far"));
    expect(member.core.view).toBe(31);
    expect(member.core.committedHeight).toBe(0);
    member.feed({ kind: "blockFetched", blockHash: hashOf("far"), parentHash: BASE, height: 1 });
    expect(only(member.execute(hashOf("far")), "commitBlock")).toMatchObject([{ blockHash: hashOf("far"), height: 1 }]);
    expect(member.core.committedHeight).toBe(1);
  });

  it("commits ancestors with their descendant, oldest missing one first", () => {
    const member = new Member();
    member.certificate("committed", 3, hashOf("c"));
    const fetched = member.feed({ kind: "blockFetched", blockHash: hashOf("c"), parentHash: hashOf("b"), height: 2 });
    expect(only(fetched, "requestBlock")).toEqual([{ kind: "requestBlock", blockHash: hashOf("b"), from: "" }]);
    member.feed({ kind: "blockFetched", blockHash: hashOf("b"), parentHash: BASE, height: 1 });
    expect(only(member.execute(hashOf("b")), "executeBlock")).toEqual([
      { kind: "executeBlock", blockHash: hashOf("c") },
    ]);
    expect(only(member.execute(hashOf("c")), "commitBlock")).toMatchObject([{ blockHash: hashOf("c"), height: 2 }]);
  });

  it("a prepared block is executed on after the timer fired, and still leads on", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    expect(only(member.judge(message, "valid"), "executeBlock")).toHaveLength(1);
    member.elapse("view", 350);
    member.certificate("prepared", 1, message.blockHash);
    expect(member.core.view).toBe(1);
    member.execute(message.blockHash);
    expect(member.core.view).toBe(2);
  });

  it("an execution that could not be tried is tried again with the next retry", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    member.judge(message, "valid");
    member.certificate("prepared", 1, message.blockHash);
    member.execute(message.blockHash, "unavailable");
    expect(signed(member.effects)).not.toContain("viewChange 1");
    expect(only(member.elapse("retry", 400), "executeBlock")).toHaveLength(1);
    member.execute(message.blockHash);
    expect(member.core.view).toBe(2);
  });

  it("a block committed elsewhere takes us beyond its view", () => {
    const member = new Member();
    const certificate = member.makeCertificate("committed", 9, hashOf("i"));
    member.feed({ kind: "committedExternally", certificate, height: 4 });
    expect([member.core.view, member.core.committedHeight]).toEqual([10, 4]);
    expect(member.feed({ kind: "committedExternally", certificate, height: 4 })).toEqual([]);
    expect(member.core.certificates(9)).toEqual([certificate]);
    // Blocks below are of no use.
    expect(member.feed({ kind: "blockFetched", blockHash: hashOf("x"), parentHash: BASE, height: 3 })).toEqual([]);
  });

  it("what comes of a view that was left is kept, so that its block can become final", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    member.certificate("prepared", 1, block);
    expect(only(member.certificate("committed", 1, block), "commitBlock")).toHaveLength(1);
    expect(member.core.view).toBe(2);
  });
});

describe("leading", () => {
  const built = (member: Member, view: number, name: string) =>
    member.feed({
      kind: "proposalBuilt",
      view,
      proposal: {
        blockHash: hashOf(name),
        parentHash: BASE,
        height: 1,
        envelope: new Uint8Array(2),
        reveal: new Uint8Array(3),
        isBoundary: false,
      },
    });

  it("signs what the host built, sends it with what it stands on, and has prepared it thereby", () => {
    const member = new Member();
    member.feed({ kind: "workChanged", hasWork: true });
    for (const view of [1, 2]) member.certificate("skipped", view);
    expect(only(member.effects, "buildProposal")).toHaveLength(1);
    const effects = built(member, 3, "mine");
    expect(signed(effects)).toEqual(["prePrepare 3"]);
    const [sent] = only(effects, "broadcastPrePrepare");
    expect(sent?.message).toMatchObject({
      view: 3,
      blockHash: hashOf("mine"),
      height: 1,
      parentView: 0,
      parentHash: BASE,
    });
    expect(sent?.message.skips.map(({ view }) => view)).toEqual([1, 2]);
    // Another answer for the same view is not signed.
    expect(built(member, 3, "other")).toEqual([]);
  });

  it("asks again when the host could not build, and not while it builds", () => {
    const member = new Member();
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.feed({ kind: "workChanged", hasWork: true });
    expect(only(member.elapse("retry", 400), "buildProposal")).toEqual([]);
    member.feed({ kind: "proposalBuilt", view: 3, proposal: null });
    expect(only(member.elapse("retry", 400), "buildProposal")).toHaveLength(1);
  });

  it("forgets what was built for a view that is over", () => {
    const member = new Member();
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.feed({ kind: "workChanged", hasWork: true });
    member.certificate("skipped", 3);
    expect(built(member, 3, "late")).toEqual([]);
  });

  it("does not send a proposal whose view ended while it was signed", () => {
    const member = new Member();
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.feed({ kind: "workChanged", hasWork: true });
    member.isSigning = false;
    const [sign] = only(built(member, 3, "slow"), "sign");
    member.certificate("skipped", 3);
    if (sign === undefined) throw new Error("nothing to sign");
    expect(only(member.answerSign(sign), "broadcastPrePrepare")).toEqual([]);
  });

  it("asks for certificates that are missing below", () => {
    const member = new Member();
    expect(only(member.certificate("skipped", 2), "requestCertificates")).toEqual([
      { kind: "requestCertificates", fromView: 1, toView: 2, from: "" },
    ]);
    member.feed({ kind: "workChanged", hasWork: true });
    expect(only(member.certificate("skipped", 1), "buildProposal")).toEqual([]);
    expect(only(member.elapse("retry", 400), "buildProposal")).toHaveLength(1);
  });

  it("says nothing new in a view in which it proposed before a restart", () => {
    const record = { epoch: 1, view: 3, proposed: hashOf("c"), prepared: null, committed: null, viewChanged: false };
    const member = new Member({ record });
    member.feed({ kind: "workChanged", hasWork: true });
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.elapse("retry", 400);
    expect(only(member.effects, "buildProposal")).toEqual([]);
  });

  it("keeps the least distance to the proposal before", () => {
    const member = new Member({ timing: { minBlockIntervalMs: 250, heartbeatMs: 0 } });
    member.feed({ kind: "workChanged", hasWork: true });
    member.nowMs = 1_000;
    const parentHash = member.accept(2, "b");
    member.nowMs = 1_100;
    member.certificate("prepared", 2, parentHash);
    expect(timers(member, "propose").at(-1)).toMatchObject({ view: 3, atMs: 1_250 });
    expect(only(member.elapse("propose", 150), "buildProposal")).toHaveLength(1);
  });
});

describe("timers", () => {
  it("wait for an idle leader for the heartbeat and two messages, for a busy one for two messages", () => {
    const member = new Member();
    expect(patience(member)).toBe(IDLE_MS);
    member.feed({ kind: "workChanged", hasWork: true });
    expect(patience(member)).toBe(200);
    member.effects = [];
    member.nowMs = 50;
    member.feed({ kind: "workChanged", hasWork: true });
    expect(timers(member, "view")).toEqual([]);
  });

  it("do not run while a silent chain has no work", () => {
    const member = new Member({ timing: { heartbeatMs: 0 } });
    expect(timers(member, "view")).toEqual([]);
    expect(only(member.effects, "clearTimer").map(({ timer }) => timer)).toContain("view");
  });

  it("grant three messages and the execution once the proposal is here, and only once", () => {
    const member = new Member();
    member.nowMs = 500;
    const message = member.makeProposal(1, "a");
    member.propose(message);
    expect(timers(member, "view").at(-1)).toMatchObject({ view: 1, atMs: 500 + 3 * 100 + 50 });
    const count = timers(member, "view").length;
    member.nowMs = 600;
    member.judge(message, "valid");
    expect(timers(member, "view")).toHaveLength(count);
  });

  it("of another view are of no interest", () => {
    const member = new Member();
    expect(member.elapse("view", IDLE_MS, 2)).toEqual([]);
    member.certificate("skipped", 1);
    expect(member.elapse("view", IDLE_MS, 1)).toEqual([]);
  });

  it("double patience once per n skipped views in a row, up to the cap, and start anew with a commit", () => {
    const member = new Member({ timing: { deltaMsMax: 500 } });
    const deltas = Array.from({ length: 16 }, (_, index) => {
      member.certificate("skipped", index + 1);
      return (patience(member) - 1_000) / 2;
    });
    expect(deltas).toEqual([100, 100, 100, 200, 200, 200, 200, 400, 400, 400, 400, 500, 500, 500, 500, 500]);
    const certificate = member.makeCertificate("committed", 17, hashOf("q"));
    member.feed({ kind: "committedExternally", certificate, height: 1 });
    expect(patience(member)).toBe(IDLE_MS);
    // A count that had begun does not go on.
    for (const view of [18, 19, 20]) member.certificate("skipped", view);
    expect(patience(member)).toBe(IDLE_MS);
  });

  it("a SKIPPED of a view that is behind does not count", () => {
    const member = new Member();
    member.certificate("skipped", 9);
    for (const view of [1, 2, 3, 4, 5, 6]) member.certificate("skipped", view);
    expect(patience(member)).toBe(IDLE_MS);
  });

  it("that come late, because the machine stood still, give the others one more message time, once", () => {
    const member = new Member();
    expect(signed(member.elapse("view", IDLE_MS + 51))).toEqual([]);
    expect(patience(member)).toBe(100);
    expect(signed(member.elapse("view", 300))).toEqual(["viewChange 1"]);
  });

  it("that come hardly late end the view", () => {
    expect(signed(new Member().elapse("view", IDLE_MS + 50))).toEqual(["viewChange 1"]);
  });
});

describe("early VIEW-CHANGE", () => {
  it("follows the leader's own", () => {
    const member = new Member();
    expect(signed(member.vote(0, "viewChange", 1))).toEqual([]);
    expect(signed(member.vote(1, "viewChange", 1))).toEqual(["viewChange 1"]);
  });

  it("does not follow one that is forged in the leader's name", () => {
    const member = new Member();
    const vote = { ...member.makeVote(1, "viewChange", 1), signature: new Uint8Array(8) };
    expect(member.feed({ kind: "voteReceived", vote, from: "x" })).toEqual([
      { kind: "senderBlamed", from: "x", code: "BLAME_VOTE_SIGNATURE" },
    ]);
    expect(signed(member.vote(1, "viewChange", 1))).toEqual(["viewChange 1"]);
  });

  it("follows more than f seats, counted by signatures", () => {
    const member = new Member({ seats: [1, 1, 1, 1, 1, 1, 1], own: 3 });
    expect(leaderOf(member.committee, 1)).toBe(1);
    for (const forged of [2, 4, 5]) {
      const vote = { ...member.makeVote(forged, "viewChange", 1), signature: new Uint8Array(8) };
      member.feed({ kind: "voteReceived", vote, from: "x" });
    }
    expect(signed(member.effects)).toEqual([]);
    expect(only(member.effects, "senderBlamed")).toHaveLength(3);
    for (const voter of [2, 4]) member.vote(voter, "viewChange", 1);
    expect(signed(member.effects)).toEqual([]);
    expect(signed(member.vote(5, "viewChange", 1))).toEqual(["viewChange 1"]);
  });

  it("follows proof that the leader proposed twice", () => {
    const member = new Member();
    member.propose(member.makeProposal(1, "a"));
    expect(signed(member.propose(member.makeProposal(1, "b")))).toEqual(["viewChange 1"]);
  });

  it("follows a proposal that breaks a rule, or that cannot be judged", () => {
    for (const verdict of ["invalid", "unavailable"] as const) {
      const member = new Member();
      const message = member.makeProposal(1, "a");
      member.propose(message);
      const effects = member.judge(message, verdict);
      expect(signed(effects)).toEqual(["viewChange 1"]);
      expect(only(effects, "proposalRefused")).toHaveLength(verdict === "invalid" ? 1 : 0);
    }
  });

  it("does not wait for a leader that is long silent while a quorum is active, until it is heard again", () => {
    const member = new Member();
    for (let view = 1; view <= 12; view++) {
      for (const voter of [1, 2]) member.vote(voter, "viewChange", view);
      member.certificate("skipped", view);
    }
    expect(leaderOf(member.committee, 12)).toBe(0);
    // Views 4 and 8 were still waited for; in view 12 nothing was heard of member 0 for more than two turns.
    expect(signed(member.effects).filter((what) => what.startsWith("viewChange"))).toContain("viewChange 12");
    member.vote(0, "prepare", 13, hashOf("m"));
    member.effects = [];
    for (let view = 13; view <= 15; view++) {
      for (const voter of [1, 2]) member.vote(voter, "prepare", view, hashOf("m"));
      member.certificate("skipped", view);
    }
    expect([member.core.view, signed(member.effects)]).toEqual([16, []]);
  });

  it("waits for silent leaders when it is ourselves who hear nobody", () => {
    const member = new Member();
    for (let view = 1; view <= 30; view++) member.certificate("skipped", view);
    expect(signed(member.effects)).toEqual([]);
  });
});

describe("what gets lost is said again", () => {
  it("own votes since the last commit, the proposal, and the certificate that brought us here", () => {
    const member = new Member();
    member.feed({ kind: "workChanged", hasWork: true });
    const block = member.accept(1, "a");
    const moved = member.certificate("prepared", 1, block);
    // Once at once,
    expect(only(moved, "broadcastCertificate")).toHaveLength(1);
    member.elapse("view", 200);
    // and with every retry.
    for (let round = 0; round < 2; round++) {
      const effects = member.elapse("retry", 400);
      const votes = only(effects, "broadcastVote").map(({ vote }) => `${vote.kind} ${vote.view}`);
      expect(votes).toEqual(["prepare 1", "commit 1", "viewChange 2"]);
      expect(only(effects, "broadcastCertificate").map(({ certificate }) => certificate.kind)).toEqual(["prepared"]);
      expect(only(effects, "setTimer").some(({ timer }) => timer === "retry")).toBe(true);
    }
  });

  it("at most of sixteen views, whatever patience has grown to every few message times", () => {
    const member = new Member();
    for (let view = 1; view <= 40; view++) {
      member.vote(leaderOf(member.committee, view) === 3 ? 0 : leaderOf(member.committee, view), "viewChange", view);
      member.elapse("view", 0);
      member.certificate("skipped", view);
    }
    const effects = member.elapse("retry", 400);
    const votes = only(effects, "broadcastVote").map(({ vote }) => vote.view);
    expect(Math.min(...votes)).toBeGreaterThanOrEqual(41 - 16);
    expect(timers(member, "retry").at(-1)?.atMs).toBe(member.nowMs + 4 * 400);
  });

  it("a PREPARED block without its COMMITs asks for another block to bring them along", () => {
    const member = new Member();
    const block = member.accept(2, "b");
    member.certificate("prepared", 2, block);
    expect(only(member.effects, "buildProposal")).toEqual([]);
    const effects = member.elapse("retry", 400);
    expect(only(effects, "buildProposal")).toHaveLength(1);
  });

  it("whoever votes in an old view gets what ended it", () => {
    const member = new Member();
    for (const view of [1, 2, 3]) member.certificate("skipped", view);
    const help = (view: number, kind: "prepare" | "viewChange" = "prepare") =>
      only(member.vote(0, kind, view, kind === "prepare" ? hashOf("a") : ZERO_HASH), "sendCertificate");
    // The first one may just have been on its way; the second is a call for help.
    expect(help(2)).toEqual([]);
    expect(help(2)).toMatchObject([{ to: "0", certificate: { kind: "skipped", view: 2 } }]);
    const certificate = member.makeCertificate("committed", 9, hashOf("i"));
    member.feed({ kind: "committedExternally", certificate, height: 4 });
    expect(help(8)).toEqual([]);
    expect(help(8, "viewChange")).toEqual([{ kind: "sendCertificate", to: "0", certificate }]);
    expect(help(3)).toEqual([{ kind: "sendCertificate", to: "0", certificate }]);
  });
});
