import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { assert, concatBytes, encodeRlp, OperationError, type Result, readRlp } from "@festina/primitives";
import { encodeWalRecord, readWalRecords, type WalRecord } from "@festina/storage";
import { type Certificate, certificateItem, readCertificate } from "@festina/types";

export type JournalEntry =
  /** A block with the certificate that prepared it. */
  | {
      readonly kind: "prepared";
      readonly height: number;
      readonly envelope: Uint8Array;
      readonly certificate: Certificate;
    }
  /** A view that brought no block. */
  | { readonly kind: "skipped"; readonly certificate: Certificate };

/**
 * What this member's signatures stand on and that is not final yet: blocks it has signed a COMMIT for, and what ended the
 * view before each view it signed in. Without it a crash of every member at once could leave all of them bound to a block
 * that nobody holds, or in views between which nobody could show the way: none may vote in an older view again.
 */
export interface ConsensusJournal {
  /** What the last run left, in the order in which it was written. */
  readonly entries: readonly JournalEntry[];
  /** On disk when this returns. */
  append(entry: JournalEntry): void;
  /** Everything up to this height is final. */
  settled(height: number): void;
  close(): void;
}

const PREPARED_RECORD = 1;
const SKIPPED_RECORD = 2;
/** A log that never empties, because a block is always on its way, is rewritten at this size. */
const REWRITE_BYTES = 32 * 1024 * 1024;

function toRecord(entry: JournalEntry): Uint8Array {
  const certificate = certificateItem(entry.certificate);
  return entry.kind === "prepared"
    ? encodeWalRecord({ type: PREPARED_RECORD, payload: encodeRlp([entry.envelope, certificate]) })
    : encodeWalRecord({ type: SKIPPED_RECORD, payload: encodeRlp([certificate]) });
}

function readEntry(record: WalRecord, heightOf: (envelope: Uint8Array) => number): readonly JournalEntry[] {
  const decoded: Result<JournalEntry> = readRlp(record.payload, "journalEntry", (reader): JournalEntry => {
    if (record.type === SKIPPED_RECORD)
      return { kind: "skipped", certificate: reader.list("certificate", readCertificate) };
    reader.expect(record.type === PREPARED_RECORD, "unknown record");
    const envelope = reader.bytes("envelope");
    const certificate = reader.list("certificate", readCertificate);
    return { kind: "prepared", height: heightOf(envelope), envelope, certificate };
  });
  return decoded.ok ? [decoded.value] : [];
}

function readIfPresent(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    return new Uint8Array(0);
  }
}

class JournalFile implements ConsensusJournal {
  readonly entries: readonly JournalEntry[];
  readonly #path: string;
  readonly #rewriteBytes: number;
  #file: number;
  #size: number;
  /** Records that are still needed, with the height whose finality makes them useless. */
  #live: { readonly height: number; readonly record: Uint8Array }[] = [];
  #newest = 0;

  constructor(path: string, entries: readonly JournalEntry[], size: number, rewriteBytes: number) {
    this.#path = path;
    this.#rewriteBytes = rewriteBytes;
    this.entries = entries;
    this.#size = size;
    this.#file = openSync(path, size === 0 ? "w+" : "r+", 0o600);
    ftruncateSync(this.#file, size);
    for (const entry of entries) this.#track(entry, toRecord(entry));
  }

  #track(entry: JournalEntry, record: Uint8Array): void {
    // A skipped view is of no interest once a block above everything that came before it is final.
    const height = entry.kind === "prepared" ? entry.height : this.#newest + 1;
    this.#newest = Math.max(this.#newest, height);
    this.#live.push({ height, record });
  }

  append(entry: JournalEntry): void {
    const record = toRecord(entry);
    const written = writeSync(this.#file, record, 0, record.length, this.#size);
    assert(written === record.length, "a record is written whole");
    fsyncSync(this.#file);
    this.#size += record.length;
    this.#track(entry, record);
  }

  settled(height: number): void {
    this.#newest = Math.max(this.#newest, height);
    this.#live = this.#live.filter((kept) => kept.height > height);
    if (this.#live.length === 0 && this.#size > 0) {
      this.#size = 0;
      ftruncateSync(this.#file, 0);
    } else if (this.#size > this.#rewriteBytes) this.#rewrite();
  }

  /** Beside the old file, which stands until the new one is whole. */
  #rewrite(): void {
    const bytes = concatBytes(...this.#live.map(({ record }) => record));
    const path = `${this.#path}.new`;
    const file = openSync(path, "w+", 0o600);
    writeSync(file, bytes, 0, bytes.length, 0);
    fsyncSync(file);
    renameSync(path, this.#path);
    closeSync(this.#file);
    this.#file = file;
    this.#size = bytes.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** @throws OperationError JOURNAL_DAMAGED when records follow a broken one; a torn tail is what a crash leaves and is cut */
export function openJournalFile(
  path: string,
  heightOf: (envelope: Uint8Array) => number,
  rewriteBytes = REWRITE_BYTES,
): ConsensusJournal {
  const bytes = readIfPresent(path);
  const { records, verdict } = readWalRecords(bytes);
  if (verdict.kind === "damaged") {
    throw new OperationError(
      "JOURNAL_DAMAGED",
      `${path} is damaged at byte ${verdict.offset}: restore it from a copy, or remove it and start as an observer until the next epoch`,
    );
  }
  const size = verdict.kind === "tornTail" ? verdict.offset : bytes.length;
  const entries = records.flatMap((record) => readEntry(record, heightOf));
  return new JournalFile(path, entries, size, rewriteBytes);
}

/** For nodes that keep nothing. */
export function createMemoryJournal(): ConsensusJournal {
  return { entries: [], append: () => undefined, settled: () => undefined, close: () => undefined };
}
