import { newBytes } from "@festina/primitives";
import { crc32c } from "./crc32c.ts";

/**
 * The form of a write-ahead log: records one after the other, each length (4 bytes, of type and payload), CRC-32C of
 * type and payload (4 bytes), type (1 byte), payload. A crash may tear the last record; anything else that does not
 * check is damage.
 */
export interface WalRecord {
  readonly type: number;
  readonly payload: Uint8Array;
}

export type WalVerdict =
  | { readonly kind: "clean" }
  /** The file ends inside a record: cut it at `offset` and go on. */
  | { readonly kind: "tornTail"; readonly offset: number }
  /** Valid records follow a broken one: the disk lost what it had promised to keep. */
  | { readonly kind: "damaged"; readonly offset: number; readonly fault: WalFault };

/** What gives a broken record away: a length that no record has or that leads beyond the file, or bytes that do not sum up. */
export type WalFault = "length" | "checksum";

const HEADER_BYTES = 8;
export const WAL_RECORD_BYTES_MAX = 16 * 1024 * 1024;

function writeUint32(target: Uint8Array, offset: number, value: number): void {
  for (let i = 0; i < 4; i++) target[offset + i] = (value >>> (24 - 8 * i)) & 0xff;
}

function readUint32(bytes: Uint8Array, offset: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 256 + (bytes[offset + i] as number);
  return value;
}

export function encodeWalRecord(record: WalRecord): Uint8Array {
  const bytes = newBytes(HEADER_BYTES + 1 + record.payload.length);
  const body = bytes.subarray(HEADER_BYTES);
  body[0] = record.type;
  body.set(record.payload, 1);
  writeUint32(bytes, 0, body.length);
  writeUint32(bytes, 4, crc32c(body));
  return bytes;
}

/** The record at `offset` and where the next begins, or what is wrong with it. */
function readRecord(bytes: Uint8Array, offset: number): { record: WalRecord; end: number } | WalFault {
  if (offset + HEADER_BYTES > bytes.length) return "length";
  const length = readUint32(bytes, offset);
  const end = offset + HEADER_BYTES + length;
  if (length < 1 || length > WAL_RECORD_BYTES_MAX || end > bytes.length) return "length";
  const body = bytes.subarray(offset + HEADER_BYTES, end);
  if (crc32c(body) !== readUint32(bytes, offset + 4)) return "checksum";
  return { record: { type: body[0] as number, payload: body.slice(1) }, end };
}

function hasRecordAfter(bytes: Uint8Array, offset: number): boolean {
  for (let start = offset + 1; start + HEADER_BYTES < bytes.length; start++)
    if (typeof readRecord(bytes, start) === "object") return true;
  return false;
}

/** All records up to the first that is not whole and valid, and what is to be thought of the rest. */
export function readWalRecords(bytes: Uint8Array): {
  readonly records: readonly WalRecord[];
  readonly verdict: WalVerdict;
} {
  const records: WalRecord[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const found = readRecord(bytes, offset);
    if (typeof found === "string") {
      const isDamaged = hasRecordAfter(bytes, offset);
      return { records, verdict: isDamaged ? { kind: "damaged", offset, fault: found } : { kind: "tornTail", offset } };
    }
    records.push(found.record);
    offset = found.end;
  }
  return { records, verdict: { kind: "clean" } };
}
