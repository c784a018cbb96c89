import { createMemoryDisk } from "@festina/adapters";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Disk } from "@festina/storage";
import type { Certificate, CertificateKind } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { type ConsensusJournal, type JournalEntry, openJournal } from "../../src/consensus/journal.ts";

/** In these tests a block's first byte is its height. */
const REWRITE_BYTES = 10_000;
const read = (disk: Disk): ConsensusJournal =>
  openJournal(disk, { heightOf: (envelope) => envelope[0] ?? 0, rewriteBytes: REWRITE_BYTES, clearBytes: 0 });

/** As a member does that is going to sign. */
function open(disk: Disk): ConsensusJournal {
  const journal = read(disk);
  journal.begin();
  return journal;
}

function bytesOn(disk: Disk): Uint8Array {
  const file = disk.open("consensus.journal");
  const bytes = file.readAll();
  file.close();
  return bytes;
}

const certificate = (kind: CertificateKind, view: number): Certificate => ({
  kind,
  epoch: 2,
  view,
  blockHash: kind === "skipped" ? ZERO_HASH : (`0x${"ab".repeat(32)}` as Hash32),
  signers: Uint8Array.of(7),
  signature: Uint8Array.of(1, 2, 3),
});
const prepared = (height: number, view: number, size = 4): JournalEntry => {
  const envelope = new Uint8Array(size).fill(height);
  return { kind: "prepared", height, envelope, certificate: certificate("prepared", view) };
};
const skipped = (view: number): JournalEntry => ({ kind: "skipped", certificate: certificate("skipped", view) });

function reopen(disk: Disk): readonly JournalEntry[] {
  const journal = read(disk);
  journal.close();
  return journal.entries;
}

describe("the consensus journal", () => {
  it("gives back what was appended, in order, without having been closed", () => {
    const disk = createMemoryDisk();
    const journal = open(disk);
    const entries = [prepared(9, 4), skipped(5), prepared(10, 6)];
    for (const entry of entries) journal.append(entry);
    expect(reopen(disk)).toEqual(entries);
    journal.close();
  });

  it("forgets blocks that are final, and skipped views below them, but no view that may still be asked for", () => {
    const disk = createMemoryDisk();
    const journal = open(disk);
    journal.append(prepared(9, 4));
    journal.append(skipped(5));
    journal.settled(9, () => undefined);
    expect(reopen(disk)).toEqual([prepared(9, 4), skipped(5)]);
    journal.settled(10, () => undefined);
    expect(reopen(disk)).toEqual([]);
    journal.append(skipped(7));
    expect(reopen(disk)).toEqual([skipped(7)]);
    journal.close();
  });

  it("is emptied only above a size, for each time costs more than the bytes", () => {
    const disk = createMemoryDisk();
    const journal = openJournal(disk, { heightOf: (envelope) => envelope[0] ?? 0, clearBytes: 600 });
    journal.begin();
    journal.append(prepared(9, 4, 200));
    journal.settled(10, () => undefined);
    expect(reopen(disk)).toHaveLength(1);
    journal.append(prepared(11, 5, 400));
    journal.settled(11, () => undefined);
    expect(reopen(disk)).toEqual([]);
    journal.close();
  });

  it("goes on behind what the last run left", () => {
    const disk = createMemoryDisk();
    open(disk).append(prepared(3, 1));
    const journal = open(disk);
    journal.append(skipped(2));
    expect(reopen(disk)).toEqual([prepared(3, 1), skipped(2)]);
    journal.close();
  });

  it("cuts a torn tail", () => {
    const disk = createMemoryDisk();
    open(disk).append(skipped(2));
    const whole = bytesOn(disk);
    open(disk).append(skipped(3));
    disk.replace("consensus.journal", bytesOn(disk).subarray(0, -1));
    expect(open(disk).verdict).toEqual({ kind: "tornTail", offset: whole.length });
    expect(bytesOn(disk)).toEqual(whole);
    expect(reopen(disk)).toEqual([skipped(2)]);
  });

  it("says at each start that its middle is damaged, until it is safe to write again", () => {
    const disk = createMemoryDisk();
    for (const view of [2, 3, 4]) open(disk).append(skipped(view));
    const bytes = bytesOn(disk);
    const second = bytes.length / 3;
    bytes[second + 10] = (bytes[second + 10] ?? 0) ^ 1;
    disk.replace("consensus.journal", bytes);
    const verdict = { kind: "damaged", offset: second, fault: "checksum" };
    read(disk).settled(1_000, () => undefined);
    const journal = read(disk);
    expect(journal.verdict).toEqual(verdict);
    expect(journal.entries).toEqual([skipped(2)]);
    expect(() => journal.append(skipped(9))).toThrow("begun");
    journal.settled(1_000, () => undefined);
    journal.begin();
    journal.append(skipped(9));
    journal.append(skipped(10));
    expect(open(disk).verdict.kind).toBe("clean");
    expect(reopen(disk)).toEqual([skipped(9), skipped(10)]);
  });

  it("says that it is missing until it is begun", () => {
    const disk = createMemoryDisk();
    expect(read(disk).verdict.kind).toBe("missing");
    expect(() => read(disk).append(skipped(1))).toThrow("begun");
    expect(open(disk).verdict.kind).toBe("missing");
    expect(read(disk).verdict.kind).toBe("clean");
  });

  it("stays bounded when a block is always on its way", () => {
    const disk = createMemoryDisk();
    const journal = open(disk);
    const blockBytes = 1_000;
    for (let height = 1; height <= 40; height++) {
      journal.append(prepared(height, height, blockBytes));
      journal.settled(height - 1, () => undefined);
    }
    expect(bytesOn(disk).length).toBeLessThan(REWRITE_BYTES + 2 * blockBytes);
    expect(reopen(disk).at(-1)).toEqual(prepared(40, 40, blockBytes));
    journal.append(skipped(41));
    expect(reopen(disk).at(-1)).toEqual(skipped(41));
    journal.close();
  });
});
