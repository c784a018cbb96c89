import { encodeRlp, type Result, readRlp, rlpInteger } from "@festina/primitives";
import { decodeSnailBlock, encodeSnailBlock } from "@festina/types";
import type { SnailRecord } from "../ports.ts";

/** How a valid block is saved: rlp([block, totalDifficulty, stalledSeconds]), the block as its own encoding. */
export function encodeSnailRecord(record: SnailRecord): Uint8Array {
  return encodeRlp([
    encodeSnailBlock(record.block),
    rlpInteger(record.totalDifficulty),
    rlpInteger(record.stalledSeconds),
  ]);
}

export function decodeSnailRecord(bytes: Uint8Array): Result<SnailRecord, "DECODE_INVALID"> {
  const outer = readRlp(bytes, "snailRecord", (reader) => ({
    block: reader.bytes("block"),
    totalDifficulty: reader.bigint("totalDifficulty"),
    stalledSeconds: reader.number("stalledSeconds"),
  }));
  if (!outer.ok) return outer;
  const block = decodeSnailBlock(outer.value.block);
  return block.ok ? { ok: true, value: { ...outer.value, block: block.value } } : block;
}
