import { accuseSigners, type Committee, type Evidence, type StatementEvidence } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { verifyEvidence } from "../../src/index.ts";
import { aSpec, CHAIN_ID, OWNERS, testSuite } from "../chain/members.ts";
import { aHash, certify, doubleCommit, doubleVote, sayAs } from "./guilt.ts";

const COMMITTEE: Committee = { epoch: 4, members: aSpec().genesisValidators };
const SIGNING = { chainId: CHAIN_ID, genesisHash: aHash("99") };
const CONTEXT = { ...SIGNING, epoch: 4 };

const verify = (evidence: Evidence, committee = COMMITTEE, context = CONTEXT) => {
  const verified = verifyEvidence(evidence, committee, context, testSuite);
  return verified.ok ? verified.value : verified.error.code;
};

describe("verifyEvidence", () => {
  it("convicts whoever signed two proposals, two PREPAREs, two COMMITs, or COMMIT and VIEW-CHANGE", () => {
    for (const kind of ["prePrepare", "prepare", "commit"] as const)
      expect(verify(doubleVote(2, COMMITTEE, SIGNING, 7, kind))).toEqual([OWNERS[2]]);
    const both = {
      kind: "statements",
      epoch: 4,
      view: 7,
      member: 1,
      first: sayAs(1, COMMITTEE, SIGNING, 7, "commit", aHash("0a")),
      second: sayAs(1, COMMITTEE, SIGNING, 7, "viewChange"),
    } as const;
    expect(verify(both)).toEqual([OWNERS[1]]);
  });

  it("convicts everybody in both of two conflicting certificates, and nobody else", () => {
    expect(verify(doubleCommit(COMMITTEE, SIGNING))).toEqual([OWNERS[1], OWNERS[2]]);
    const skipped = accuseSigners(
      certify(COMMITTEE, SIGNING, "committed", [0, 1, 2], aHash("0a")),
      certify(COMMITTEE, SIGNING, "skipped", [0, 2, 3], aHash("00")),
    );
    expect(skipped === null ? [] : verify(skipped)).toEqual([OWNERS[0], OWNERS[2]]);
  });

  it("does not take another chain's, epoch's, view's or member's signatures", () => {
    const good = doubleVote(2, COMMITTEE, SIGNING) as StatementEvidence;
    expect(verify(good, COMMITTEE, { ...CONTEXT, chainId: 7n })).toBe("EVIDENCE_SIGNATURE");
    expect(verify(good, COMMITTEE, { ...CONTEXT, genesisHash: aHash("98") })).toBe("EVIDENCE_SIGNATURE");
    expect(verify({ ...good, view: 2 })).toBe("EVIDENCE_SIGNATURE");
    expect(verify({ ...good, member: 1 })).toBe("EVIDENCE_SIGNATURE");
    expect(verify({ ...good, member: 4 })).toBe("EVIDENCE_MEMBER");
    expect(verify(good, { ...COMMITTEE, epoch: 5 })).toBe("EVIDENCE_EPOCH");
    expect(verify(good, { ...COMMITTEE, epoch: 5 }, { ...CONTEXT, epoch: 5 })).toBe("EVIDENCE_EPOCH");
    // A kind's signature is no other kind's.
    expect(
      verify({ ...good, first: { ...good.first, kind: "commit" }, second: { ...good.second, kind: "commit" } }),
    ).toBe("EVIDENCE_SIGNATURE");
  });

  it("wants both signatures, and certificates of a whole quorum", () => {
    const good = doubleVote(2, COMMITTEE, SIGNING) as StatementEvidence;
    const damaged = { ...good.second, signature: good.first.signature };
    expect(verify({ ...good, second: damaged })).toBe("EVIDENCE_SIGNATURE");
    const few = accuseSigners(
      certify(COMMITTEE, SIGNING, "committed", [1, 2], aHash("0a")),
      certify(COMMITTEE, SIGNING, "committed", [1, 2, 3], aHash("0b")),
    );
    expect(few === null ? null : verify(few)).toBe("EVIDENCE_SIGNATURE");
  });
});
