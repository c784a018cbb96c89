import { decodeSigningRecord, encodeSigningRecord, type SigningRecord } from "@festina/fastchain";
import { assert, encodeRlp, type Result, readRlp } from "@festina/primitives";
import { type Disk, type WalRecord, type WalVerdict, WriteAheadLog } from "@festina/storage";
import { type Certificate, certificateItem, decodeFastBlock, readCertificate } from "@festina/types";

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
  readonly verdict: JournalVerdict;
  /** The newest record that was written with them. */
  readonly covered: SigningRecord | null;
  /** To be called before the first signature: from then on a missing file is a lost one. @throws OperationError */
  begin(): void;
  /** On disk with the next `flush` or `cover`. @throws OperationError; then nothing may be appended any more */
  append(entry: JournalEntry): void;
  /** On disk, with all that was appended, when this returns. @throws OperationError; then nothing may be appended any more */
  cover(record: SigningRecord): void;
  /** @throws OperationError; then nothing may be appended any more */
  flush(): void;
  /** Everything up to this height is final. `beforeForgetting` is called before records that were covered are dropped. */
  settled(height: number, beforeForgetting: () => void): void;
  close(): void;
}

export type JournalVerdict = WalVerdict | { readonly kind: "missing" };

export interface JournalOptions {
  /** Of an encoded block. */
  readonly heightOf?: (envelope: Uint8Array) => number;
  /** A log that never empties, because a block is always on its way, is rewritten at this size. */
  readonly rewriteBytes?: number;
  /** A log in which nothing is needed any more is emptied above this size. */
  readonly clearBytes?: number;
}

const FILE_NAME = "consensus.journal";
const PREPARED_RECORD = 1;
const SKIPPED_RECORD = 2;
/** Two in a row: a rotten byte in one is either healed by the other or known to be damage. */
const COVER_RECORD = 3;
const REWRITE_BYTES = 32 * 1024 * 1024;
const CLEAR_BYTES = 256 * 1024;

function toRecord(entry: JournalEntry): WalRecord {
  const certificate = certificateItem(entry.certificate);
  return entry.kind === "prepared"
    ? { type: PREPARED_RECORD, payload: encodeRlp([entry.envelope, certificate]) }
    : { type: SKIPPED_RECORD, payload: encodeRlp([certificate]) };
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

function readCover({ type, payload }: WalRecord): readonly SigningRecord[] {
  const decoded = type === COVER_RECORD ? decodeSigningRecord(payload) : null;
  return decoded?.ok ? [decoded.value] : [];
}

class LoggedJournal implements ConsensusJournal {
  readonly entries: readonly JournalEntry[];
  readonly verdict: JournalVerdict;
  readonly covered: SigningRecord | null;
  readonly #disk: Disk;
  /** `null` while there is no file. */
  #log: WriteAheadLog | null;
  readonly #rewriteBytes: number;
  readonly #clearBytes: number;
  /** Records that are still needed, with the height whose finality makes them useless. */
  #live: { readonly height: number; readonly record: WalRecord }[] = [];
  #newest = 0;
  /** Behind damage nothing is written: once signing is safe again, the log begins afresh. */
  #isDamaged: boolean;
  /** Written to since the last flush. */
  #isDirty = false;

  constructor(disk: Disk, options: JournalOptions) {
    this.#disk = disk;
    this.#log = disk.exists(FILE_NAME) ? new WriteAheadLog(disk, FILE_NAME) : null;
    this.verdict = this.#log?.verdict ?? { kind: "missing" };
    this.#rewriteBytes = options.rewriteBytes ?? REWRITE_BYTES;
    this.#clearBytes = options.clearBytes ?? CLEAR_BYTES;
    this.#isDamaged = this.verdict.kind === "damaged";
    // Records only become newer.
    this.covered = (this.#log?.records ?? []).flatMap(readCover).at(-1) ?? null;
    this.entries = (this.#log?.records ?? []).flatMap((record) =>
      readEntry(record, options.heightOf ?? heightOfEnvelope),
    );
    for (const entry of this.entries) this.#track(entry, toRecord(entry));
  }

  #track(entry: JournalEntry, record: WalRecord): void {
    // A skipped view is of no interest once a block above everything that came before it is final.
    const height = entry.kind === "prepared" ? entry.height : this.#newest + 1;
    this.#newest = Math.max(this.#newest, height);
    this.#live.push({ height, record });
  }

  begin(): void {
    this.#log ??= new WriteAheadLog(this.#disk, FILE_NAME);
    if (!this.#isDamaged) return;
    this.#rewrite(this.#log);
    this.#isDamaged = false;
  }

  append(entry: JournalEntry): void {
    const record = toRecord(entry);
    this.#track(entry, record);
    this.#write([record]);
  }

  cover(record: SigningRecord): void {
    const written = { type: COVER_RECORD, payload: encodeSigningRecord(record) };
    this.#write([written, written]);
    this.flush();
  }

  #write(records: readonly WalRecord[]): void {
    assert(this.#log !== null && !this.#isDamaged, "a journal is begun before it is written to");
    this.#isDirty = true;
    this.#log.write(records);
  }

  flush(): void {
    if (!this.#isDirty) return;
    this.#log?.sync();
    this.#isDirty = false;
  }

  settled(height: number, beforeForgetting: () => void): void {
    this.#newest = Math.max(this.#newest, height);
    this.#live = this.#live.filter((kept) => kept.height > height);
    if (this.#isDamaged || this.#log === null) return;
    // Not at every block: a change of the file's size is a transaction of the file system.
    const isDone = this.#live.length === 0 && this.#log.size > this.#clearBytes;
    if (!isDone && this.#log.size <= this.#rewriteBytes) return;
    beforeForgetting();
    if (isDone) this.#log.clear();
    else this.#rewrite(this.#log);
  }

  #rewrite(log: WriteAheadLog): void {
    log.rewrite(this.#live.map(({ record }) => record));
  }

  close(): void {
    this.#log?.close();
  }
}

function heightOfEnvelope(envelope: Uint8Array): number {
  const block = decodeFastBlock(envelope);
  return block.ok ? block.value.header.number : 0;
}

/** @throws OperationError when the disk fails. A torn tail is what a crash leaves and is cut. */
export function openJournal(disk: Disk, options: JournalOptions = {}): ConsensusJournal {
  return new LoggedJournal(disk, options);
}

/** For nodes that sign nothing. */
export function createIdleJournal(): ConsensusJournal {
  return {
    entries: [],
    verdict: { kind: "clean" },
    covered: null,
    begin: () => undefined,
    append: () => undefined,
    cover: () => undefined,
    flush: () => undefined,
    settled: () => undefined,
    close: () => undefined,
  };
}
