import { createMemoryDisk } from "@festina/adapters";
import { reserveNextView, type SigningRecord, UNKNOWN_BLOCK } from "@festina/fastchain";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Disk } from "@festina/storage";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { CoveredRecord } from "../../src/consensus/coveredRecord.ts";
import {
  type ConsensusJournal,
  type JournalEntry,
  type JournalVerdict,
  openJournal,
} from "../../src/consensus/journal.ts";
import { openRecordFile, provisionSigningRecord } from "../../src/consensus/recordFile.ts";

const FILE = "consensus.journal";
const HEIGHT = 9;
const hash = `0x${"ab".repeat(32)}` as Hash32;
const signedIn = (view: number): SigningRecord => ({
  epoch: 2,
  view,
  proposed: null,
  prepared: hash,
  committed: null,
  viewChanged: false,
});
const coverOf = (view: number): SigningRecord => reserveNextView({ epoch: 2, view });
const block: JournalEntry = {
  kind: "prepared",
  height: HEIGHT,
  envelope: new Uint8Array(20).fill(HEIGHT),
  certificate: {
    kind: "prepared",
    epoch: 2,
    view: 4,
    blockHash: ZERO_HASH,
    signers: Uint8Array.of(7),
    signature: Uint8Array.of(1, 2, 3),
  },
};

interface Opened {
  readonly record: CoveredRecord;
  readonly journal: ConsensusJournal;
}

let disk: Disk;

function open(on: Disk = disk): Opened {
  const journal = openJournal(on, { heightOf: (envelope) => envelope[0] ?? 0, clearBytes: 0 });
  return { journal, record: new CoveredRecord(openRecordFile(on), journal) };
}

function begin(): Opened {
  const opened = open();
  opened.journal.begin();
  return opened;
}

const bytesOf = (name: string): Uint8Array => {
  const file = disk.open(name);
  try {
    return file.readAll().slice();
  } finally {
    file.close();
  }
};

/** The same disk with other bytes in the journal. */
function withJournal(bytes: Uint8Array): { readonly current: SigningRecord; readonly verdict: JournalVerdict["kind"] } {
  const other = createMemoryDisk();
  other.replace("signing.record", bytesOf("signing.record"));
  other.replace(FILE, bytes);
  const { record, journal } = open(other);
  return { current: record.current, verdict: journal.verdict.kind };
}

beforeEach(() => {
  disk = createMemoryDisk();
  provisionSigningRecord(disk);
});

describe("a record that the journal covers", () => {
  it("is found in either file after a restart, the newer one first", () => {
    const { record, journal } = begin();
    record.save(signedIn(4));
    journal.append(block);
    record.reserve(coverOf(4));
    expect(openRecordFile(disk).current).toEqual(signedIn(4));
    expect(open().record.current).toEqual(coverOf(4));
    record.save({ ...coverOf(4), viewChanged: true });
    expect(open().record.current).toEqual({ ...coverOf(4), viewChanged: true });
    record.save(signedIn(7));
    expect(open().record.current).toEqual(signedIn(7));
  });

  it("is in its own file too where nothing was before, so that a lost journal is missed", () => {
    const { record } = begin();
    record.reserve(coverOf(4));
    expect(openRecordFile(disk).current).toEqual(coverOf(4));
  });

  it("is put into its own file before the journal forgets", () => {
    const { record, journal } = begin();
    record.save(signedIn(4));
    journal.append(block);
    record.reserve(coverOf(4));
    let held: SigningRecord | null = null;
    journal.settled(HEIGHT, () => {
      record.secure();
      held = openRecordFile(disk).current;
    });
    expect(held).toEqual(coverOf(4));
    expect(bytesOf(FILE)).toHaveLength(0);
    expect(open().record.current).toEqual(coverOf(4));
  });

  it("is the old or the new one after a crash at any byte, and the new one with the whole of it", () => {
    const { record, journal } = begin();
    record.save(signedIn(3));
    record.reserve(coverOf(3));
    const before = bytesOf(FILE).length;
    journal.append(block);
    record.reserve(coverOf(4));
    const whole = bytesOf(FILE);
    for (let length = before; length <= whole.length; length++) {
      const { current, verdict } = withJournal(whole.subarray(0, length));
      expect([coverOf(3), coverOf(4)]).toContainEqual(current);
      expect(verdict).not.toBe("damaged");
    }
    expect(withJournal(whole).current).toEqual(coverOf(4));
  });

  it("survives a rotten byte, or the journal is known to be damaged", () => {
    const { record, journal } = begin();
    record.save(signedIn(3));
    journal.append(block);
    record.reserve(coverOf(4));
    const whole = bytesOf(FILE);
    for (let at = 0; at < whole.length; at++) {
      const rotten = whole.slice();
      rotten[at] = (rotten[at] ?? 0) ^ 0x10;
      const { current, verdict } = withJournal(rotten);
      expect(verdict === "damaged" || current.prepared === UNKNOWN_BLOCK).toBe(true);
    }
  });
});
