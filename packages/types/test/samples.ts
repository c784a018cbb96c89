import { type Address, type Hash32, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import {
  type Certificate,
  type Committee,
  EMPTY_FRUITS_ROOT,
  type Evidence,
  type FastHeader,
  type SnailHeader,
  type TransactionFields,
} from "../src/index.ts";

export const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
export const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;

export function aTransaction(changes: Partial<TransactionFields> = {}): TransactionFields {
  return {
    type: 0x02,
    chainId: 1337n,
    nonce: 3n,
    maxFeePerGasWei: 2_000_000_000n,
    maxPriorityFeePerGasWei: 1_000_000_000n,
    gasLimit: 90_000n,
    to: address("11"),
    valueWei: 5n,
    data: Uint8Array.of(1, 2, 3),
    accessList: [],
    authorizations: [],
    sponsorship: null,
    ...changes,
  };
}

export function aFastHeader(changes: Partial<FastHeader> = {}): FastHeader {
  return {
    parentHash: hash("01"),
    coinbase: address("02"),
    stateRoot: hash("03"),
    transactionsRoot: hash("04"),
    receiptsRoot: hash("05"),
    logsBloom: new Uint8Array(256).fill(6),
    number: 7,
    gasLimit: 150_000_000n,
    gasUsed: 21_000n,
    timestamp: 1_800_000_000,
    extraData: new Uint8Array(0),
    beacon: hash("08"),
    baseFeePerGasWei: 9n,
    snailPointer: hash("0a"),
    requestsHash: hash("0b"),
    ...changes,
  };
}

export const CERTIFICATE: Certificate = {
  kind: "committed",
  epoch: 2,
  view: 9,
  blockHash: hash("0c"),
  signers: Uint8Array.of(0b111),
  signature: new Uint8Array(96).fill(13),
};

export const COMMITTEE: Committee = {
  epoch: 3,
  members: [
    { address: address("21"), payout: address("22"), publicKey: "0x2324", seats: 2 },
    { address: address("31"), payout: address("32"), publicKey: "0x3334", seats: 1 },
  ],
};

export function aSnailHeader(changes: Partial<SnailHeader> = {}): SnailHeader {
  return {
    number: 4,
    parentHash: hash("41"),
    timestamp: 1_800_000_001,
    payout: address("42"),
    supports: ZERO_ADDRESS,
    anchorNumber: 12,
    anchorHash: hash("43"),
    certificateHash: hash("44"),
    boundaryHash: ZERO_HASH,
    fruitsRoot: EMPTY_FRUITS_ROOT,
    packedFruits: 40,
    difficulty: 1_000n,
    pointerHash: hash("45"),
    fruitDifficulty: 100n,
    nonce: 2n ** 64n - 1n,
    ...changes,
  };
}

export const EVIDENCE: Evidence = {
  kind: "statements",
  epoch: 1,
  view: 2,
  member: 3,
  first: { kind: "prepare", blockHash: hash("71"), signature: new Uint8Array(96).fill(1) },
  second: { kind: "prepare", blockHash: hash("72"), signature: new Uint8Array(96).fill(2) },
};
