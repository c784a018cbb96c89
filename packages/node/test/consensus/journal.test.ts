import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Certificate, CertificateKind } from "@festina/types";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type ConsensusJournal, type JournalEntry, openJournalFile } from "../../src/consensus/journal.ts";

const folder = mkdtempSync(join(tmpdir(), "festina-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = (): string => join(folder, `journal-${files++}`);
/** In these tests a block's first byte is its height. */
const REWRITE_BYTES = 10_000;
const open = (path: string): ConsensusJournal => openJournalFile(path, (envelope) => envelope[0] ?? 0, REWRITE_BYTES);

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

function reopen(path: string): readonly JournalEntry[] {
  const journal = open(path);
  journal.close();
  return journal.entries;
}

describe("the consensus journal", () => {
  it("gives back what was appended, in order, without having been closed", () => {
    const path = freshFile();
    const journal = open(path);
    const entries = [prepared(9, 4), skipped(5), prepared(10, 6)];
    for (const entry of entries) journal.append(entry);
    expect(reopen(path)).toEqual(entries);
    journal.close();
  });

  it("forgets blocks that are final, and skipped views below them, but no view that may still be asked for", () => {
    const path = freshFile();
    const journal = open(path);
    journal.append(prepared(9, 4));
    journal.append(skipped(5));
    journal.settled(9);
    expect(reopen(path)).toEqual([prepared(9, 4), skipped(5)]);
    journal.settled(10);
    expect(reopen(path)).toEqual([]);
    journal.append(skipped(7));
    expect(reopen(path)).toEqual([skipped(7)]);
    journal.close();
  });

  it("goes on behind what the last run left", () => {
    const path = freshFile();
    open(path).append(prepared(3, 1));
    const journal = open(path);
    journal.append(skipped(2));
    expect(reopen(path)).toEqual([prepared(3, 1), skipped(2)]);
    journal.close();
  });

  it("cuts a torn tail and refuses a damaged middle", () => {
    const path = freshFile();
    open(path).append(skipped(2));
    const whole = statSync(path).size;
    open(path).append(skipped(3));
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, -1));
    expect(reopen(path)).toEqual([skipped(2)]);
    expect(statSync(path).size).toBe(whole);
    appendFileSync(path, bytes.subarray(whole));
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: "JOURNAL_DAMAGED" }));
  });

  it("stays bounded when a block is always on its way", () => {
    const path = freshFile();
    const journal = open(path);
    const blockBytes = 1_000;
    for (let height = 1; height <= 40; height++) {
      journal.append(prepared(height, height, blockBytes));
      journal.settled(height - 1);
    }
    expect(statSync(path).size).toBeLessThan(REWRITE_BYTES + 2 * blockBytes);
    expect(reopen(path).at(-1)).toEqual(prepared(40, 40, blockBytes));
    journal.append(skipped(41));
    expect(reopen(path).at(-1)).toEqual(skipped(41));
    journal.close();
  });
});
