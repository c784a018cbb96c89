import type { SignedRequest } from "@festina/fastchain";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Certificate, CertificateKind } from "@festina/types";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Watch } from "../../src/check/watch.ts";
import { GENESIS_HASH } from "../../src/core/committees.ts";
import { makeStubBlock, type StubBlock, type StubFields } from "../../src/core/stubBlock.ts";

const A = `0x${"aa".repeat(32)}` as Hash32;
const B = `0x${"bb".repeat(32)}` as Hash32;
const FAULTY = 3;
const BOUND = { stoppedMs: 1_000, boundMs: 500, stoppedHeight: 1 };

function aBlock(fields: Partial<StubFields> = {}): StubBlock {
  const usual = { epoch: 0, height: 1, parentHash: GENESIS_HASH, proposer: 0, timeMs: 1 };
  return makeStubBlock({ ...usual, isBoundary: false, hasTrueRoot: true, salt: 0, ...fields });
}

function certificate(kind: CertificateKind, view: number, blockHash: Hash32): Certificate {
  return { kind, epoch: 0, view, blockHash, signers: Uint8Array.of(7), signature: new Uint8Array(16) };
}

const signed = (kind: "prepare" | "commit", view: number, blockHash: Hash32): SignedRequest => ({
  kind,
  epoch: 0,
  view,
  blockHash,
});

describe("the watch", () => {
  let watch: Watch;
  const broken = (): readonly string[] => watch.violations.map(({ invariant }) => invariant);

  beforeEach(() => {
    watch = new Watch(new Set([FAULTY]));
  });

  it("I1: two final blocks at one height, two blocks COMMITTED in one view", () => {
    watch.onFinal(0, aBlock(), null, 1);
    watch.onFinal(1, aBlock(), null, 1);
    expect(broken()).toEqual([]);
    watch.onFinal(2, aBlock({ salt: 1 }), null, 1);
    watch.onCertificate(certificate("committed", 1, A));
    watch.onCertificate(certificate("committed", 1, B));
    expect(broken()).toEqual(["I1", "I1"]);
  });

  it("I2 and I3: a view COMMITTED and SKIPPED, a view with two PREPARED blocks", () => {
    watch.onCertificate(certificate("prepared", 1, A));
    watch.onCertificate(certificate("committed", 1, A));
    watch.onCertificate(certificate("skipped", 2, A));
    expect(broken()).toEqual([]);
    watch.onCertificate(certificate("skipped", 1, A));
    watch.onCertificate(certificate("prepared", 1, B));
    expect(broken().slice(0, 2)).toEqual(["I2", "I3"]);
  });

  it("names who signed both of two certificates that cannot stand beside each other", () => {
    watch.onCertificate(certificate("committed", 1, A));
    watch.onCertificate(certificate("prepared", 1, A));
    watch.onCertificate({ ...certificate("prepared", 1, B), signers: Uint8Array.of(14) });
    watch.onCertificate({ ...certificate("skipped", 1, ZERO_HASH), signers: Uint8Array.of(12) });
    const named = watch.accountability.conflicts.map(({ kinds, signedBoth }) => [...kinds, ...signedBoth]);
    expect(named).toEqual([
      ["prepared", "prepared", 1, 2],
      ["committed", "skipped", 2],
    ]);
  });

  it("I4: a second block, a view that is behind, COMMIT and VIEW-CHANGE; the faulty may", () => {
    for (const index of [0, FAULTY]) {
      watch.onSigned(index, signed("prepare", 2, A));
      watch.onSigned(index, signed("prepare", 2, A));
      watch.onSigned(index, signed("prepare", 2, B));
      watch.onSigned(index, signed("commit", 2, A));
      watch.onSigned(index, { kind: "viewChange", epoch: 0, view: 2 });
      watch.onSigned(index, signed("prepare", 1, A));
    }
    expect(broken()).toEqual(["I4", "I4", "I4"]);
  });

  it("I5: a final block that is gone after a start, a gap; the faulty may forget", () => {
    for (const index of [0, FAULTY]) {
      watch.onFinal(index, aBlock(), null, 1);
      watch.onBoot(index, 0);
    }
    expect(broken()).toEqual(["I5"]);
    watch.onFinal(1, aBlock({ height: 2 }), null, 1);
    expect(broken()).toEqual(["I5", "I5"]);
  });

  it("I6 and I8: a final block with wrong roots, or of another epoch than its parent leaves", () => {
    watch.onFinal(0, aBlock({ hasTrueRoot: false }), null, 1);
    watch.onFinal(0, aBlock({ height: 2, epoch: 1 }), null, 1);
    expect(broken()).toEqual(["I6", "I8"]);
  });

  it("I12: proof against who did not contradict itself, proof that is none; what the faulty say does not count", () => {
    watch.onForged(FAULTY, signed("prepare", 1, A));
    watch.onEvidence(0, [FAULTY], "statements", true);
    expect(broken()).toEqual([]);
    watch.hearsTheFaulty = true;
    watch.onEvidence(0, [FAULTY], "statements", true);
    expect(broken()).toEqual(["I12"]);
    watch.violations.length = 0;
    watch.onForged(FAULTY, signed("prepare", 1, B));
    watch.onEvidence(0, [FAULTY], "statements", true);
    watch.onEvidence(FAULTY, [1], "statements", true);
    expect([broken(), [...watch.accused]]).toEqual([[], [FAULTY]]);
    watch.onEvidence(0, [1], "statements", true);
    watch.onEvidence(0, [FAULTY], "statements", false);
    expect(broken()).toEqual(["I12", "I12"]);
  });

  it("I13: nothing final after the faults, where something must be", () => {
    watch.onFinal(0, aBlock(), null, 900);
    watch.nextFinalMs = null;
    watch.judgeLiveness(BOUND, [0], false);
    expect(broken()).toEqual([]);
    watch.judgeLiveness(BOUND, [0], true);
    expect(broken()).toEqual(["I13"]);
    // Member 1 never got the block that was final when the faults stopped.
    watch.judgeLiveness(BOUND, [0, 1], false);
    expect(broken()).toEqual(["I13", "I13"]);
    watch.onFinal(0, aBlock({ height: 2 }), null, 1_501);
    watch.judgeLiveness(BOUND, [0], true);
    expect(broken()).toEqual(["I13", "I13", "I13"]);
    watch.nextFinalMs = 1_500;
    watch.judgeLiveness(BOUND, [0], true);
    expect(broken()).toEqual(["I13", "I13", "I13"]);
  });

  it("I14: a member that keeps more than it may", () => {
    watch.onHeld(0, { blocks: 40 });
    expect(broken()).toEqual([]);
    watch.onHeld(0, { blocks: 4_000 });
    expect(broken()).toEqual(["I14"]);
    watch.onFiles(0, { chain: 1e9, "signing.record": 8_192, "consensus.journal": 1_000 });
    expect(broken()).toEqual(["I14"]);
    watch.onFiles(0, { "consensus.journal": 1e6 });
    expect(broken()).toEqual(["I14", "I14"]);
  });

  it("I15: blame among the honest, where links are true", () => {
    watch.onBlamed(0, FAULTY, "BLAME_CERTIFICATE");
    watch.onBlamed(FAULTY, 0, "BLAME_CERTIFICATE");
    expect(broken()).toEqual([]);
    watch.onBlamed(0, 1, "BLAME_CERTIFICATE");
    watch.areLinksTrue = false;
    watch.onBlamed(0, 1, "BLAME_CERTIFICATE");
    expect(broken()).toEqual(["I15"]);
  });

  it("tells when, as the run's clock has it", () => {
    watch.nowMs = () => 1_234;
    watch.judgeLiveness(BOUND, [], true);
    expect(watch.violations[0]?.atMs).toBe(1_234);
  });
});
