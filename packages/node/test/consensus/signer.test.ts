import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSigning, EMPTY_SIGNING_RECORD, type SignedRequest, type SigningRecord } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import { afterAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { openRecordFile } from "../../src/consensus/signer.ts";

const folder = mkdtempSync(join(tmpdir(), "festina-signer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = (): string => join(folder, `record-${files++}`);
const hash = (digit: number): Hash32 => `0x${String(digit).repeat(64)}` as Hash32;

/** Saves one after the other, then opens the file as a restarted process does. */
function reopenAfter(records: readonly SigningRecord[]): SigningRecord {
  const path = freshFile();
  const store = openRecordFile(path);
  for (const record of records) store.save(record);
  store.close();
  const again = openRecordFile(path);
  again.close();
  return again.load();
}

describe("the signing record on disk", () => {
  it("is empty in a new file", () => {
    expect(reopenAfter([])).toEqual(EMPTY_SIGNING_RECORD);
  });

  it("remembers the COMMIT that followed a PREPARE of the same view, whichever slot it lies in", () => {
    const prepared = { ...EMPTY_SIGNING_RECORD, view: 42, prepared: hash(1) };
    const committed = { ...prepared, committed: hash(1) };
    const former = { ...EMPTY_SIGNING_RECORD, view: 41, prepared: hash(2) };
    expect(reopenAfter([prepared, committed])).toEqual(committed);
    expect(reopenAfter([former, prepared, committed])).toEqual(committed);
  });

  it("is the last one written, over every sequence that the rules allow", () => {
    const request: fc.Arbitrary<SignedRequest> = fc.record({
      kind: fc.constantFrom("prePrepare", "prepare", "commit", "viewChange"),
      epoch: fc.integer({ min: 0, max: 1 }),
      view: fc.integer({ min: 1, max: 3 }),
      blockHash: fc.integer({ min: 1, max: 2 }).map(hash),
    });
    const property = fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
      const records: SigningRecord[] = [];
      for (const wanted of requests) {
        const checked = checkSigning(records.at(-1) ?? EMPTY_SIGNING_RECORD, wanted);
        if (checked.ok) records.push(checked.value);
      }
      expect(reopenAfter(records)).toEqual(records.at(-1) ?? EMPTY_SIGNING_RECORD);
    });
    fc.assert(property, { numRuns: 60, seed: 5 });
  });

  it("survives the loss of the slot that was being written", () => {
    const path = freshFile();
    const store = openRecordFile(path);
    const first = { ...EMPTY_SIGNING_RECORD, view: 1, prepared: hash(1) };
    store.save(first);
    store.save({ ...first, committed: hash(1) });
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length / 2);
    writeFileSync(path, bytes);
    const again = openRecordFile(path);
    again.close();
    expect(again.load()).toEqual(first);
    bytes.fill(0xff);
    writeFileSync(path, bytes);
    expect(() => openRecordFile(path)).toThrow(expect.objectContaining({ code: "SIGNING_RECORD_DAMAGED" }));
  });
});
