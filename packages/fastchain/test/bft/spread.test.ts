import { totalSeats } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { BftEffect } from "../../src/index.ts";
import { hashOf, Member, only } from "./member.ts";

const WAIT_MS = 100 / 4;
const EVERYONE: readonly string[] = [];

const sent = (effects: readonly BftEffect[]) =>
  only(effects, "broadcastCertificate").map(({ certificate: { kind, view }, except }) => ({
    what: `${kind} ${view}`,
    except: [...except].sort(),
  }));

const wait = (member: Member): readonly BftEffect[] => member.elapse("spread", WAIT_MS);

/** Member 3 holds PREPARED of view 1 by the votes of these and its own. */
function prepared(voters: readonly number[]) {
  const member = new Member();
  const block = member.accept(1, "a");
  const effects = voters.flatMap((voter) => member.vote(voter, "prepare", 1, block));
  return { member, block, effects };
}

describe("a certificate made of votes", () => {
  it("goes at once to peers that do not vote, and nowhere later when everyone has voted", () => {
    const { member, effects } = prepared([0, 1, 2]);
    // The proposal is its leader's vote; the last vote comes after the quorum.
    expect(sent(effects)).toEqual([{ what: "prepared 1", except: ["0", "leader"] }]);
    expect(sent(wait(member))).toEqual([]);
    expect(sent(member.elapse("spread", WAIT_MS))).toEqual([]);
  });

  it("goes to all a moment later, once, when a vote is missing", () => {
    const { member, block } = prepared([0, 1]);
    expect(sent(member.elapse("spread", WAIT_MS - 1))).toEqual([]);
    expect(sent(member.elapse("spread", 1))).toEqual([{ what: "prepared 1", except: EVERYONE }]);
    expect(sent(wait(member))).toEqual([]);
    for (const voter of [0, 1]) member.vote(voter, "commit", 1, block);
    expect(member.core.committedHeight).toBe(1);
    // Nobody has shown that it holds COMMITTED.
    expect(sent(wait(member))).toEqual([{ what: "committed 1", except: EVERYONE }]);
  });

  it("spares who has shown that it holds it", () => {
    const { member, block } = prepared([0, 1]);
    member.vote(0, "commit", 1, block);
    expect(sent(wait(member))).toEqual([{ what: "prepared 1", except: ["0"] }]);
  });

  it("counts seats for its own block only", () => {
    const { member } = prepared([0, 1]);
    member.vote(2, "prepare", 1, hashOf("other"));
    expect(sent(wait(member))).toHaveLength(1);
    expect(totalSeats(member.committee)).toBe(4);
  });

  it("does not wait when somebody was missing the last time, and waits again when nobody was", () => {
    const follower = new Member({ own: null });
    const made = (view: number, voters: readonly number[]) =>
      sent(voters.flatMap((voter) => follower.vote(voter, "prepare", view, hashOf(`${view}`))));
    const someone = { what: "prepared 1", except: ["0", "1", "2"] };
    expect(made(1, [0, 1, 2])).toEqual([someone]);
    expect(made(2, [0, 1, 2, 3])).toEqual([{ what: "prepared 2", except: EVERYONE }]);
    expect(made(3, [0, 1, 2])).toEqual([{ what: "prepared 3", except: ["0", "1", "2", "3"] }]);
    expect(sent(wait(follower)).map(({ what }) => what)).toEqual(["prepared 1", "prepared 3"]);
  });

  it("of a view without a block does not wait: the next leader's time runs", () => {
    const member = new Member();
    expect(sent(member.certificate("skipped", 1))).toEqual([{ what: "skipped 1", except: EVERYONE }]);
    expect(sent(wait(member))).toEqual([]);
  });
});

describe("certificates that wait", () => {
  it("keep the timer of the oldest, and the rest its own time", () => {
    const { member, block } = prepared([0, 1]);
    member.nowMs += 10;
    for (const voter of [0, 1]) member.vote(voter, "commit", 1, block);
    const timers = () => only(member.effects, "setTimer").filter(({ timer }) => timer === "spread");
    expect(timers().map(({ atMs }) => atMs)).toEqual([WAIT_MS]);
    expect(sent(member.elapse("spread", WAIT_MS - 10))).toEqual([{ what: "prepared 1", except: ["0", "1"] }]);
    expect(timers().map(({ atMs }) => atMs)).toEqual([WAIT_MS, WAIT_MS + 10]);
    expect(sent(member.elapse("spread", 10))).toEqual([{ what: "committed 1", except: EVERYONE }]);
  });

  it("are replaced by a later COMMITTED, which is sent once for all", () => {
    const { member } = prepared([0, 1]);
    member.certificate("committed", 3, hashOf("c"));
    member.feed({ kind: "blockFetched", blockHash: hashOf("c"), parentHash: hashOf("a"), height: 2 });
    member.execute(hashOf("c"));
    expect(member.core.committedHeight).toBe(2);
    expect(sent(wait(member))).toEqual([{ what: "committed 3", except: EVERYONE }]);
    expect(sent(wait(member))).toEqual([]);
  });

  it("are sixteen at most: then those that all voted for are forgotten, and the others go out", () => {
    const follower = new Member({ own: null });
    const made = (view: number, voters: readonly number[]) =>
      voters.flatMap((voter) => follower.vote(voter, "prepare", view, hashOf(`${view}`)));
    for (let view = 1; view <= 15; view++) made(view, [0, 1, 2, 3]);
    made(16, [0, 1, 2]);
    expect(sent(follower.effects)).toHaveLength(16);
    expect(sent(follower.certificate("committed", 17, hashOf("17"))).map(({ what }) => what)).toEqual([
      "committed 17",
      "prepared 16",
    ]);
    expect(sent(wait(follower)).map(({ what }) => what)).toEqual(["committed 17"]);
  });

  it("do not wait when the epoch ends with them", () => {
    const member = new Member();
    const message = member.makeProposal(1, "a");
    member.propose(message);
    member.judge(message, "valid");
    member.execute(message.blockHash, "valid", true);
    const effects = member.certificate("committed", 1, message.blockHash);
    expect(only(effects, "epochEnded")).toHaveLength(1);
    expect(sent(effects).at(-1)).toEqual({ what: "committed 1", except: EVERYONE });
    expect(only(effects, "clearTimer").map(({ timer }) => timer)).toContain("spread");
    expect(sent(wait(member))).toEqual([]);
  });
});
