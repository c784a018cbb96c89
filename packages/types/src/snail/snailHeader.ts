import { keccakHash } from "@festina/crypto";
import {
  type Address,
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";

/**
 * The one header a miner searches a nonce for. Its proof of work decides what it becomes: high 128 bits against the
 * block target make a snail block, low 128 bits against the fruit target make a fruit, both make both. Everything but
 * the nonce is sealed, so nobody can change a field without doing the work again (flaw 1 of the original).
 */
export interface SnailHeader {
  readonly number: number;
  readonly parentHash: Hash32;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Earns the rewards of this fruit or block. */
  readonly payout: Address;
  /** The validator whose election this work supports; `ZERO_ADDRESS` for none. */
  readonly supports: Address;

  /** The newest COMMITTED fast block the miner knew. */
  readonly anchorNumber: number;
  readonly anchorHash: Hash32;
  /** `certificateHash` of the COMMITTED certificate for the anchor that a snail block carries; zero for the genesis anchor. */
  readonly certificateHash: Hash32;
  /** Hash of the epoch boundary block that this block's anchor is the first to pass (or reach); zero otherwise. */
  readonly boundaryHash: Hash32;

  /** Root of the hashes of the packed fruits, in order. */
  readonly fruitsRoot: Hash32;
  /** Fruits packed by all blocks up to and including this one; what the difficulty schedule counts. */
  readonly packedFruits: number;
  /** Expected hashes for a block. */
  readonly difficulty: bigint;

  /** A recent snail block, which makes a fruit fresh and gives its difficulty. */
  readonly pointerHash: Hash32;
  /** Expected hashes for a fruit. */
  readonly fruitDifficulty: bigint;

  /** 64 bits. */
  readonly nonce: bigint;
}

function sealedItems(header: Omit<SnailHeader, "nonce">): readonly RlpItem[] {
  return [
    rlpInteger(header.number),
    hexToBytes(header.parentHash),
    rlpInteger(header.timestamp),
    hexToBytes(header.payout),
    hexToBytes(header.supports),
    rlpInteger(header.anchorNumber),
    hexToBytes(header.anchorHash),
    hexToBytes(header.certificateHash),
    hexToBytes(header.boundaryHash),
    hexToBytes(header.fruitsRoot),
    rlpInteger(header.packedFruits),
    rlpInteger(header.difficulty),
    hexToBytes(header.pointerHash),
    rlpInteger(header.fruitDifficulty),
  ];
}

/** What was computed of a header: everybody who handles it asks again. */
interface KnownHashes {
  seal?: Hash32;
  block?: Hash32;
  fruit?: Hash32;
}

const known = new WeakMap<Omit<SnailHeader, "nonce">, KnownHashes>();

/** For the hashes that are made of a header, one place for all of them. */
export function knownHashesOf(header: Omit<SnailHeader, "nonce">): KnownHashes {
  let hashes = known.get(header);
  if (hashes === undefined) {
    hashes = {};
    known.set(header, hashes);
  }
  return hashes;
}

/** What the proof of work is computed over, together with the nonce. */
export function sealHash(header: Omit<SnailHeader, "nonce">): Hash32 {
  const hashes = knownHashesOf(header);
  hashes.seal ??= keccakHash(encodeRlp(sealedItems(header)));
  return hashes.seal;
}

/** The header that a find makes of a sealed one. The seal stays as it is. */
export function withNonce(sealed: Omit<SnailHeader, "nonce">, nonce: bigint): SnailHeader {
  const header = { ...sealed, nonce };
  knownHashesOf(header).seal = sealHash(sealed);
  return header;
}

export function snailHeaderItem(header: SnailHeader): RlpItem {
  return [...sealedItems(header), rlpInteger(header.nonce)];
}

export function encodeSnailHeader(header: SnailHeader): Uint8Array {
  return encodeRlp(snailHeaderItem(header));
}

/** The hash of a snail block. */
export function hashSnailHeader(header: SnailHeader): Hash32 {
  const hashes = knownHashesOf(header);
  hashes.block ??= keccakHash(encodeSnailHeader(header));
  return hashes.block;
}

export function readSnailHeader(reader: RlpReader): SnailHeader {
  return {
    number: reader.number("number"),
    parentHash: reader.hash("parentHash"),
    timestamp: reader.number("timestamp"),
    payout: reader.address("payout"),
    supports: reader.address("supports"),
    anchorNumber: reader.number("anchorNumber"),
    anchorHash: reader.hash("anchorHash"),
    certificateHash: reader.hash("certificateHash"),
    boundaryHash: reader.hash("boundaryHash"),
    fruitsRoot: reader.hash("fruitsRoot"),
    packedFruits: reader.number("packedFruits"),
    difficulty: reader.bigint("difficulty", 16),
    pointerHash: reader.hash("pointerHash"),
    fruitDifficulty: reader.bigint("fruitDifficulty", 16),
    nonce: reader.bigint("nonce", 8),
  };
}

export function decodeSnailHeader(bytes: Uint8Array): Result<SnailHeader, "DECODE_INVALID"> {
  return readRlp(bytes, "snailHeader", readSnailHeader);
}
