import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  accusedMembers,
  accuseLeader,
  accuseMember,
  accuseSigners,
  accuseVoter,
  type Certificate,
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  evidenceEpoch,
  hashEvidence,
  type PrePrepare,
  type SignedStatement,
  STATEMENT_KINDS,
  type StatementKind,
  type Vote,
} from "../src/index.ts";
import { hash } from "./samples.ts";

const signature = (byte: number) => new Uint8Array(96).fill(byte);
const NO_BLOCK = hash("00");
const PLACE = { epoch: 3, view: 7, member: 2 };

function aStatement(kind: StatementKind, block: string, byte = 1): SignedStatement {
  return { kind, blockHash: kind === "viewChange" ? NO_BLOCK : hash(block), signature: signature(byte) };
}

function aCertificate(kind: Certificate["kind"], block: string, signers: number): Certificate {
  const blockHash = kind === "skipped" ? NO_BLOCK : hash(block);
  return { kind, epoch: 3, view: 7, blockHash, signers: Uint8Array.of(signers), signature: signature(signers) };
}

describe("accusations", () => {
  it("arise from two different statements of one kind, and from COMMIT with VIEW-CHANGE; from nothing else", () => {
    for (const first of STATEMENT_KINDS) {
      for (const second of STATEMENT_KINDS) {
        const isGuilty =
          (first === second && first !== "viewChange") ||
          (first === "commit" && second === "viewChange") ||
          (first === "viewChange" && second === "commit");
        const evidence = accuseMember(PLACE, aStatement(first, "0a"), aStatement(second, "0b"));
        expect([first, second, evidence !== null]).toEqual([first, second, isGuilty]);
      }
    }
  });

  it("do not arise from the same statement twice, whatever its signature", () => {
    for (const kind of STATEMENT_KINDS) {
      expect(accuseMember(PLACE, aStatement(kind, "0a", 1), aStatement(kind, "0a", 1))).toBeNull();
      expect(accuseMember(PLACE, aStatement(kind, "0a", 1), aStatement(kind, "0a", 2))).toBeNull();
    }
  });

  it("are of one member, one epoch and one view", () => {
    const vote: Vote = { ...PLACE, ...aStatement("prepare", "0a") } as Vote;
    const other: Vote = { ...vote, blockHash: hash("0b") };
    expect(accuseVoter(vote, other)).not.toBeNull();
    for (const change of [{ epoch: 4 }, { view: 8 }, { member: 3 }])
      expect(accuseVoter(vote, { ...other, ...change })).toBeNull();
    const proposal = { epoch: 3, view: 7, blockHash: hash("0a"), signature: signature(1) } as PrePrepare;
    expect(accuseLeader(2, proposal, { ...proposal, blockHash: hash("0b") })).toEqual(
      accuseMember(PLACE, aStatement("prePrepare", "0a"), aStatement("prePrepare", "0b")),
    );
    expect(accuseLeader(2, proposal, { ...proposal, blockHash: hash("0b"), view: 8 })).toBeNull();
    expect(accuseLeader(2, proposal, { ...proposal, height: 9 })).toBeNull();
  });

  it("name everyone who signed both of two certificates that exclude each other", () => {
    const evidence = accuseSigners(aCertificate("committed", "0a", 0b0111), aCertificate("committed", "0b", 0b1110));
    expect(evidence === null ? [] : accusedMembers(evidence)).toEqual([1, 2]);
    expect(
      accuseSigners(aCertificate("skipped", "0a", 0b0111), aCertificate("committed", "0b", 0b1110)),
    ).not.toBeNull();
    expect(
      accuseSigners(aCertificate("prepared", "0a", 0b0111), aCertificate("prepared", "0b", 0b1110)),
    ).not.toBeNull();
    // A leader of two proposals may make honest members PREPARE one block and COMMIT another; PREPARED blocks may be skipped.
    expect(accuseSigners(aCertificate("prepared", "0a", 0b0111), aCertificate("committed", "0b", 0b1110))).toBeNull();
    expect(accuseSigners(aCertificate("prepared", "0a", 0b0111), aCertificate("skipped", "0b", 0b1110))).toBeNull();
    expect(accuseSigners(aCertificate("skipped", "0a", 0b0111), aCertificate("skipped", "0b", 0b1110))).toBeNull();
    expect(accuseSigners(aCertificate("committed", "0a", 0b0011), aCertificate("committed", "0b", 0b1100))).toBeNull();
  });
});

const SAMPLES: readonly Evidence[] = [
  accuseMember(PLACE, aStatement("prePrepare", "0b"), aStatement("prePrepare", "0a")),
  accuseMember(PLACE, aStatement("viewChange", "00"), aStatement("commit", "0a")),
  accuseSigners(aCertificate("skipped", "00", 0b0111), aCertificate("committed", "0b", 0b1110)),
].filter((evidence) => evidence !== null);

describe("evidence", () => {
  it("survives encoding and is told apart by what was signed, not by the signatures", () => {
    expect(SAMPLES).toHaveLength(3);
    for (const evidence of SAMPLES) {
      expect(decodeEvidence(encodeEvidence(evidence))).toEqual({ ok: true, value: evidence });
      expect(evidenceEpoch(evidence)).toBe(3);
      const resigned = { ...evidence, second: { ...evidence.second, signature: signature(9) } } as Evidence;
      expect(hashEvidence(resigned)).toBe(hashEvidence(evidence));
    }
    expect(new Set(SAMPLES.map(hashEvidence)).size).toBe(3);
  });

  it("has one form: whoever is named first, the bytes are the same", () => {
    const [a, b] = [aStatement("commit", "0a"), aStatement("viewChange", "00")];
    expect(accuseMember(PLACE, a, b)).toEqual(accuseMember(PLACE, b, a));
    for (const evidence of SAMPLES) {
      const swapped = { ...evidence, first: evidence.second, second: evidence.first } as Evidence;
      expect(decodeEvidence(encodeEvidence(swapped)).ok).toBe(false);
    }
  });

  it("does not decode when it proves nothing", () => {
    const [statements, , certificates] = SAMPLES;
    if (statements?.kind !== "statements" || certificates?.kind !== "certificates") throw new Error("samples differ");
    const broken: readonly Evidence[] = [
      { ...statements, second: statements.first },
      { ...statements, member: 5_000 },
      { ...statements, second: { ...statements.second, kind: "prepare" } },
      { ...statements, first: { ...statements.first, signature: new Uint8Array(129) } },
      { ...certificates, second: { ...certificates.second, view: 8 } },
      { ...certificates, second: { ...certificates.second, epoch: 8 } },
      { ...certificates, second: { ...certificates.second, signers: Uint8Array.of(0b0001) } },
      { ...certificates, first: certificates.second },
    ];
    for (const evidence of broken) expect(decodeEvidence(encodeEvidence(evidence)).ok).toBe(false);
  });

  it("never throws on garbage, and what decodes encodes to the same bytes", () => {
    const mutated = fc
      .tuple(fc.constantFrom(...SAMPLES.map(encodeEvidence)), fc.nat(), fc.nat(255))
      .map(([sample, at, value]) => {
        const bytes = sample.slice();
        bytes[at % bytes.length] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
        const decoded = decodeEvidence(bytes);
        if (decoded.ok) expect(encodeEvidence(decoded.value)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
