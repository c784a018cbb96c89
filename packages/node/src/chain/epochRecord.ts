import { encodeRlp, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { type Committee, committeeItem, readCommittee } from "@festina/types";

/** Which committee finalises the blocks of an epoch, from which height on. */
export interface EpochRecord {
  readonly firstBlock: number;
  readonly committee: Committee;
}

export function encodeEpochRecord(record: EpochRecord): Uint8Array {
  return encodeRlp([rlpInteger(record.firstBlock), committeeItem(record.committee)]);
}

export function decodeEpochRecord(bytes: Uint8Array): Result<EpochRecord, "DECODE_INVALID"> {
  return readRlp(bytes, "epoch", (reader) => ({
    firstBlock: reader.number("firstBlock"),
    committee: reader.list("committee", readCommittee),
  }));
}
