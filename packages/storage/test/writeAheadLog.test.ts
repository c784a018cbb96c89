import { createMemoryDisk } from "@festina/adapters";
import { concatBytes, createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { type Disk, encodeWalRecord, type WalRecord, WriteAheadLog } from "../src/index.ts";

const NAME = "log";
const random = createPrng(11);
const record = (size: number): WalRecord => ({ type: size % 5, payload: random.bytes(size) });

function diskWith(bytes: Uint8Array): Disk {
  const disk = createMemoryDisk();
  disk.replace(NAME, bytes);
  return disk;
}

function bytesOn(disk: Disk): Uint8Array {
  const file = disk.open(NAME);
  const bytes = file.readAll();
  file.close();
  return bytes;
}

describe("a write-ahead log in a file", () => {
  const records = Array.from({ length: 120 }, () => record(random.below(1_100)));
  const encoded = records.map(encodeWalRecord);
  const whole = concatBytes(...encoded);
  const ends = [0];
  for (const part of encoded) ends.push((ends.at(-1) ?? 0) + part.length);

  it("comes back as the longest whole prefix, cut at any byte of 64 KiB, and is appended to from there", () => {
    expect(whole.length).toBeGreaterThan(60 * 1024);
    const added = record(9);
    let kept = 0;
    for (let length = 0; length <= whole.length; length++) {
      if (length >= (ends[kept + 1] ?? Number.POSITIVE_INFINITY)) kept++;
      // Every cut around a record's border and header, and every 37th elsewhere, where only the tail's length differs.
      if (length - (ends[kept] ?? 0) > 9 && length % 37 !== 0) continue;
      const disk = diskWith(whole.subarray(0, length));
      const log = new WriteAheadLog(disk, NAME);
      if (log.records.length !== kept || log.size !== ends[kept]) throw new Error(`cut at ${length}`);
      if (length % 5 !== 0) continue;
      log.append(added);
      const again = new WriteAheadLog(disk, NAME);
      expect(again.verdict.kind).toBe("clean");
      expect(again.records.at(-1)).toEqual(added);
      expect(again.records.length).toBe(kept + 1);
    }
  });

  it("never gives a record that was not written, whichever bit flips", () => {
    const few = records.filter(({ payload }) => payload.length < 200).slice(0, 6);
    const small = concatBytes(...few.map(encodeWalRecord));
    const lastStart = small.length - encodeWalRecord(few.at(-1) as WalRecord).length;
    for (let position = 0; position < small.length; position++) {
      for (let bit = 0; bit < 8; bit++) {
        const rotten = small.slice();
        rotten[position] = (rotten[position] as number) ^ (1 << bit);
        const { records: found, verdict } = new WriteAheadLog(diskWith(rotten), NAME);
        expect(found).toEqual(few.slice(0, found.length));
        expect(verdict.kind).toBe(position < lastStart ? "damaged" : "tornTail");
      }
    }
  });

  it("keeps a damaged file as it is until it is written anew", () => {
    const rotten = concatBytes(...encoded.slice(0, 3));
    rotten[(ends[1] as number) + 8] = (rotten[(ends[1] as number) + 8] as number) ^ 1;
    const disk = diskWith(rotten);
    const log = new WriteAheadLog(disk, NAME);
    expect(log.verdict).toEqual({ kind: "damaged", offset: ends[1], fault: "checksum" });
    expect(log.records).toEqual(records.slice(0, 1));
    expect(() => log.append(record(3))).toThrow("damage");
    expect(() => log.clear()).toThrow("damage");
    expect(bytesOn(disk)).toEqual(rotten);
    const fresh = record(4);
    log.rewrite([fresh]);
    log.append(fresh);
    expect(new WriteAheadLog(disk, NAME).records).toEqual([fresh, fresh]);
  });

  it("empties", () => {
    const disk = diskWith(whole);
    const log = new WriteAheadLog(disk, NAME);
    log.clear();
    expect(log.size).toBe(0);
    expect(new WriteAheadLog(disk, NAME).records).toEqual([]);
  });
});
