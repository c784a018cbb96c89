import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { encodeRlp, OperationError, type Result, readRlp } from "@festina/primitives";
import { encodeWalRecord, readWalRecords } from "@festina/storage";
import { type Certificate, certificateItem, readCertificate } from "@festina/types";

/** A block with the certificate that prepared it. */
export interface JournalEntry {
  readonly height: number;
  readonly envelope: Uint8Array;
  readonly prepared: Certificate;
}

/**
 * Blocks this member has signed a COMMIT for and that are not final yet. Without them a crash of every member at once
 * could leave all of them bound to a block that nobody holds: none may change the view any more (rule S3), and none
 * could ever execute it.
 */
export interface ConsensusJournal {
  /** What the last run left. */
  readonly entries: readonly JournalEntry[];
  /** On disk when this returns. */
  append(entry: JournalEntry): void;
  /** Everything up to this height is final. */
  settled(height: number): void;
  close(): void;
}

const PREPARED_RECORD = 1;

function encodeEntry({ envelope, prepared }: JournalEntry): Uint8Array {
  return encodeRlp([envelope, certificateItem(prepared)]);
}

function decodeEntry(payload: Uint8Array): Result<Omit<JournalEntry, "height">, "DECODE_INVALID"> {
  return readRlp(payload, "journalEntry", (reader) => ({
    envelope: reader.bytes("envelope"),
    prepared: reader.list("prepared", readCertificate),
  }));
}

/** @throws OperationError JOURNAL_DAMAGED when records follow a broken one; a torn tail is what a crash leaves and is cut */
export function openJournalFile(path: string, heightOf: (envelope: Uint8Array) => number): ConsensusJournal {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    bytes = new Uint8Array(0);
  }
  const { records, verdict } = readWalRecords(bytes);
  if (verdict.kind === "damaged") {
    throw new OperationError(
      "JOURNAL_DAMAGED",
      `${path} is damaged at byte ${verdict.offset}: restore it from a copy, or remove it and start as an observer until the next epoch`,
    );
  }
  const entries = records.flatMap(({ type, payload }) => {
    const entry = decodeEntry(payload);
    return type === PREPARED_RECORD && entry.ok ? [{ ...entry.value, height: heightOf(entry.value.envelope) }] : [];
  });
  const file = openSync(path, bytes.length === 0 ? "w+" : "r+", 0o600);
  let size = verdict.kind === "tornTail" ? verdict.offset : bytes.length;
  ftruncateSync(file, size);
  let newest = entries.reduce((highest, { height }) => Math.max(highest, height), 0);
  return {
    entries,
    append: (entry) => {
      const record = encodeWalRecord({ type: PREPARED_RECORD, payload: encodeEntry(entry) });
      writeSync(file, record, 0, record.length, size);
      fsyncSync(file);
      size += record.length;
      newest = Math.max(newest, entry.height);
    },
    settled: (height) => {
      if (height < newest || size === 0) return;
      size = 0;
      ftruncateSync(file, 0);
    },
    close: () => closeSync(file),
  };
}

/** For nodes that keep nothing. */
export function createMemoryJournal(): ConsensusJournal {
  return { entries: [], append: () => undefined, settled: () => undefined, close: () => undefined };
}
