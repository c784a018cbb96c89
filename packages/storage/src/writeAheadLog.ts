import { assert, concatBytes } from "@festina/primitives";
import type { Disk, LogFile } from "./disk.ts";
import { encodeWalRecord, readWalRecords, type WalRecord, type WalVerdict } from "./walRecord.ts";

/**
 * A log of records in one file. A torn tail is cut when it is opened. A damaged log keeps its bytes, for whoever wants to
 * look at them and so that the next start finds the damage too, until `rewrite` starts it afresh.
 */
export class WriteAheadLog {
  /** What was found when it was opened; up to the damage when there is some. */
  readonly records: readonly WalRecord[];
  readonly verdict: WalVerdict;
  readonly #disk: Disk;
  readonly #name: string;
  #file: LogFile;
  #isDamaged: boolean;

  constructor(disk: Disk, name: string) {
    this.#disk = disk;
    this.#name = name;
    this.#file = disk.open(name);
    const { records, verdict } = readWalRecords(this.#file.readAll());
    this.records = records;
    this.verdict = verdict;
    this.#isDamaged = verdict.kind === "damaged";
    if (verdict.kind !== "tornTail") return;
    this.#file.truncate(verdict.offset);
    this.#file.sync();
  }

  get size(): number {
    return this.#file.size;
  }

  /** On disk when this returns. @throws OperationError; then the log must not be used any more */
  append(record: WalRecord): void {
    this.write([record]);
    this.sync();
  }

  /** On disk with the next `sync`. @throws OperationError; then the log must not be used any more */
  write(records: readonly WalRecord[]): void {
    assert(!this.#isDamaged, "nothing goes behind damage, where nobody would find it");
    this.#file.append(concatBytes(...records.map(encodeWalRecord)));
  }

  /** @throws OperationError; then the log must not be used any more */
  sync(): void {
    this.#file.sync();
  }

  /** Cheaper than `rewrite([])`; a crash may bring back what was there. */
  clear(): void {
    assert(!this.#isDamaged, "damage is not wiped away on the side");
    this.#file.truncate(0);
  }

  /** These records and no others: at no moment is there less than the old or the new log. */
  rewrite(records: readonly WalRecord[]): void {
    this.#disk.replace(this.#name, concatBytes(...records.map(encodeWalRecord)));
    this.#file.close();
    this.#file = this.#disk.open(this.#name);
    this.#isDamaged = false;
  }

  close(): void {
    this.#file.close();
  }
}
