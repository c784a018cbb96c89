import { keccakHash } from "@festina/crypto";
import {
  type Address,
  EMPTY_BYTES,
  encodeRlp,
  type Hash32,
  hexToBytes,
  type RlpItem,
  type RlpReader,
  rlpInteger,
} from "@festina/primitives";
import { decodeExtraData } from "./extraData.ts";

/**
 * The header of a fast block: Ethereum's (Osaka), field by field in its order, so that every Ethereum tool decodes it
 * and finds the same hash. Fields that have one legal value on this chain (ommers, difficulty, nonce, withdrawals,
 * blobs) are written by the codec and checked on decoding instead of being carried around.
 */
export interface FastHeader {
  readonly parentHash: Hash32;
  /** The proposer's payout address. */
  readonly coinbase: Address;
  readonly stateRoot: Hash32;
  readonly transactionsRoot: Hash32;
  readonly receiptsRoot: Hash32;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  readonly number: number;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Epoch, view and milliseconds; see `extraData.ts`. */
  readonly extraData: Uint8Array;
  /** The randomness beacon; contracts read it as prevRandao. */
  readonly beacon: Hash32;
  readonly baseFeePerGasWei: bigint;
  /** Hash of the snail block this block points to; contracts read it through the EIP-4788 contract. */
  readonly snailPointer: Hash32;
  /** EIP-7685 commitment to the hybrid requests. */
  readonly requestsHash: Hash32;
}

/** keccak256(rlp([])): the ommers hash of a block without ommers. */
export const EMPTY_OMMERS_HASH = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347" as Hash32;
/** keccak256(rlp(empty bytes)): the root of an empty trie. */
export const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421" as Hash32;

const NONCE = new Uint8Array(8);
const OMMERS_HASH_BYTES = hexToBytes(EMPTY_OMMERS_HASH);
const WITHDRAWALS_ROOT_BYTES = hexToBytes(EMPTY_ROOT);

export function fastHeaderItem(header: FastHeader): RlpItem {
  return [
    hexToBytes(header.parentHash),
    OMMERS_HASH_BYTES,
    hexToBytes(header.coinbase),
    hexToBytes(header.stateRoot),
    hexToBytes(header.transactionsRoot),
    hexToBytes(header.receiptsRoot),
    header.logsBloom,
    EMPTY_BYTES, // difficulty
    rlpInteger(header.number),
    rlpInteger(header.gasLimit),
    rlpInteger(header.gasUsed),
    rlpInteger(header.timestamp),
    header.extraData,
    hexToBytes(header.beacon),
    NONCE,
    rlpInteger(header.baseFeePerGasWei),
    WITHDRAWALS_ROOT_BYTES,
    EMPTY_BYTES, // blob gas used
    EMPTY_BYTES, // excess blob gas
    hexToBytes(header.snailPointer),
    hexToBytes(header.requestsHash),
  ];
}

export function encodeFastHeader(header: FastHeader): Uint8Array {
  return encodeRlp(fastHeaderItem(header));
}

export function hashFastHeader(header: FastHeader): Hash32 {
  return keccakHash(encodeFastHeader(header));
}

export function readFastHeader(reader: RlpReader): FastHeader {
  const parentHash = reader.hash("parentHash");
  reader.expect(reader.hash("ommersHash") === EMPTY_OMMERS_HASH, "ommers are not empty");
  const coinbase = reader.address("coinbase");
  const stateRoot = reader.hash("stateRoot");
  const transactionsRoot = reader.hash("transactionsRoot");
  const receiptsRoot = reader.hash("receiptsRoot");
  const logsBloom = reader.bytes("logsBloom", { exact: 256 });
  reader.expect(reader.bigint("difficulty") === 0n, "difficulty is not zero");
  const number = reader.number("number");
  const gasLimit = reader.bigint("gasLimit", 8);
  const gasUsed = reader.bigint("gasUsed", 8);
  const timestamp = reader.number("timestamp");
  const extraData = reader.bytes("extraData", { max: 32 });
  const beacon = reader.hash("mixHash");
  reader.expect(
    reader.bytes("nonce", { exact: 8 }).every((byte) => byte === 0),
    "nonce is not zero",
  );
  const baseFeePerGasWei = reader.bigint("baseFeePerGas");
  reader.expect(reader.hash("withdrawalsRoot") === EMPTY_ROOT, "withdrawals are not empty");
  reader.expect(reader.bigint("blobGasUsed") === 0n, "blob gas is not zero");
  reader.expect(reader.bigint("excessBlobGas") === 0n, "excess blob gas is not zero");
  const snailPointer = reader.hash("parentBeaconBlockRoot");
  const requestsHash = reader.hash("requestsHash");
  const roots = { stateRoot, transactionsRoot, receiptsRoot, logsBloom, requestsHash };
  const gas = { gasLimit, gasUsed, baseFeePerGasWei };
  return { parentHash, coinbase, ...roots, number, ...gas, timestamp, extraData, beacon, snailPointer };
}

/**
 * Block time in milliseconds since 1970; strictly increasing along the chain. Extra data of another form (the header
 * rules refuse it) counts as zero milliseconds.
 */
export function fastTimeMs(header: FastHeader): number {
  const extra = decodeExtraData(header.extraData);
  return header.timestamp * 1000 + (extra.ok ? extra.value.milliseconds : 0);
}
