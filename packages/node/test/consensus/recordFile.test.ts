import { createMemoryDisk } from "@festina/adapters";
import { checkSigning, EMPTY_SIGNING_RECORD, type SignedRequest, type SigningRecord } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Disk } from "@festina/storage";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { openRecordFile, provisionSigningRecord } from "../../src/consensus/recordFile.ts";

const NAME = "signing.record";
const hash = (digit: number): Hash32 => `0x${String(digit).repeat(64)}` as Hash32;

/** A disk on which these records were saved one after the other by a process that is gone. */
function diskAfter(records: readonly SigningRecord[]): Disk {
  const disk = createMemoryDisk();
  provisionSigningRecord(disk);
  const store = openRecordFile(disk);
  for (const record of records) store.save(record);
  store.close();
  return disk;
}

function fileOn(disk: Disk): Uint8Array {
  const file = disk.open(NAME);
  const bytes = file.readAll();
  file.close();
  return bytes;
}

const prepared = { ...EMPTY_SIGNING_RECORD, view: 42, prepared: hash(1) };
const committed = { ...prepared, committed: hash(1) };
const former = { ...EMPTY_SIGNING_RECORD, view: 41, prepared: hash(2) };

describe("the signing record on disk", () => {
  it("is empty for a key that has signed nothing, and missing for a key whose record was lost", () => {
    expect(openRecordFile(diskAfter([]))).toMatchObject({ state: "whole", current: EMPTY_SIGNING_RECORD });
    const disk = createMemoryDisk();
    const store = openRecordFile(disk);
    expect(store.state).toBe("missing");
    expect(openRecordFile(disk).state).toBe("missing");
    store.save(prepared);
    expect(store.state).toBe("whole");
    expect(openRecordFile(disk)).toMatchObject({ state: "whole", current: prepared });
    provisionSigningRecord(disk);
    expect(openRecordFile(disk).current).toEqual(prepared);
  });

  it("remembers the COMMIT that followed a PREPARE of the same view, whichever slot it lies in", () => {
    expect(openRecordFile(diskAfter([prepared, committed])).current).toEqual(committed);
    expect(openRecordFile(diskAfter([former, prepared, committed])).current).toEqual(committed);
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
      const reopened = openRecordFile(diskAfter(records));
      expect(reopened.current).toEqual(records.at(-1) ?? EMPTY_SIGNING_RECORD);
      expect(reopened.state).toBe("whole");
    });
    fc.assert(property, { numRuns: 60, seed: 5 });
  });

  it("is the new one or the one before it, wherever a write is torn", () => {
    const before = fileOn(diskAfter([former, prepared]));
    const after = fileOn(diskAfter([former, prepared, committed]));
    const seen = new Set<string>();
    for (let cut = 0; cut <= before.length; cut++) {
      // A slot's bytes beyond its two copies are zero before and after.
      if (cut % 2_048 > 200) continue;
      const torn = before.slice();
      torn.set(after.subarray(0, cut));
      const disk = createMemoryDisk();
      disk.replace(NAME, torn);
      const store = openRecordFile(disk);
      expect(store.state).toBe("whole");
      expect([prepared, committed]).toContainEqual(store.current);
      seen.add(store.current.committed === null ? "old" : "new");
    }
    expect(seen.size).toBe(2);
  });

  it("loses nothing to one rotten byte", () => {
    const whole = fileOn(diskAfter([former, prepared, committed]));
    for (let position = 0; position < whole.length; position++) {
      if (position % 2_048 > 200) continue;
      const rotten = whole.slice();
      rotten[position] = (rotten[position] as number) ^ 0x10;
      const disk = createMemoryDisk();
      disk.replace(NAME, rotten);
      expect(openRecordFile(disk)).toMatchObject({ state: "whole", current: committed });
    }
  });

  it("is called damaged when a whole slot is gone, and again at the next start, until it is saved anew", () => {
    for (const lost of [0, 1]) {
      const disk = diskAfter([former, prepared, committed]);
      const rotten = fileOn(disk);
      rotten.fill(0xff, lost * 4_096, (lost + 1) * 4_096);
      disk.replace(NAME, rotten);
      expect(openRecordFile(disk).state).toBe("damaged");
      const store = openRecordFile(disk);
      expect(store.state).toBe("damaged");
      expect([prepared, committed]).toContainEqual(store.current);
      const next = { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 1, viewChanged: true };
      store.save(next);
      expect(openRecordFile(disk)).toMatchObject({ state: "whole", current: next });
    }
    const disk = createMemoryDisk();
    disk.replace(NAME, new Uint8Array(100).fill(1));
    expect(openRecordFile(disk)).toMatchObject({ state: "damaged", current: EMPTY_SIGNING_RECORD });
  });
});
