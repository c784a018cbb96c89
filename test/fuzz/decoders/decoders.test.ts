import { describe, expect, it } from "@jest/globals";
import { type Finding, fuzzBatch, nothingCounted } from "./fuzzDecoders.ts";
import { ofBytes } from "./subject.ts";
import { SUBJECTS } from "./subjects.ts";

const BATCHES = 20;

function fuzz(subjects: typeof SUBJECTS, batches: number) {
  const counts = nothingCounted();
  const findings: Finding[] = [];
  for (let batch = 0; batch < batches; batch++)
    fuzzBatch(subjects, 1, batch, counts, (finding) => findings.push(finding));
  return { counts, findings };
}

describe("decoders", () => {
  it("take their own valid encodings", () => {
    for (const { name, seeds, decode } of SUBJECTS)
      for (const seed of seeds) {
        const isProof = name === "proven state chunk";
        expect([name, decode(seed as never).ok]).toEqual([name, !isProof]);
      }
  });

  it("answer every changed encoding, in time, and take one form of each value", () => {
    const { counts, findings } = fuzz(SUBJECTS, BATCHES);
    expect(findings).toEqual([]);
    expect(counts.inputs).toBeGreaterThan(0.95 * BATCHES * 1_000);
    // Changes that only ever break the form would prove little.
    expect(counts.accepted).toBeGreaterThan(counts.inputs / 50);
  });

  it("are seen when they throw, and when they take two forms of a value", () => {
    const seed = Uint8Array.of(0xc2, 1, 2);
    const throwing = ofBytes("throwing", [seed], (bytes) => {
      if (bytes[0] !== 0xc2) throw new RangeError("no list");
      return { ok: true, value: bytes };
    });
    const lax = ofBytes(
      "lax",
      [seed],
      (bytes) => ({ ok: true, value: bytes }),
      () => seed,
    );
    const { findings } = fuzz([throwing, lax], 1);
    const faultsOf = (name: string) => findings.filter(({ subject }) => subject === name).map(({ fault }) => fault);
    expect(faultsOf("throwing")[0]).toContain("no list");
    expect(faultsOf("lax")[0]).toBe("what decodes encodes to other bytes");
    // The same seed, the same inputs.
    expect(fuzz([throwing, lax], 1).findings.map(({ input }) => input)).toEqual(findings.map(({ input }) => input));
  });
});
