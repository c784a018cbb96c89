// The signing record in two files: what is written before a COMMIT goes into the journal, which has to be flushed for the
// block anyway; all else into the file of the record.
import { EMPTY_SIGNING_RECORD, type SigningRecord, type SigningRecordStore } from "@festina/fastchain";
import type { ConsensusJournal } from "./journal.ts";
import { isNewer, type RecordStore } from "./recordFile.ts";

export class CoveredRecord implements SigningRecordStore {
  readonly #file: RecordStore;
  readonly #journal: ConsensusJournal;
  /** The newest that the journal has. */
  #covered: SigningRecord | null;

  constructor(file: RecordStore, journal: ConsensusJournal) {
    this.#file = file;
    this.#journal = journal;
    this.#covered = journal.covered;
  }

  get state(): RecordStore["state"] {
    return this.#file.state;
  }

  get current(): SigningRecord {
    const { current } = this.#file;
    return this.#covered !== null && isNewer(this.#covered, current) ? this.#covered : current;
  }

  save(record: SigningRecord): void {
    this.#file.save(record);
  }

  reserve(record: SigningRecord): void {
    // A journal that gets lost is missed only where the record has been used.
    if (this.#file.state !== "whole" || !isNewer(this.#file.current, EMPTY_SIGNING_RECORD)) this.#file.save(record);
    this.#journal.cover(record);
    this.#covered = record;
  }

  /** The file of the record knows it all: the journal may forget. */
  secure(): void {
    if (this.current !== this.#file.current) this.#file.save(this.current);
  }

  close(): void {
    this.#file.close();
  }
}
