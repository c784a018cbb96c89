// The signing record on disk: two slots written in turn, so that a torn write leaves the record before it, and two copies
// in each slot, so that rot in one of them loses nothing.
import {
  decodeSigningRecord,
  EMPTY_SIGNING_RECORD,
  encodeSigningRecord,
  type SigningRecord,
  type SigningRecordStore,
} from "@festina/fastchain";
import { newBytes } from "@festina/primitives";
import { crc32c, type Disk } from "@festina/storage";

const FILE_NAME = "signing.record";
const SLOT_BYTES = 4_096;
/** Far enough apart for no sector to hold both. */
const COPY_BYTES = SLOT_BYTES / 2;
/** CRC-32C of the body, then its length in one byte. */
const CHECKSUM_BYTES = 4;

/** The file of the record. */
export interface RecordStore extends Omit<SigningRecordStore, "reserve"> {
  /**
   * `missing`: nobody knows what this key has signed. `damaged`: what was signed last may be lost; `current` is the newest
   * that can be read.
   */
  readonly state: "whole" | "missing" | "damaged";
  close(): void;
}

function frame(record: SigningRecord): Uint8Array {
  const body = encodeSigningRecord(record);
  const copy = newBytes(CHECKSUM_BYTES + 1 + body.length);
  const checksum = crc32c(body);
  for (let index = 0; index < CHECKSUM_BYTES; index++) copy[index] = checksum >>> (8 * (CHECKSUM_BYTES - 1 - index));
  copy[CHECKSUM_BYTES] = body.length;
  copy.set(body, CHECKSUM_BYTES + 1);
  return copy;
}

function unframe(copy: Uint8Array): SigningRecord | null {
  const length = copy[CHECKSUM_BYTES] ?? 0;
  if (length === 0) return null;
  const body = copy.subarray(CHECKSUM_BYTES + 1, CHECKSUM_BYTES + 1 + length);
  const checksum = new DataView(copy.buffer, copy.byteOffset).getUint32(0);
  if (crc32c(body) !== checksum) return null;
  const decoded = decodeSigningRecord(body);
  return decoded.ok ? decoded.value : null;
}

/** Within a view a record only gains: each signature adds to it. */
function signaturesIn({ proposed, prepared, committed, viewChanged }: SigningRecord): number {
  return [proposed, prepared, committed].filter((hash) => hash !== null).length + (viewChanged ? 1 : 0);
}

/** Whether `a` knows of later signatures. */
export function isNewer(a: SigningRecord, b: SigningRecord): boolean {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch;
  if (a.view !== b.view) return a.view > b.view;
  return signaturesIn(a) > signaturesIn(b);
}

function newest(records: readonly (SigningRecord | null)[]): SigningRecord | null {
  let best: SigningRecord | null = null;
  for (const record of records) if (record !== null && (best === null || isNewer(record, best))) best = record;
  return best;
}

function readSlot(bytes: Uint8Array, slot: number): SigningRecord | null {
  const start = slot * SLOT_BYTES;
  const copies = [start, start + COPY_BYTES].map((from) => unframe(bytes.subarray(from, from + COPY_BYTES)));
  return newest(copies);
}

/** To be called when a key is made: a key that has signed nothing has an empty record, and only a lost one has none. */
export function provisionSigningRecord(disk: Disk): void {
  if (!disk.exists(FILE_NAME)) writeBoth(disk, EMPTY_SIGNING_RECORD);
}

function writeBoth(disk: Disk, record: SigningRecord): void {
  const copy = frame(record);
  const bytes = new Uint8Array(2 * SLOT_BYTES);
  for (let at = 0; at < bytes.length; at += COPY_BYTES) bytes.set(copy, at);
  disk.replace(FILE_NAME, bytes);
}

/** Opens what is there; makes nothing before the first `save`. @throws OperationError when the disk fails */
export function openRecordFile(disk: Disk): RecordStore {
  const bytes = disk.exists(FILE_NAME) ? readWhole(disk) : new Uint8Array(0);
  const slots = [readSlot(bytes, 0), readSlot(bytes, 1)] as const;
  const isWhole = bytes.length === 2 * SLOT_BYTES && slots[0] !== null && slots[1] !== null;
  let state: RecordStore["state"] = isWhole ? "whole" : bytes.length === 0 ? "missing" : "damaged";
  let current = newest(slots) ?? EMPTY_SIGNING_RECORD;
  let nextSlot = slots[0] === current ? 1 : 0;
  let file = isWhole ? disk.open(FILE_NAME) : null;
  return {
    get state() {
      return state;
    },
    get current() {
      return current;
    },
    save: (record) => {
      if (file === null) {
        writeBoth(disk, record);
        file = disk.open(FILE_NAME);
        state = "whole";
      } else {
        const copy = frame(record);
        file.overwrite(nextSlot * SLOT_BYTES, copy);
        file.overwrite(nextSlot * SLOT_BYTES + COPY_BYTES, copy);
        file.sync();
        nextSlot = 1 - nextSlot;
      }
      current = record;
    },
    close: () => file?.close(),
  };
}

function readWhole(disk: Disk): Uint8Array {
  const file = disk.open(FILE_NAME);
  try {
    return file.readAll();
  } finally {
    file.close();
  }
}
