import { bytesToHex } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  certificateHash,
  computeFruitsRoot,
  decodeCertificate,
  decodeFruit,
  decodePrePrepare,
  decodeSnailBlock,
  decodeSnailHeader,
  decodeVote,
  encodeCertificate,
  encodeFruit,
  encodePrePrepare,
  encodeSnailBlock,
  encodeSnailHeader,
  encodeVote,
  faultySeatsMax,
  hashFruit,
  hashSnailHeader,
  quorumSeats,
  type SnailHeader,
  sealHash,
  signerIndexes,
  signersBitmap,
} from "../src/index.ts";
import { address, aSnailHeader, CERTIFICATE, COMMITTEE, hash } from "./samples.ts";

describe("snail header", () => {
  it("flaw 1: every field but the nonce is under the seal", () => {
    const changes: Partial<SnailHeader>[] = [
      { number: 5 },
      { parentHash: hash("f1") },
      { timestamp: 1 },
      { payout: address("f2") },
      { supports: address("f3") },
      { anchorNumber: 13 },
      { anchorHash: hash("f4") },
      { certificateHash: hash("f5") },
      { boundaryHash: hash("f6") },
      { fruitsRoot: hash("f7") },
      { packedFruits: 41 },
      { difficulty: 1_001n },
      { pointerHash: hash("f8") },
      { fruitDifficulty: 101n },
    ];
    const fields = Object.keys(aSnailHeader()).filter((field) => field !== "nonce");
    expect(changes.flatMap(Object.keys).sort()).toEqual(fields.sort());
    const seals = [aSnailHeader(), ...changes.map(aSnailHeader)].map(sealHash);
    expect(new Set(seals).size).toBe(seals.length);
    expect(sealHash(aSnailHeader({ nonce: 1n }))).toBe(sealHash(aSnailHeader()));
    expect(hashSnailHeader(aSnailHeader({ nonce: 1n }))).not.toBe(hashSnailHeader(aSnailHeader()));
  });

  it("gives a fruit and a block of the same header different hashes", () => {
    const header = aSnailHeader();
    expect(hashFruit({ header })).not.toBe(hashSnailHeader(header));
    expect(decodeSnailHeader(encodeSnailHeader(header))).toEqual({ ok: true, value: header });
    expect(decodeFruit(encodeFruit({ header }))).toEqual({ ok: true, value: { header } });
  });
});

describe("snail block", () => {
  const fruits = [{ header: aSnailHeader({ nonce: 1n }) }, { header: aSnailHeader({ nonce: 2n }) }];
  it("survives encoding, with and without certificate", () => {
    for (const certificate of [null, CERTIFICATE]) {
      const block = { header: aSnailHeader(), fruits, certificate };
      expect(decodeSnailBlock(encodeSnailBlock(block))).toEqual({ ok: true, value: block });
    }
    expect(computeFruitsRoot(fruits)).not.toBe(computeFruitsRoot([...fruits].reverse()));
  });
});

describe("votes and certificates", () => {
  const vote = {
    kind: "prepare",
    epoch: 1,
    view: 2,
    blockHash: hash("07"),
    member: 3,
    signature: new Uint8Array(96),
  } as const;
  const message = {
    epoch: 1,
    view: 4,
    blockHash: hash("07"),
    height: 9,
    parentHash: hash("08"),
    parentView: 1,
    parentCertificate: CERTIFICATE,
    skips: [{ ...CERTIFICATE, kind: "skipped", blockHash: hash("00") } as const],
    reveal: new Uint8Array(96),
    envelope: Uint8Array.of(1, 2),
    signature: new Uint8Array(96),
  };

  it("survive encoding", () => {
    expect(decodeVote(encodeVote(vote))).toEqual({ ok: true, value: vote });
    expect(decodeCertificate(encodeCertificate(CERTIFICATE))).toEqual({ ok: true, value: CERTIFICATE });
    expect(decodePrePrepare(encodePrePrepare(message))).toEqual({ ok: true, value: message });
    expect(decodePrePrepare(encodePrePrepare({ ...message, parentCertificate: null, skips: [] })).ok).toBe(true);
  });

  it("have one form only: no block in a VIEW-CHANGE, no trailing zero in a bitmap", () => {
    expect(decodeVote(encodeVote({ ...vote, kind: "viewChange" })).ok).toBe(false);
    expect(decodeVote(encodeVote({ ...vote, blockHash: hash("00") })).ok).toBe(false);
    expect(decodeCertificate(encodeCertificate({ ...CERTIFICATE, signers: Uint8Array.of(1, 0) })).ok).toBe(false);
    expect(decodeCertificate(encodeCertificate({ ...CERTIFICATE, signers: new Uint8Array(0) })).ok).toBe(false);
    expect(certificateHash(CERTIFICATE)).not.toBe(certificateHash({ ...CERTIFICATE, signers: Uint8Array.of(0b1111) }));
  });

  it("hold any set of signers", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(900), { minLength: 1 }), (indexes) => {
        const sorted = [...indexes].sort((a, b) => a - b);
        expect(signerIndexes(signersBitmap(indexes))).toEqual(sorted);
      }),
    );
  });

  it("never throw on garbage", () => {
    const decoders = [
      decodeVote,
      decodeCertificate,
      decodePrePrepare,
      decodeSnailBlock,
      decodeSnailHeader,
      decodeFruit,
    ];
    const good = [encodeVote(vote), encodeCertificate(CERTIFICATE), encodePrePrepare(message)];
    const mutated = fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat(255)).map(([sample, at, value]) => {
      const bytes = sample.slice();
      bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
        for (const decode of decoders) expect(typeof decode(bytes).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
    expect(bytesToHex(encodeVote(vote))).toMatch(/^0xf/);
  });
});

describe("quorum", () => {
  it("is N - f, which intersects in an honest seat for every N", () => {
    for (let seats = 1; seats <= 300; seats++) {
      const [member] = COMMITTEE.members;
      const committee = { ...COMMITTEE, members: member === undefined ? [] : [{ ...member, seats }] };
      const overlap = 2 * quorumSeats(committee) - seats;
      expect(overlap).toBeGreaterThan(faultySeatsMax(committee));
    }
  });
});
