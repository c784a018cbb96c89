import { keccak256 } from "@festina/crypto";
import { type Address, bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Vote, VoteKind } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  EMPTY_SIGNING_RECORD,
  leaderOf,
  voteMessage,
} from "../../src/index.ts";
import { GENESIS } from "./host.ts";
import { mockSuite } from "./mockSuite.ts";
import { TIMING } from "./network.ts";

const OWN = 0;
const BLOCK = `0x${"b1".repeat(32)}` as Hash32;
const context = { chainId: 5n, genesisHash: GENESIS, epoch: 1 };
const keys = [0, 1, 2, 3].map((member) => keccak256(Uint8Array.of(9, member)));
const committee = {
  epoch: 1,
  members: keys.map((key, member) => {
    const address = `0x${(member + 1).toString(16).padStart(40, "0")}` as Address;
    return { address, payout: address, publicKey: bytesToHex(mockSuite.publicKey(key)), seats: 1 };
  }),
};

/** A core of which each input is answered like a host without blocks would. */
class Member {
  readonly effects: BftEffect[] = [];
  readonly #core = new BftCore({
    context,
    committee,
    suite: mockSuite,
    timing: TIMING,
    ownMember: OWN,
    committed: { hash: GENESIS, height: 0, view: 0, certificate: null },
    record: EMPTY_SIGNING_RECORD,
  });

  feed(input: BftInput): void {
    for (const effect of this.#core.step(input)) {
      this.effects.push(effect);
      if (effect.kind !== "sign" || effect.request.kind === "prePrepare") continue;
      const { kind, view } = effect.request;
      const hash = effect.request.kind === "viewChange" ? ZERO_HASH : effect.request.blockHash;
      this.feed({
        kind: "signed",
        request: effect.request,
        signature: aVote(OWN, kind, view, hash).signature,
        nowMs: 0,
      });
    }
  }

  hear(vote: Vote): void {
    this.feed({ kind: "voteReceived", vote, from: "x", nowMs: 0 });
  }

  get viewsGivenUp(): readonly number[] {
    return this.effects.flatMap((effect) =>
      effect.kind === "broadcastVote" && effect.vote.kind === "viewChange" ? [effect.vote.view] : [],
    );
  }
}

function aVote(member: number, kind: VoteKind, view: number, blockHash: Hash32): Vote {
  const signature = mockSuite.sign(keys[member] as Uint8Array, voteMessage(context, kind, view, blockHash));
  return { kind, epoch: 1, view, blockHash, member, signature };
}

const forged = (vote: Vote): Vote => ({ ...vote, signature: new Uint8Array(vote.signature.length) });

describe("a forged vote that seems to complete a quorum", () => {
  it("accuses nobody of COMMIT and VIEW-CHANGE", () => {
    const member = new Member();
    member.feed({ kind: "started", nowMs: 0 });
    member.feed({ kind: "timerElapsed", timer: "view", view: 1, nowMs: 0 });
    expect(member.viewsGivenUp).toEqual([1]);
    member.hear(aVote(1, "viewChange", 1, ZERO_HASH));
    member.hear(aVote(2, "commit", 1, BLOCK));
    member.hear(forged(aVote(2, "viewChange", 1, ZERO_HASH)));
    expect(member.effects.map(({ kind }) => kind)).toContain("senderBlamed");
    expect(member.effects.map(({ kind }) => kind)).not.toContain("misbehaviourSeen");
  });

  it("and in the leader's name does not make others give up", () => {
    const member = new Member();
    member.feed({ kind: "started", nowMs: 0 });
    const leader = leaderOf(committee, 2);
    const others = [1, 2, 3].filter((index) => index !== leader);
    expect(others).toHaveLength(2);
    // Of a view to come nothing is verified yet; the leader's own would complete the quorum.
    for (const other of others) member.hear(forged(aVote(other, "viewChange", 2, ZERO_HASH)));
    for (const other of [1, 2, 3]) member.hear(aVote(other, "viewChange", 1, ZERO_HASH));
    expect(member.viewsGivenUp).toEqual([1]);
    member.hear(forged(aVote(leader, "viewChange", 2, ZERO_HASH)));
    expect(member.viewsGivenUp).toEqual([1]);
  });

  it("and contradicts a COMMIT of the leader does not make others give up", () => {
    const member = new Member();
    member.feed({ kind: "started", nowMs: 0 });
    const leader = leaderOf(committee, 1);
    member.hear(aVote(leader, "commit", 1, BLOCK));
    member.hear(forged(aVote(leader, "viewChange", 1, ZERO_HASH)));
    expect(member.viewsGivenUp).toEqual([]);
    expect(member.effects.map(({ kind }) => kind)).toContain("senderBlamed");
  });
});

describe("a forged vote in a member's own name", () => {
  it("neither takes the place of its own vote nor is repeated by it", () => {
    const member = new Member();
    member.feed({ kind: "started", nowMs: 0 });
    member.hear(forged(aVote(OWN, "viewChange", 1, ZERO_HASH)));
    member.feed({ kind: "timerElapsed", timer: "view", view: 1, nowMs: 0 });
    member.feed({ kind: "timerElapsed", timer: "retry", view: 1, nowMs: 0 });
    const own = aVote(OWN, "viewChange", 1, ZERO_HASH);
    const sent = member.effects.flatMap((effect) => (effect.kind === "broadcastVote" ? [effect.vote] : []));
    expect(sent).toEqual([own, own]);
    member.hear(aVote(1, "viewChange", 1, ZERO_HASH));
    member.hear(aVote(2, "viewChange", 1, ZERO_HASH));
    expect(member.effects.map(({ kind }) => kind)).toContain("viewSkipped");
  });
});
