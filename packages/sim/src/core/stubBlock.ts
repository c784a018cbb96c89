// A block of the core level: what consensus needs to know of one, and a flag for a root that does not match.
import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import { quickHash } from "./quickHash.ts";

export interface StubBlock {
  readonly hash: Hash32;
  readonly epoch: number;
  readonly height: number;
  readonly parentHash: Hash32;
  readonly proposer: number;
  readonly timeMs: number;
  readonly isBoundary: boolean;
  /** False: whoever executes it finds other roots than it names. */
  readonly hasTrueRoot: boolean;
  readonly envelope: Uint8Array;
}

export type StubFields = Omit<StubBlock, "hash" | "envelope"> & {
  /** Makes blocks differ that are equal otherwise. */
  readonly salt: number;
};

export function makeStubBlock(fields: StubFields): StubBlock {
  const envelope = encodeRlp([
    rlpInteger(fields.epoch),
    rlpInteger(fields.height),
    hexToBytes(fields.parentHash),
    rlpInteger(fields.proposer),
    rlpInteger(Math.floor(fields.timeMs)),
    rlpInteger(fields.isBoundary ? 1 : 0),
    rlpInteger(fields.hasTrueRoot ? 1 : 0),
    rlpInteger(fields.salt),
  ]);
  const { salt: _, ...known } = fields;
  return { ...known, timeMs: Math.floor(fields.timeMs), hash: quickHash(envelope), envelope };
}

/** Messages travel as values: everyone is handed the same bytes, which nobody writes to. */
const decoded = new WeakMap<Uint8Array, Result<StubBlock, "DECODE_INVALID">>();

export function decodeStubBlock(envelope: Uint8Array): Result<StubBlock, "DECODE_INVALID"> {
  let result = decoded.get(envelope);
  if (result === undefined) {
    result = readStubBlock(envelope);
    decoded.set(envelope, result);
  }
  return result;
}

/** 0 for what is no block. */
export function heightOfStub(envelope: Uint8Array): number {
  const block = decodeStubBlock(envelope);
  return block.ok ? block.value.height : 0;
}

function readStubBlock(envelope: Uint8Array): Result<StubBlock, "DECODE_INVALID"> {
  return readRlp(envelope, "stubBlock", (reader: RlpReader) => {
    const block = {
      epoch: reader.number("epoch"),
      height: reader.number("height"),
      parentHash: reader.hash("parentHash"),
      proposer: reader.number("proposer"),
      timeMs: reader.number("timeMs"),
      isBoundary: reader.boolean("isBoundary"),
      hasTrueRoot: reader.boolean("hasTrueRoot"),
      hash: quickHash(envelope),
      envelope,
    };
    reader.number("salt");
    return block;
  });
}
