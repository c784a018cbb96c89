import { bigintToBytes, bytesToBigint, concatBytes, fail, ok, type Result } from "@festina/primitives";

/** What a fast header's `extraData` holds: 1 version byte, epoch (6 bytes), first view (6), millisecond part of the time (2). */
export interface FastExtraData {
  readonly epoch: number;
  /** The view in which the block was first proposed. */
  readonly view: number;
  /** 0..999, added to `timestamp` * 1000. */
  readonly milliseconds: number;
}

const VERSION = 1;
export const EXTRA_DATA_BYTES = 15;

export function encodeExtraData(extra: FastExtraData): Uint8Array {
  return concatBytes(
    Uint8Array.of(VERSION),
    bigintToBytes(BigInt(extra.epoch), 6),
    bigintToBytes(BigInt(extra.view), 6),
    bigintToBytes(BigInt(extra.milliseconds), 2),
  );
}

export function decodeExtraData(bytes: Uint8Array): Result<FastExtraData, "EXTRA_DATA_INVALID"> {
  if (bytes.length !== EXTRA_DATA_BYTES || bytes[0] !== VERSION) {
    return fail("EXTRA_DATA_INVALID", `extra data has ${EXTRA_DATA_BYTES} bytes and version ${VERSION}`);
  }
  const milliseconds = Number(bytesToBigint(bytes.subarray(13, 15)));
  if (milliseconds > 999) return fail("EXTRA_DATA_INVALID", "milliseconds exceed 999");
  return ok({
    epoch: Number(bytesToBigint(bytes.subarray(1, 7))),
    view: Number(bytesToBigint(bytes.subarray(7, 13))),
    milliseconds,
  });
}
