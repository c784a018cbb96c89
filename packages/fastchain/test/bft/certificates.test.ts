import { type SignatureSuite, signingMessage } from "@festina/crypto";
import { ZERO_HASH } from "@festina/primitives";
import type { Vote } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { VoteKeeper } from "../../src/bft/voteKeeper.ts";
import { joinVotes, leaderOf, verifyCertificate, voteMessage } from "../../src/index.ts";
import { CONTEXT, hashOf, Member } from "./member.ts";
import { mockSuite } from "./mockSuite.ts";

const A = hashOf("a");
const B = hashOf("b");
const GARBAGE = new Uint8Array(8);

/** Counts the expensive calls. */
function countingSuite() {
  const calls = { aggregates: 0, singles: 0 };
  const suite: SignatureSuite = {
    ...mockSuite,
    verify: (...given) => {
      calls.singles += 1;
      return mockSuite.verify(...given);
    },
    verifyAggregate: (...given) => {
      calls.aggregates += 1;
      return mockSuite.verifyAggregate(...given);
    },
  };
  return { suite, calls };
}

describe("certificates", () => {
  it("are verified once, in one context and by one suite", () => {
    const member = new Member();
    const { suite, calls } = countingSuite();
    const certificate = member.makeCertificate("committed", 5, A);
    const verify = (context = CONTEXT, by = suite) => {
      const verified = verifyCertificate(certificate, member.committee, context, by);
      return verified.ok ? calls.aggregates : verified.error.code;
    };
    expect([verify(), verify(), verify({ ...CONTEXT })]).toEqual([1, 1, 1]);
    expect(verify({ ...CONTEXT, chainId: 6n })).toBe("CERTIFICATE_SIGNATURE");
    expect([verify(), verify()]).toEqual([3, 3]);
    expect(verify({ ...CONTEXT, genesisHash: B })).toBe("CERTIFICATE_SIGNATURE");
    expect([verify(), verify()]).toEqual([5, 5]);
    expect(verify(CONTEXT, { ...suite })).toBe(6);
    const other = { ...certificate, signature: new Uint8Array(24) };
    expect(verifyCertificate(other, member.committee, CONTEXT, suite).ok).toBe(false);
  });

  it("of the newest 512 are remembered", () => {
    const member = new Member();
    const { suite, calls } = countingSuite();
    const verify = (view: number) => {
      expect(verifyCertificate(member.makeCertificate("skipped", view), member.committee, CONTEXT, suite).ok).toBe(
        true,
      );
      return calls.aggregates;
    };
    for (let view = 1; view <= 512; view++) verify(view);
    expect(verify(1)).toBe(512);
    expect(verify(513)).toBe(513);
    expect([verify(2), verify(513)]).toEqual([513, 513]);
    expect(verify(1)).toBe(514);
  });

  it("name their epoch, members of the committee, and a quorum", () => {
    const member = new Member();
    const code = (changes: object, context = CONTEXT) => {
      const certificate = { ...member.makeCertificate("committed", 5, A), ...changes };
      const verified = verifyCertificate(certificate, member.committee, context, mockSuite);
      return verified.ok ? "ok" : verified.error.code;
    };
    expect(code({})).toBe("ok");
    expect(code({ epoch: 2 })).toBe("CERTIFICATE_EPOCH");
    expect(code({}, { ...CONTEXT, epoch: 2 })).toBe("CERTIFICATE_EPOCH");
    expect(code({ signers: Uint8Array.of(0x17) })).toBe("CERTIFICATE_SIGNERS");
    expect(code({ signers: Uint8Array.of(0x03) })).toBe("CERTIFICATE_WEIGHT");
    expect(code({ signature: GARBAGE })).toBe("CERTIFICATE_SIGNATURE");
    expect(code({ view: 6 })).toBe("CERTIFICATE_SIGNATURE");
    expect(code({ kind: "prepared" })).toBe("CERTIFICATE_SIGNATURE");
  });

  it("are joined in the members' order", () => {
    const member = new Member();
    const votes = [3, 0, 2].map((voter) => member.makeVote(voter, "commit", 5, A));
    expect(joinVotes(votes, mockSuite)).toEqual(member.makeCertificate("committed", 5, A, [0, 2, 3]));
    expect(joinVotes([], mockSuite)).toBeNull();
    expect(joinVotes(votes, { ...mockSuite, aggregate: () => null })).toBeNull();
  });

  it("of skipped views name no block", () => {
    expect(voteMessage(CONTEXT, "viewChange", 5, A)).toEqual(signingMessage(CONTEXT, "viewChange", 5, null));
    expect(voteMessage(CONTEXT, "commit", 5, A)).toEqual(signingMessage(CONTEXT, "commit", 5, A));
  });
});

describe("counting votes", () => {
  function setUp(seats = [1, 1, 1, 1]) {
    const member = new Member({ seats });
    const { suite, calls } = countingSuite();
    const keeper = new VoteKeeper(member.committee, CONTEXT, suite);
    const add = (voter: number, block = A, from = `${voter}`) =>
      keeper.add(member.makeVote(voter, "prepare", 1, block), from);
    const forge = (voter: number, block = A): Vote => ({
      ...member.makeVote(voter, "prepare", 1, block),
      signature: GARBAGE,
    });
    return { member, suite, calls, keeper, add, forge };
  }

  it("looks at signatures once a quorum is there, all at once, and at none after that", () => {
    const { member, suite, calls, keeper, add } = setUp();
    expect([add(0), add(1)].map(({ certificate }) => certificate)).toEqual([null, null]);
    expect(add(1)).toEqual({ certificate: null, forgeries: [] });
    expect(calls).toEqual({ aggregates: 0, singles: 0 });
    const { certificate, forgeries } = add(3);
    expect(certificate).toEqual(member.makeCertificate("prepared", 1, A, [0, 1, 3]));
    expect(forgeries).toEqual([]);
    expect(add(2)).toEqual({ certificate: null, forgeries: [] });
    expect(calls).toEqual({ aggregates: 1, singles: 0 });
    // What was joined here needs no verification elsewhere.
    if (certificate !== null) expect(verifyCertificate(certificate, member.committee, CONTEXT, suite).ok).toBe(true);
    expect(calls.aggregates).toBe(1);
    expect(keeper.of(1, "prepare", 2)?.member).toBe(2);
  });

  it("joins nothing for which a certificate has come from elsewhere", () => {
    const { keeper, add, calls } = setUp();
    keeper.close(1, "prepare", A);
    for (const voter of [0, 1, 2, 3]) expect(add(voter).certificate).toBeNull();
    expect(calls.aggregates).toBe(0);
  });

  it("counts for each block by itself, and by seats", () => {
    const { add } = setUp([3, 1, 1, 1, 1]);
    add(0, A);
    expect(add(1, B).certificate).toBeNull();
    expect(add(2, A).certificate).toBeNull();
    expect(add(3, A).certificate).not.toBeNull();
  });

  it("finds the forged ones by halves, names who brought them, and goes on with the rest", () => {
    const { member, keeper, add, forge } = setUp([1, 1, 1, 1, 1, 1, 1]);
    keeper.add(forge(1), "x");
    keeper.add(forge(4), "y");
    for (const voter of [0, 2]) add(voter);
    expect(add(3)).toEqual({
      certificate: null,
      forgeries: [
        { member: 1, from: "x" },
        { member: 4, from: "y" },
      ],
    });
    expect(keeper.of(1, "prepare", 1)).toBeUndefined();
    add(5);
    expect(add(6).certificate).toEqual(member.makeCertificate("prepared", 1, A, [0, 2, 3, 5, 6]));
  });

  it("decides contests by signatures", () => {
    const { member, keeper, add, forge, calls } = setUp();
    add(0);
    expect(keeper.contest(member.makeVote(0, "prepare", 1, A))).toBe("repeated");
    expect(calls.singles).toBe(0);
    expect(keeper.contest(forge(0))).toBe("forged");
    expect(keeper.contest(forge(0, B))).toBe("forged");
    expect(keeper.contest(member.makeVote(0, "prepare", 1, B))).toBe("double");
    expect(keeper.contest(member.makeVote(0, "prepare", 1, B))).toBe("repeated");
    keeper.add(forge(1), "x");
    expect(keeper.contest(member.makeVote(1, "prepare", 1, A))).toBe("vacated");
    expect(keeper.of(1, "prepare", 1)).toBeUndefined();
  });

  it("throws out what a member has not signed, and keeps what it has", () => {
    const { member, keeper, add, forge } = setUp();
    add(0);
    keeper.add(forge(1), "x");
    const vote = (voter: number) => member.makeVote(voter, "prepare", 1, A);
    expect([keeper.expelForged(vote(0)), keeper.expelForged(vote(2))]).toEqual([[], []]);
    expect(keeper.expelForged(vote(1))).toEqual([{ member: 1, from: "x" }]);
    expect([keeper.of(1, "prepare", 0)?.member, keeper.of(1, "prepare", 1)]).toEqual([0, undefined]);
  });

  it("adds up who gives a view up, and forgets views below a bound", () => {
    const { member, keeper } = setUp([3, 1, 1, 1]);
    expect([keeper.claimedSeats(1, "viewChange"), keeper.viewChangeSeats(1)]).toEqual([0, { seats: 0, forgeries: [] }]);
    keeper.add(member.makeVote(0, "viewChange", 1), "0");
    keeper.add({ ...member.makeVote(1, "viewChange", 1), signature: GARBAGE }, "x");
    expect(keeper.claimedSeats(1, "viewChange")).toBe(4);
    expect(keeper.viewChangeSeats(1)).toEqual({ seats: 3, forgeries: [{ member: 1, from: "x" }] });
    expect(keeper.claimedSeats(1, "viewChange")).toBe(3);
    keeper.witness(member.makeVote(2, "commit", 2, A), "2");
    keeper.prune(2);
    expect([keeper.size, keeper.of(1, "viewChange", 0), keeper.of(2, "commit", 2)?.blockHash]).toEqual([
      1,
      undefined,
      A,
    ]);
    expect(ZERO_HASH).not.toBe(A);
  });
});

describe("leaders", () => {
  const turns = (seats: readonly number[], views: number) => {
    const { committee } = new Member({ seats });
    return Array.from({ length: views }, (_, index) => leaderOf(committee, index + 1)).join("");
  };

  it("take turns by their seats, spread as evenly as can be; the epoch shifts who begins", () => {
    expect(turns([1, 1, 1, 1], 8)).toBe("12301230");
    expect(turns([2, 2, 2, 2], 8)).toBe("12301230");
    const cycle = "0102000";
    expect(turns([5, 1, 1], 21)).toBe(cycle.repeat(3));
    expect(turns([10, 2, 2], 21)).toBe(cycle.repeat(3));
  });
});
