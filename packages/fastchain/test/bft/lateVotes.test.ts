import { signerIndexes } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { hashOf, Member } from "./member.ts";

const BLOCK = hashOf("block");
const VIEW = 1;

/** An onlooker that heard a quorum vote. */
function aWitness(): Member {
  const member = new Member({ own: null });
  for (const voter of [0, 1, 2]) member.vote(voter, "commit", VIEW, BLOCK);
  return member;
}

const signersOf = (member: Member): readonly number[] =>
  signerIndexes(member.core.fullest(member.makeCertificate("committed", VIEW, BLOCK)).signers);

describe("the fullest certificate", () => {
  it("is the given one while nobody else voted", () => {
    expect(signersOf(aWitness())).toEqual([0, 1, 2]);
  });

  it("bears the vote that came after the quorum", () => {
    const member = aWitness();
    member.vote(3, "commit", VIEW, BLOCK);
    expect(signersOf(member)).toEqual([0, 1, 2, 3]);
  });

  it("bears no vote of another kind or for another block", () => {
    const member = aWitness();
    member.vote(3, "prepare", VIEW, BLOCK);
    member.vote(3, "commit", VIEW, hashOf("other"));
    expect(signersOf(member)).toEqual([0, 1, 2]);
  });

  it("bears no forged vote", () => {
    const member = aWitness();
    const { signature } = member.makeVote(3, "commit", VIEW, hashOf("other"));
    const vote = { ...member.makeVote(3, "commit", VIEW, BLOCK), signature };
    member.feed({ kind: "voteReceived", vote, from: "liar" });
    expect(signersOf(member)).toEqual([0, 1, 2]);
  });

  it("is never smaller than the given one, whatever votes are held", () => {
    const member = new Member({ own: null });
    expect(signersOf(member)).toEqual([0, 1, 2]);
    for (const voter of [1, 2, 3]) member.vote(voter, "commit", VIEW, BLOCK);
    expect(signersOf(member)).toEqual([0, 1, 2]);
  });
});
