// Valid encodings to begin with, of everything that a node reads from others or from its disk.
import { createCipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { keccak256 } from "@festina/crypto";
import type { ExecutedTransaction } from "@festina/fastchain";
import { encodeFrame, encodeHandshake, PROTOCOL_VERSION } from "@festina/network";
import { type Address, concatBytes, type Hash32, ZERO_HASH } from "@festina/primitives";
import {
  type Certificate,
  type Committee,
  computeListRoot,
  EMPTY_FRUITS_ROOT,
  type Evidence,
  encodeExtraData,
  encodeFastBlock,
  type FastBlock,
  type FastHeader,
  type HybridRequests,
  hashFastHeader,
  hashHybridRequests,
  NO_REQUESTS,
  type PrePrepare,
  type Receipt,
  type SnailBlock,
  type SnailHeader,
  signTransaction,
  TRANSACTION_TYPE,
  type TransactionFields,
  toCompact,
  VOTE_KINDS,
  type Vote,
} from "@festina/types";
import { signNodeRecord } from "../../../packages/network/src/discovery/nodeRecord.ts";

export const hash = (byte: number): Hash32 => `0x${byte.toString(16).padStart(2, "0").repeat(32)}` as Hash32;
export const address = (byte: number): Address => `0x${byte.toString(16).padStart(2, "0").repeat(20)}` as Address;
const KEY = new Uint8Array(32).fill(7);
const PAYER = new Uint8Array(32).fill(8);
const SIGNATURE = new Uint8Array(96).fill(9);

const FIELDS: TransactionFields = {
  type: TRANSACTION_TYPE.feeMarket,
  chainId: 1_337n,
  nonce: 3n,
  maxFeePerGasWei: 2_000_000_000n,
  maxPriorityFeePerGasWei: 1_000_000_000n,
  gasLimit: 90_000n,
  to: address(0x11),
  valueWei: 5n,
  data: Uint8Array.of(1, 2, 3),
  accessList: [],
  authorizations: [],
  sponsorship: null,
};
const ACCESS = [{ address: address(0x12), storageKeys: [hash(1), hash(2)] }];
const flat = { maxFeePerGasWei: 9n, maxPriorityFeePerGasWei: 9n };
const AUTHORIZATION = { chainId: 1n, address: address(0x13), nonce: 4n, yParity: 1, r: 5n, s: 6n } as const;

export const TRANSACTIONS = [
  signTransaction({ ...FIELDS, ...flat, type: TRANSACTION_TYPE.legacy }, KEY),
  signTransaction({ ...FIELDS, ...flat, type: TRANSACTION_TYPE.accessList, accessList: ACCESS }, KEY),
  signTransaction({ ...FIELDS, accessList: ACCESS, to: null }, KEY),
  signTransaction({ ...FIELDS, type: TRANSACTION_TYPE.setCode, authorizations: [AUTHORIZATION] }, KEY),
  signTransaction(
    {
      ...FIELDS,
      type: TRANSACTION_TYPE.sponsored,
      sponsorship: { feeWei: 11n, payer: address(0x14), validUntilSeconds: 1_900_000_000n },
    },
    KEY,
    PAYER,
  ),
];

export const SNAIL_HEADER: SnailHeader = {
  number: 4,
  parentHash: hash(0x41),
  timestamp: 1_800_000_001,
  payout: address(0x42),
  supports: address(0),
  anchorNumber: 12,
  anchorHash: hash(0x43),
  certificateHash: hash(0x44),
  boundaryHash: ZERO_HASH,
  fruitsRoot: EMPTY_FRUITS_ROOT,
  packedFruits: 40,
  difficulty: 1_000n,
  pointerHash: hash(0x45),
  fruitDifficulty: 100n,
  nonce: 2n ** 64n - 1n,
};
export const CERTIFICATE: Certificate = {
  kind: "committed",
  epoch: 2,
  view: 9,
  blockHash: hash(0x0c),
  signers: Uint8Array.of(0b111),
  signature: SIGNATURE,
};
export const COMMITTEE: Committee = {
  epoch: 3,
  members: [
    { address: address(0x21), payout: address(0x22), publicKey: "0x2324", seats: 2 },
    { address: address(0x31), payout: address(0x32), publicKey: "0x3334", seats: 1 },
  ],
};
export const EVIDENCE: Evidence = {
  kind: "statements",
  epoch: 1,
  view: 2,
  member: 3,
  first: { kind: "prepare", blockHash: hash(0x71), signature: SIGNATURE },
  second: { kind: "prepare", blockHash: hash(0x72), signature: SIGNATURE },
};
const REQUESTS: HybridRequests = {
  pointer: SNAIL_HEADER,
  certificate: CERTIFICATE,
  rewards: [{ to: address(0x51), amountWei: 7n }],
  evidence: [EVIDENCE],
  handover: COMMITTEE,
};

function headerOf(requests: HybridRequests, transactionsRoot: Hash32): FastHeader {
  return {
    parentHash: hash(1),
    coinbase: address(2),
    stateRoot: hash(3),
    transactionsRoot,
    receiptsRoot: hash(5),
    logsBloom: new Uint8Array(256),
    number: 7,
    gasLimit: 150_000_000n,
    gasUsed: 21_000n,
    timestamp: 1_800_000_000,
    extraData: encodeExtraData({ epoch: 1, view: 2, milliseconds: 345 }),
    beacon: hash(8),
    baseFeePerGasWei: 9n,
    snailPointer: hash(0x0a),
    requestsHash: hashHybridRequests(requests),
  };
}

function blockOf(requests: HybridRequests, transactions: FastBlock["transactions"]): FastBlock {
  const header = headerOf(requests, computeListRoot(transactions.map(({ encoded }) => encoded)));
  return { header, hash: hashFastHeader(header), transactions, requests };
}

export const BLOCKS = [blockOf(NO_REQUESTS, []), blockOf(REQUESTS, TRANSACTIONS), blockOf(NO_REQUESTS, TRANSACTIONS)];
export const SNAIL_BLOCKS: readonly SnailBlock[] = [
  { header: SNAIL_HEADER, fruits: [], certificate: null },
  { header: SNAIL_HEADER, fruits: [{ header: SNAIL_HEADER }, { header: SNAIL_HEADER }], certificate: CERTIFICATE },
];
export const VOTES: readonly Vote[] = VOTE_KINDS.map((kind) => ({
  ...{ kind, epoch: 1, view: 5, member: 2, signature: SIGNATURE },
  blockHash: kind === "viewChange" ? ZERO_HASH : hash(0x33),
}));
export const HANDSHAKE = encodeHandshake({
  protocolVersion: PROTOCOL_VERSION,
  ...{ specHash: hash(0x11), genesisHash: hash(0x22), role: "member", agent: "festina/0.1.0" },
  ...{ headNumber: 5, snailNumber: 1 },
});
export const CAPABLE_HANDSHAKE = encodeHandshake({
  protocolVersion: PROTOCOL_VERSION,
  ...{ specHash: hash(0x11), genesisHash: hash(0x22), role: "observer", agent: "festina/0.1.0" },
  ...{ headNumber: 5, snailNumber: 1, capabilities: [1, 7, 1_000] },
});
export const FRAMES = [
  encodeFrame("handshake", null, HANDSHAKE),
  encodeFrame("getFastBlocks", 7n, Uint8Array.of(0xc2, 1, 2)),
  encodeFrame("refused", 7n, Uint8Array.of(1)),
];
export const PRE_PREPARES: readonly PrePrepare[] = [[], [CERTIFICATE, CERTIFICATE]].map((skips, index) => ({
  ...{ epoch: 1, view: 5, blockHash: hash(0x33), height: 7, parentHash: hash(0x34), parentView: 4 },
  ...{ parentCertificate: index === 0 ? null : CERTIFICATE, skips, reveal: SIGNATURE, signature: SIGNATURE },
  envelope: encodeFastBlock(BLOCKS[index] as FastBlock),
}));
export const COMPACT_PRE_PREPARES = [[], [1], [0, 2]].map((whole, index) =>
  toCompact(PRE_PREPARES[index % 2] as PrePrepare, BLOCKS[2] as FastBlock, whole),
);

const NODE_KEY = { publicKey: new Uint8Array(32).fill(5), sign: () => new Uint8Array(64).fill(6), verify: () => true };
const RECORD_CONTENT = { genesisHash: hash(0x22), sequence: 1_760_000_000_000, role: "member" } as const;
const at = (host: string) => ({ host, port: 30_303 });
export const RECORD = signNodeRecord({ ...RECORD_CONTENT, addresses: [at("1.2.3.4")], seat: null }, NODE_KEY);
export const MEMBER_RECORD = signNodeRecord(
  {
    ...RECORD_CONTENT,
    addresses: [at("2001:db8::1"), at("5.6.7.8")],
    seat: { publicKey: new Uint8Array(48).fill(1), signature: SIGNATURE },
  },
  NODE_KEY,
);

export const RECEIPT: Receipt = {
  type: TRANSACTION_TYPE.feeMarket,
  succeeded: true,
  cumulativeGasUsed: 21_000n,
  logsBloom: new Uint8Array(256),
  logs: [{ address: address(1), topics: [hash(2), hash(3)], data: new Uint8Array(40) }],
};
export const EXECUTED: readonly ExecutedTransaction[] = [
  { sender: address(1), receipt: RECEIPT, gasUsed: 21_000n, effectiveGasPriceWei: 9n, createdAddress: null },
  { sender: address(1), receipt: RECEIPT, gasUsed: 21_000n, effectiveGasPriceWei: 9n, createdAddress: address(4) },
];

/** With the cheapest parameters that there are: the key's derivation is not under test. */
function keystoreOf(kdf: "scrypt" | "pbkdf2") {
  const salt = Buffer.alloc(32, 3);
  const iv = Buffer.alloc(16, 4);
  const key = kdf === "scrypt" ? scryptSync("", salt, 32, { N: 2, r: 1, p: 1 }) : pbkdf2Sync("", salt, 1, 32, "sha256");
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(KEY), cipher.final()]);
  const bare = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const cheapest = kdf === "scrypt" ? { n: 2, r: 1, p: 1 } : { c: 1, prf: "hmac-sha256" };
  return {
    version: 3,
    id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    crypto: {
      ...{ cipher: "aes-128-ctr", cipherparams: { iv: bare(iv) }, ciphertext: bare(ciphertext), kdf },
      kdfparams: { ...cheapest, dklen: 32, salt: bare(salt) },
      mac: bare(keccak256(concatBytes(key.subarray(16, 32), ciphertext))),
    },
  };
}
export const KEYSTORES = [keystoreOf("scrypt"), keystoreOf("pbkdf2")];
