// The address book as a file: version, checksum, entries. Our own, so its records are not verified again; a file that is not
// whole is no file.
import { keccak256 } from "@festina/crypto";
import {
  asciiToBytes,
  concatBytes,
  encodeRlp,
  equalBytes,
  fail,
  ok,
  type Result,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import type { BookEntry } from "./addressBook.ts";
import { type BookTable, SLOTS_PER_BUCKET, TABLES } from "./bookPlacement.ts";
import { decodeNodeRecord, type NodeRecord, RECORD_BYTES_MAX } from "./nodeRecord.ts";

export interface SavedEntry {
  readonly record: NodeRecord;
  readonly sourceGroup: string;
  readonly table: BookTable;
  readonly failures: number;
}

export interface SavedBook {
  /** Of our own newest record: the next must be higher, whatever the clock says. */
  readonly ownSequence: number;
  readonly entries: readonly SavedEntry[];
}

const VERSION = 1;
const CHECKSUM_BYTES = 4;
const GROUP_CHARACTERS_MAX = 64;
const ENTRIES_MAX = (TABLES.new.buckets + TABLES.tried.buckets) * SLOTS_PER_BUCKET;

const checksumOf = (body: Uint8Array): Uint8Array => keccak256(body).slice(0, CHECKSUM_BYTES);

export function encodeBookFile(ownSequence: number, entries: readonly BookEntry[]): Uint8Array {
  const body = encodeRlp([
    rlpInteger(VERSION),
    rlpInteger(ownSequence),
    entries.map(({ record, sourceGroup, table, failures }) => [
      record.encoded,
      asciiToBytes(sourceGroup),
      rlpInteger(table === "tried" ? 1 : 0),
      rlpInteger(failures),
    ]),
  ]);
  return concatBytes(checksumOf(body), body);
}

/** Total. */
export function decodeBookFile(bytes: Uint8Array): Result<SavedBook, "BOOK_DAMAGED" | "BOOK_VERSION_UNKNOWN"> {
  const body = bytes.subarray(CHECKSUM_BYTES);
  if (bytes.length <= CHECKSUM_BYTES || !equalBytes(bytes.subarray(0, CHECKSUM_BYTES), checksumOf(body))) {
    return fail("BOOK_DAMAGED", "the checksum does not hold");
  }
  let version = VERSION;
  const read = readRlp(body, "addressBook", (reader): SavedBook => {
    version = reader.number("version");
    reader.expect(version === VERSION, "another version");
    const ownSequence = reader.number("ownSequence");
    const entries = reader.many("entries", ENTRIES_MAX, (list) =>
      list.list("entry", (entry): SavedEntry => {
        const record = decodeNodeRecord(entry.bytes("record", { max: RECORD_BYTES_MAX }));
        if (!record.ok) return entry.refuse(record.error.message);
        const group = entry.bytes("sourceGroup", { max: GROUP_CHARACTERS_MAX });
        return {
          record: record.value,
          sourceGroup: String.fromCharCode(...group.map((byte) => byte & 0x7f)),
          table: entry.boolean("isTried") ? "tried" : "new",
          failures: entry.number("failures"),
        };
      }),
    );
    return { ownSequence, entries };
  });
  if (read.ok) return ok(read.value);
  return fail(version === VERSION ? "BOOK_DAMAGED" : "BOOK_VERSION_UNKNOWN", read.error.message);
}
