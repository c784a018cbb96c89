import { describe, expect, it } from "@jest/globals";
import { EMPTY_SIGNING_RECORD, leaderOf } from "../../src/index.ts";
import { BASE, hashOf, Member, only, signed } from "./member.ts";

const A = hashOf("a");
const B = hashOf("b");
const GARBAGE = new Uint8Array(8);

describe("a silent leader", () => {
  /** Views 1 to 11 are skipped; in each the voters prepare something, `early` once in the view that is named. */
  function afterTurns(voters: readonly number[], heardIn: number | null, own: number | null = 3): Member {
    const member = new Member({ own });
    for (let view = 1; view <= 11; view++) {
      for (const voter of voters) member.vote(voter, "prepare", view, hashOf("m"));
      if (view === heardIn) member.vote(0, "prepare", view, hashOf("m"));
      member.certificate("skipped", view);
    }
    return member;
  }

  it("is given up at once in the first view in which it was not heard for two turns", () => {
    const member = afterTurns([1, 2], null);
    expect([member.core.view, leaderOf(member.committee, 12)]).toEqual([12, 0]);
    expect(signed(member.effects)).toEqual(["viewChange 12"]);
    expect(signed(afterTurns([1, 2], 3).effects)).toEqual(["viewChange 12"]);
  });

  it("is waited for when it was heard within two turns, or when it is us who hear too few", () => {
    expect(signed(afterTurns([1, 2], 4).effects)).toEqual([]);
    expect(signed(afterTurns([1], null).effects)).toEqual([]);
    expect(signed(afterTurns([1, 2], null, null).effects)).toEqual([]);
  });

  it("is heard by its proposals too", () => {
    const member = new Member();
    for (let view = 1; view <= 11; view++) {
      for (const voter of [1, 2]) member.vote(voter, "prepare", view, hashOf("m"));
      if (view === 5) member.propose(member.makeProposal(8, "h", { skips: [] }));
      member.certificate("skipped", view);
    }
    expect(signed(member.effects)).toEqual([]);
  });
});

describe("copies of one proposal", () => {
  const bad = (member: Member) => ({ ...member.makeProposal(1, "a"), envelope: GARBAGE });

  it("that differ in anything unsigned are kept, others are not", () => {
    for (const changes of [{ reveal: GARBAGE }, { height: 2 }, { parentHash: B }, { parentView: 1 }, {}]) {
      const member = new Member();
      member.propose(bad(member), "first");
      member.propose({ ...bad(member), ...changes }, "second");
      const effects = member.judge(bad(member), "garbled");
      const isKept = Object.keys(changes).length > 0;
      const blamed = only(effects, "senderBlamed").map(({ from }) => from);
      const isChecked = only(effects, "checkProposal").length > 0;
      expect([blamed.includes("second") || isChecked, isChecked]).toEqual([isKept, "reveal" in changes]);
    }
  });

  it("that cannot be justified are passed over for the next", () => {
    const member = new Member();
    member.propose(bad(member), "first");
    member.propose({ ...bad(member), parentView: 1, envelope: Uint8Array.of(2) }, "second");
    member.propose({ ...bad(member), envelope: Uint8Array.of(3) }, "third");
    const effects = member.judge(bad(member), "garbled");
    expect(only(effects, "senderBlamed").map(({ from }) => from)).toEqual(["first", "second"]);
    expect(only(effects, "checkProposal").map(({ message }) => message.envelope)).toEqual([Uint8Array.of(3)]);
  });
});

describe("what the host says of a proposal", () => {
  it("counts once, and only of what was asked", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    expect(member.judge(message, "valid")).toEqual([]);
    member.propose(message);
    expect(member.judge({ ...message, blockHash: B }, "valid")).toEqual([]);
    expect(member.judge({ ...message, view: 2 }, "valid")).toEqual([]);
    expect(signed(member.judge(message, "valid"))).toEqual(["prepare 1"]);
    expect(member.judge(message, "valid")).toEqual([]);
    expect(member.judge(message, "invalid")).toEqual([]);
  });

  it("of a view that was left brings neither PREPARE nor VIEW-CHANGE", () => {
    for (const verdict of ["valid", "invalid", "unavailable"] as const) {
      const member = new Member();
      const message = member.makeProposal(1, "a");
      member.propose(message);
      member.certificate("skipped", 1);
      const effects = member.judge(message, verdict);
      expect([signed(effects), only(effects, "proposalRefused").length]).toEqual([[], verdict === "invalid" ? 1 : 0]);
    }
  });

  it("is followed in the view after one that was given up", () => {
    const member = new Member();
    expect(signed(member.elapse("view", 1_200))).toEqual(["viewChange 1"]);
    member.certificate("skipped", 1);
    const message = member.makeProposal(2, "b");
    member.propose(message);
    expect(signed(member.judge(message, "valid"))).toEqual(["prepare 2"]);
  });
});

describe("blocks", () => {
  it("that turn out invalid end no view but their own", () => {
    const member = new Member();
    member.certificate("prepared", 5, hashOf("e"));
    member.feed({ kind: "blockFetched", blockHash: hashOf("e"), parentHash: BASE, height: 1 });
    expect(member.execute(hashOf("e"), "invalid")).toEqual([]);
    expect(member.execute(hashOf("unknown"), "valid")).toEqual([]);
  });

  it("that are final, or known already, are not taken again", () => {
    const member = new Member();
    expect(member.feed({ kind: "blockFetched", blockHash: B, parentHash: BASE, height: 0 })).toEqual([]);
    const block = member.accept(1, "a");
    expect(member.feed({ kind: "blockFetched", blockHash: block, parentHash: BASE, height: 1 })).toEqual([]);
    expect(member.execute(block)).toEqual([]);
  });

  it("ask for what they stand on once, however many peers send them", () => {
    const member = new Member();
    const orphan = { blockHash: hashOf("x"), parentHash: hashOf("missing"), height: 5 };
    const first = member.feed({ kind: "blockFetched", ...orphan });
    expect(only(first, "requestBlock")).toEqual([{ kind: "requestBlock", blockHash: hashOf("missing"), from: "" }]);
    expect(member.feed({ kind: "blockFetched", ...orphan })).toEqual([]);
  });

  it("resume only their own descendants", () => {
    const member = new Member();
    member.feed({ kind: "blockFetched", blockHash: hashOf("x"), parentHash: hashOf("missing"), height: 5 });
    member.effects = [];
    member.accept(1, "a");
    expect(only(member.effects, "requestBlock")).toEqual([]);
    const fetched = member.feed({ kind: "blockFetched", blockHash: hashOf("c"), parentHash: A, height: 2 });
    expect(only(fetched, "executeBlock")).toEqual([{ kind: "executeBlock", blockHash: hashOf("c") }]);
  });
});

describe("certificates on their way", () => {
  it("are passed on when they move us, not when they lie behind or came with a proposal", () => {
    const member = new Member();
    const spread = (effects: Parameters<typeof only>[0]) => only(effects, "broadcastCertificate").length;
    expect(spread(member.certificate("skipped", 9))).toBe(1);
    expect(spread(member.certificate("skipped", 9))).toBe(0);
    const behind = member.certificate("skipped", 3);
    expect([spread(behind), only(behind, "viewSkipped")]).toEqual([0, []]);
    expect(spread(member.certificate("committed", 4, A))).toBe(1);
    const other = new Member();
    const effects = other.propose(other.makeProposal(3, "c"));
    expect([other.core.view, spread(effects)]).toEqual([3, 0]);
  });

  it("that we hold make up for a damaged copy in a proposal", () => {
    const member = new Member();
    const parentHash = member.accept(1, "a");
    const parentCertificate = member.makeCertificate("prepared", 1, parentHash);
    member.certificate("prepared", 1, parentHash);
    member.certificate("skipped", 2);
    const shown = {
      parentHash,
      parentView: 1,
      height: 2,
      parentCertificate: { ...parentCertificate, signature: GARBAGE },
      skips: [{ ...member.makeCertificate("skipped", 2), signature: GARBAGE }],
    };
    expect(only(member.propose(member.makeProposal(3, "c", shown)), "checkProposal")).toHaveLength(1);
    // The parent's own view is not one of those between.
    const beyond = { ...shown, skips: [...shown.skips, member.makeCertificate("skipped", 1)] };
    const refused = new Member();
    expect(only(refused.propose(refused.makeProposal(3, "c", beyond), "x"), "senderBlamed")).toHaveLength(1);
  });

  it("that are missing are asked for from the parent's view on", () => {
    const member = new Member();
    const bare = { parentHash: A, parentView: 5, parentCertificate: null, skips: [] };
    expect(only(member.propose(member.makeProposal(8, "h", bare), "eight"), "requestCertificates")).toEqual([
      { kind: "requestCertificates", fromView: 5, toView: 7, from: "eight" },
    ]);
  });

  it("help a laggard: both of a view that has both, COMMITTED alone where there is one", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    member.certificate("prepared", 1, block);
    member.certificate("skipped", 1);
    const help = () => {
      member.vote(0, "prepare", 1, block);
      return only(member.vote(0, "prepare", 1, block), "sendCertificate").map(({ certificate }) => certificate.kind);
    };
    expect(help()).toEqual(["prepared", "skipped"]);
    const other = new Member();
    other.certificate("prepared", 1, hashOf("x"));
    // In our own view a repeated vote is just a repeated vote.
    other.vote(0, "prepare", 1, hashOf("x"));
    expect(other.vote(0, "prepare", 1, hashOf("x"))).toEqual([]);
    const final = new Member();
    final.accept(1, "a");
    final.certificate("prepared", 1, A);
    final.certificate("committed", 1, A);
    for (let round = 0; round < 2; round++) final.vote(0, "prepare", 1, A);
    expect(only(final.effects, "sendCertificate").map(({ certificate }) => certificate.kind)).toEqual(["committed"]);
  });
});

describe("a retry", () => {
  it("repeats what brought us here only while something hangs on it", () => {
    const member = new Member();
    member.certificate("skipped", 1);
    expect(only(member.elapse("retry", 400), "broadcastCertificate")).toEqual([]);
    member.elapse("view", 800);
    const certificates = only(member.elapse("retry", 400), "broadcastCertificate");
    expect(certificates.map(({ certificate }) => `${certificate.kind} ${certificate.view}`)).toEqual(["skipped 1"]);
    const tail = new Member();
    tail.certificate("prepared", 1, tail.accept(1, "a"));
    const open = only(tail.elapse("retry", 400), "broadcastCertificate");
    expect(open.map(({ certificate }) => `${certificate.kind} ${certificate.view}`)).toEqual(["prepared 1"]);
  });

  it("repeats no vote that a final block has settled", () => {
    const member = new Member();
    const block = member.accept(1, "a");
    member.certificate("prepared", 1, block);
    expect(only(member.elapse("retry", 400), "broadcastVote").map(({ vote }) => vote.kind)).toEqual([
      "prepare",
      "commit",
    ]);
    member.certificate("committed", 1, block);
    expect(only(member.elapse("retry", 400), "broadcastVote")).toEqual([]);
  });

  it("asks for the newest certified blocks that are missing, not for older ones", () => {
    const member = new Member();
    for (const [view, name] of [
      [2, "b"],
      [5, "e"],
      [4, "d"],
    ] as const)
      member.certificate("prepared", view, hashOf(name));
    expect(only(member.elapse("retry", 400), "requestBlock").map(({ blockHash }) => blockHash)).toEqual([hashOf("e")]);
  });

  it("does not make an idle leader hurry, and has a leader say its proposal again", () => {
    const leader = new Member({ own: 1 });
    expect(only(leader.elapse("retry", 400), "buildProposal")).toEqual([]);
    leader.feed({ kind: "workChanged", hasWork: true });
    leader.feed({ kind: "proposalBuilt", view: 1, proposal: aProposal("mine") });
    expect(only(leader.elapse("retry", 400), "broadcastPrePrepare").map(({ message }) => message.view)).toEqual([1]);
    const member = new Member();
    member.propose(member.makeProposal(1, "a"));
    expect(only(member.elapse("retry", 400), "broadcastPrePrepare")).toEqual([]);
  });
});

describe("proposing", () => {
  const building = (member: Member) => only(member.effects, "buildProposal");

  it("is for the leader", () => {
    const member = new Member();
    expect(member.feed({ kind: "proposalBuilt", view: 1, proposal: aProposal("a") })).toEqual([]);
    expect(building(new Member({ own: null }))).toEqual([]);
  });

  it("waits on a silent chain until there is work", () => {
    const member = new Member({ own: 1, timing: { heartbeatMs: 0 } });
    member.elapse("retry", 400);
    expect([building(member), only(member.effects, "setTimer").filter(({ timer }) => timer === "propose")]).toEqual([
      [],
      [],
    ]);
    member.feed({ kind: "workChanged", hasWork: true });
    expect(building(member)).toHaveLength(1);
  });

  it("is over in a view that was given up before a restart, and not in the next of ours", () => {
    const given = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 3, viewChanged: true };
    const member = new Member({ record: given });
    for (const view of [1, 2]) member.certificate("skipped", view);
    member.feed({ kind: "workChanged", hasWork: true });
    expect(building(member)).toEqual([]);
    const before = new Member({ record: { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 2, viewChanged: true } });
    for (const view of [1, 2]) before.certificate("skipped", view);
    before.feed({ kind: "workChanged", hasWork: true });
    expect(building(before)).toHaveLength(1);
  });

  it("gives an epoch's last block again, at once, while it is not final", () => {
    const member = new Member();
    const message = member.makeProposal(2, "end");
    member.propose(message);
    member.feed({ kind: "proposalChecked", view: 2, blockHash: message.blockHash, verdict: "valid", isBoundary: true });
    member.execute(message.blockHash, "valid", true);
    member.certificate("prepared", 2, message.blockHash);
    expect(building(member)).toEqual([
      { kind: "buildProposal", view: 3, parentHash: message.blockHash, repropose: message.blockHash },
    ]);
  });
});

function aProposal(name: string) {
  return {
    blockHash: hashOf(name),
    parentHash: BASE,
    height: 1,
    envelope: new Uint8Array(2),
    reveal: new Uint8Array(3),
    isBoundary: false,
  };
}
