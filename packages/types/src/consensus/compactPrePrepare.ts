// A proposal as it travels to who has most of its transactions already: their hashes stand for them.
import {
  bytesToHex,
  concatBytes,
  EMPTY_BYTES,
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import { type FastBlock, REQUESTS_MAX, TRANSACTIONS_MAX } from "../fast/fastBlock.ts";
import { type FastHeader, fastHeaderItem, readFastHeader } from "../fast/fastHeader.ts";
import { encodeHybridRequests } from "../fast/hybridRequests.ts";
import { type PrePrepare, prePrepareItem, readPrePrepare } from "./prePrepare.ts";

/** A transaction that the sender thinks is new to the receiver. */
export interface WholeTransaction {
  /** Its place in the block. */
  readonly index: number;
  readonly encoded: Uint8Array;
}

export interface CompactPrePrepare {
  /** Its envelope is empty. */
  readonly message: PrePrepare;
  readonly header: FastHeader;
  /** Of the transactions that are not given whole, in the block's order, 32 bytes each, one after the other. */
  readonly hashes: Uint8Array;
  /** Ascending by index. */
  readonly whole: readonly WholeTransaction[];
  /** EIP-7685, as in the envelope. */
  readonly requests: readonly Uint8Array[];
}

const HASH_BYTES = 32;

/** `whole`: which of the block's transactions are given whole, ascending. */
export function toCompact(message: PrePrepare, block: FastBlock, whole: readonly number[]): CompactPrePrepare {
  const given = new Set(whole);
  return {
    message: { ...message, envelope: EMPTY_BYTES },
    header: block.header,
    hashes: concatBytes(
      ...block.transactions.flatMap(({ hash }, index) => (given.has(index) ? [] : [hexToBytes(hash)])),
    ),
    whole: whole.flatMap((index) => {
      const encoded = block.transactions[index]?.encoded;
      return encoded === undefined ? [] : [{ index, encoded }];
    }),
    requests: encodeHybridRequests(block.requests),
  };
}

/**
 * One entry per transaction of the block: its bytes where they are given, else its hash. `null` when a hash stands twice.
 * Apart from decoding, for a list of many hashes costs more than all else and need not be looked at before it is wanted.
 */
export function compactPlaces({ hashes, whole }: CompactPrePrepare): readonly (Uint8Array | Hash32)[] | null {
  const places: (Uint8Array | Hash32)[] = [];
  const seen = new Set<Hash32>();
  let next = 0;
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    for (let given = whole[next]; given?.index === places.length; given = whole[++next]) places.push(given.encoded);
    const hash = bytesToHex(hashes.subarray(at, at + HASH_BYTES)) as Hash32;
    seen.add(hash);
    places.push(hash);
  }
  for (const { encoded } of whole.slice(next)) places.push(encoded);
  return HASH_BYTES * seen.size === hashes.length ? places : null;
}

export function encodeCompactPrePrepare(compact: CompactPrePrepare): Uint8Array {
  return encodeRlp([
    prePrepareItem(compact.message),
    fastHeaderItem(compact.header),
    compact.hashes,
    compact.whole.map(({ index, encoded }) => [rlpInteger(index), encoded]),
    [...compact.requests],
  ]);
}

/** Form only: whether the header is the named block's, and whether there are such transactions, is for who rebuilds it. */
export function decodeCompactPrePrepare(bytes: Uint8Array): Result<CompactPrePrepare, "DECODE_INVALID"> {
  return readRlp(bytes, "compactPrePrepare", (reader) => {
    const message = reader.list("message", readPrePrepare);
    reader.expect(message.envelope.length === 0, "there is an envelope");
    const header = reader.list("header", readFastHeader);
    const hashes = reader.bytes("hashes", { max: TRANSACTIONS_MAX * HASH_BYTES });
    reader.expect(hashes.length % HASH_BYTES === 0, "a hash is cut off");
    const hashCount = hashes.length / HASH_BYTES;
    const whole = reader.many("whole", TRANSACTIONS_MAX - hashCount, (list) =>
      list.list("transaction", (given) => ({ index: given.number("index"), encoded: given.bytes("encoded") })),
    );
    const count = hashCount + whole.length;
    reader.expect(
      whole.every(({ index }, at) => index < count && index > (whole[at - 1]?.index ?? -1)),
      "places are not ascending, or beyond the block",
    );
    const requests = reader.many("requests", REQUESTS_MAX, (list) => list.bytes("request"));
    return { message, header, hashes, whole, requests };
  });
}
