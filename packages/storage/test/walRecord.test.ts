import { concatBytes, createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { crc32c, encodeWalRecord, readWalRecords, type WalRecord } from "../src/index.ts";

const random = createPrng(7);
const records: WalRecord[] = Array.from({ length: 160 }, (_, index) => ({
  type: index % 7,
  payload: random.bytes(random.below(800)),
}));
const encoded = records.map(encodeWalRecord);
const log = concatBytes(...encoded);
const ends = [0];
for (const record of encoded) ends.push((ends.at(-1) ?? 0) + record.length);

describe("write-ahead log", () => {
  it("has the checksum of RFC 3720", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });

  it("survives truncation at every byte of a 64 KiB log", () => {
    expect(log.length).toBeGreaterThan(60 * 1024);
    let whole = 0;
    for (let length = 0; length <= log.length; length++) {
      if (length >= (ends[whole + 1] ?? Number.POSITIVE_INFINITY)) whole++;
      // The tail is what matters; the whole prefix is read at every 97th byte.
      const start = length % 97 === 0 ? 0 : (ends[whole] as number);
      const { records: found, verdict } = readWalRecords(log.subarray(start, length));
      const isEnd = length === ends[whole];
      const expected = isEnd ? { kind: "clean" } : { kind: "tornTail", offset: (ends[whole] as number) - start };
      if (found.length !== (start === 0 ? whole : 0) || verdict.kind !== expected.kind) {
        throw new Error(`cut at ${length}: ${found.length} records, ${JSON.stringify(verdict)}`);
      }
    }
  });

  it("tells a damaged middle from a torn tail", () => {
    for (let position = 0; position < (ends[3] as number); position += 5) {
      const damaged = log.slice();
      damaged[position] = (damaged[position] as number) ^ 0x40;
      const { records: found, verdict } = readWalRecords(damaged);
      expect(verdict.kind).toBe("damaged");
      expect(found.length).toBeLessThan(3);
    }
    const last = log.slice();
    last[log.length - 1] = (last[log.length - 1] as number) ^ 1;
    expect(readWalRecords(last).verdict.kind).toBe("tornTail");
  });
});
