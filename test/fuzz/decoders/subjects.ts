// Every decoder of what comes from peers, from disk, and from files that people hand in.
import { createMemoryDisk } from "@festina/adapters";
import { checkChainSpec, createDevnetSpec, parseChainSpecJson, serializeChainSpec } from "@festina/chainspec";
import { keccak256, keccakHash } from "@festina/crypto";
import { decodeExecuted, decodeSigningRecord, encodeExecuted, encodeSigningRecord } from "@festina/fastchain";
import { decodeFrame, decodeHandshake, encodeFrame, encodeHandshake } from "@festina/network";
import { checkNodeConfig, openJournal } from "@festina/node";
import { concatBytes, decodeRlp, encodeRlp, newBytes } from "@festina/primitives";
import { verifySpan } from "@festina/state";
import { encodeWalRecord, readWalRecords } from "@festina/storage";
import {
  certificateItem,
  compactPlaces,
  decodeCertificate,
  decodeCompactPrePrepare,
  decodeEvidence,
  decodeExtraData,
  decodeFastBlock,
  decodeFastOutline,
  decodeFruit,
  decodePrePrepare,
  decodeReceipt,
  decodeSnailBlock,
  decodeSnailHeader,
  decodeTransaction,
  decodeVote,
  encodeCertificate,
  encodeCompactPrePrepare,
  encodeEvidence,
  encodeExtraData,
  encodeFastBlock,
  encodeFruit,
  encodePrePrepare,
  encodeReceipt,
  encodeSnailBlock,
  encodeSnailHeader,
  encodeVote,
  outlineOfEnvelope,
} from "@festina/types";
import { decryptKeystore } from "../../../packages/cli/src/keystore.ts";
import { decodeBookFile, encodeBookFile } from "../../../packages/network/src/discovery/bookFile.ts";
import { decodeNodeRecord } from "../../../packages/network/src/discovery/nodeRecord.ts";
import { decodePeerRecords, encodePeerRecords } from "../../../packages/network/src/discovery/peerRecords.ts";
import { decodeRefusal } from "../../../packages/network/src/peer/refusal.ts";
import { decodeEpochRecord, encodeEpochRecord } from "../../../packages/node/src/chain/epochRecord.ts";
import { formatHistoryBlock, parseHistoryBlock } from "../../../packages/node/src/history/historyFile.ts";
import {
  decodeTransactionsRequest,
  encodeTransactionsRequest,
} from "../../../packages/node/src/sync/compact/blockTransactions.ts";
import * as payloads from "../../../packages/node/src/sync/payloads.ts";
import * as state from "../../../packages/node/src/sync/statePayloads.ts";
import { decodeSnailRecord, encodeSnailRecord } from "../../../packages/snailchain/src/chain/snailRecord.ts";
import * as seeds from "./seeds.ts";
import { ofBytes, ofJson, ofText, type Subject } from "./subject.ts";

const envelopes = seeds.BLOCKS.map(encodeFastBlock);
const [envelope = newBytes(0)] = envelopes.slice(1);
const hashes = [seeds.hash(1), seeds.hash(2)];
const records = [seeds.RECORD, seeds.MEMBER_RECORD];
const bookEntries = records.map((record) => ({
  ...{ record, address: { host: "1.2.3.4", port: 5 }, group: "1.2", sourceGroup: "3.4", table: "tried" as const },
  ...{ failures: 1, dialAtMs: 0 },
}));
const chunk = { entries: [{ name: newBytes(20), value: newBytes(70) }], isLast: true, proof: [newBytes(40)] };
const finished = { envelope, outcomes: Uint8Array.of(0xc0) };
const signing = {
  ...{ epoch: 3, view: 9, proposed: seeds.hash(1), prepared: seeds.hash(1), committed: null, viewChanged: true },
};
const wal = [
  { type: 1, payload: encodeRlp([envelope, certificateItem(seeds.CERTIFICATE)]) },
  { type: 2, payload: encodeRlp([certificateItem(seeds.CERTIFICATE)]) },
  { type: 3, payload: encodeSigningRecord(signing) },
];
const spec = createDevnetSpec({
  signatureSuite: "bls",
  ...{ chainId: 1_337n, genesisTimeSeconds: 1_800_000_000, genesisDifficulty: 1_000n },
  developmentAccounts: [seeds.address(5)],
  validators: [
    { address: seeds.address(6), payout: seeds.address(7), publicKey: "0x0102", proofOfPossession: "0x0304" },
  ],
});
const config = {
  ...{ chainSpecFile: "chainspec.json", dataDir: null, rpc: { port: 8_545, hosts: ["a.example"] } },
  network: { port: 30_303, peers: [`${seeds.hash(3)}@10.0.0.1:30303`], announce: ["1.2.3.4:5"] },
  miner: { payout: seeds.address(9), supports: [seeds.address(8)], threads: 2, cpuShare: 0.5 },
};

/** Whatever a crash or a bad disk has left, the journal opens. */
function openDamaged(bytes: Uint8Array): { readonly ok: boolean } {
  const disk = createMemoryDisk();
  disk.replace("consensus.wal", bytes);
  disk.replace("consensus.journal", bytes);
  const journal = openJournal(disk);
  journal.close();
  return { ok: journal.verdict.kind === "clean" };
}

const fromPeers: readonly Subject[] = [
  ofBytes("frame", seeds.FRAMES, decodeFrame, ({ type, requestId, payload }) => encodeFrame(type, requestId, payload)),
  ofBytes("handshake", [seeds.HANDSHAKE, seeds.CAPABLE_HANDSHAKE], decodeHandshake, encodeHandshake),
  ofBytes(
    "node record",
    records.map(({ encoded }) => encoded),
    decodeNodeRecord,
  ),
  ofBytes(
    "peer records",
    [encodePeerRecords({ yourHost: "1.2.3.4", records: records.map(({ encoded }) => encoded) })],
    decodePeerRecords,
    encodePeerRecords,
  ),
  ofBytes("refusal", [Uint8Array.of(1)], (bytes) => ({ ok: true, value: decodeRefusal(bytes) })),
  ofBytes(
    "status",
    [payloads.encodeStatus({ fastNumber: 5, snailNumber: 6 })],
    payloads.decodeStatus,
    payloads.encodeStatus,
  ),
  ofBytes(
    "session proof",
    [payloads.encodeSessionProof({ publicKey: newBytes(48), signature: newBytes(96) })],
    payloads.decodeSessionProof,
    payloads.encodeSessionProof,
  ),
  ofBytes("pre-prepare", seeds.PRE_PREPARES.map(encodePrePrepare), decodePrePrepare, encodePrePrepare),
  ofBytes(
    "compact pre-prepare",
    seeds.COMPACT_PRE_PREPARES.map(encodeCompactPrePrepare),
    (bytes) => {
      const decoded = decodeCompactPrePrepare(bytes);
      // What is put off until it is wanted must be as total.
      if (decoded.ok) compactPlaces(decoded.value);
      return decoded;
    },
    encodeCompactPrePrepare,
  ),
  ofBytes(
    "transactions request",
    [encodeTransactionsRequest({ blockHash: seeds.hash(0x33), places: [0, 3, 300, 19_999] })],
    decodeTransactionsRequest,
    encodeTransactionsRequest,
  ),
  ofBytes("vote", seeds.VOTES.map(encodeVote), decodeVote, encodeVote),
  ofBytes("certificate", [encodeCertificate(seeds.CERTIFICATE)], decodeCertificate, encodeCertificate),
  ofBytes("evidence", [encodeEvidence(seeds.EVIDENCE)], decodeEvidence, encodeEvidence),
  ofBytes(
    "certificates",
    [payloads.encodeCertificates([seeds.CERTIFICATE, seeds.CERTIFICATE])],
    payloads.decodeCertificates,
    payloads.encodeCertificates,
  ),
  ofBytes(
    "view request",
    [payloads.encodeViewRequest({ epoch: 1, view: 2 })],
    payloads.decodeViewRequest,
    payloads.encodeViewRequest,
  ),
  ofBytes("fast block", envelopes, decodeFastBlock, encodeFastBlock),
  ofBytes(
    "fast blocks",
    [payloads.encodeFastBlocks({ envelopes, certificate: seeds.CERTIFICATE })],
    payloads.decodeFastBlocks,
    payloads.encodeFastBlocks,
  ),
  ofBytes("range", [payloads.encodeRange({ from: 4, count: 64 })], payloads.decodeRange, payloads.encodeRange),
  ofBytes("snail header", [encodeSnailHeader(seeds.SNAIL_HEADER)], decodeSnailHeader, encodeSnailHeader),
  ofBytes("snail block", seeds.SNAIL_BLOCKS.map(encodeSnailBlock), decodeSnailBlock, encodeSnailBlock),
  ofBytes(
    "snail blocks request",
    [
      payloads.encodeSnailBlocksRequest({ kind: "hash", hash: seeds.hash(1) }),
      payloads.encodeSnailBlocksRequest({ kind: "range", from: 3, count: 64 }),
    ],
    payloads.decodeSnailBlocksRequest,
    payloads.encodeSnailBlocksRequest,
  ),
  ofBytes("parts", [payloads.encodeParts(envelopes)], (bytes) => payloads.decodeParts(bytes, 64), payloads.encodeParts),
  ofBytes("hashes", [payloads.encodeHashes(hashes)], payloads.decodeHashes, payloads.encodeHashes),
  ofBytes("fruit", [encodeFruit({ header: seeds.SNAIL_HEADER })], decodeFruit, encodeFruit),
  ofBytes(
    "fruits",
    [payloads.encodeFruits([{ header: seeds.SNAIL_HEADER }])],
    payloads.decodeFruits,
    payloads.encodeFruits,
  ),
  ofBytes(
    "transaction",
    seeds.TRANSACTIONS.map(({ encoded }) => encoded),
    decodeTransaction,
    ({ encoded }) => encoded,
  ),
  ofBytes(
    "accounts request",
    [state.encodeAccountsRequest({ root: seeds.hash(1), span: { from: newBytes(32), to: newBytes(32) } })],
    state.decodeAccountsRequest,
    state.encodeAccountsRequest,
  ),
  ofBytes(
    "slots request",
    [state.encodeSlotsRequest([{ root: seeds.hash(1), from: newBytes(32) }])],
    state.decodeSlotsRequest,
    state.encodeSlotsRequest,
  ),
  ofBytes("state chunks", [state.encodeChunks([chunk])], (bytes) => state.decodeChunks(bytes, 64)),
  ofBytes("proven state chunk", [state.encodeChunks([chunk])], (bytes) => {
    const chunks = state.decodeChunks(bytes, 64);
    const [first] = chunks.ok ? chunks.value : [];
    if (first === undefined) return { ok: false };
    const entries = first.entries.map(({ name, value }) => ({ key: keccak256(name), value }));
    const span = { from: newBytes(32), to: newBytes(32).fill(0xff) };
    return verifySpan(keccakHash(first.proof[0] ?? newBytes(0)), span, entries, first.proof, keccak256);
  }),
  ofBytes(
    "outlines",
    [state.encodeOutlines(envelopes.map(outlineOfEnvelope), seeds.CERTIFICATE)],
    state.decodeOutlines,
  ),
  ofBytes("fast outline", envelopes.map(outlineOfEnvelope), decodeFastOutline),
  ofBytes(
    "snail headers",
    [state.encodeSnailHeaders([seeds.SNAIL_HEADER])],
    state.decodeSnailHeaders,
    state.encodeSnailHeaders,
  ),
  ofBytes(
    "finished blocks",
    [state.encodeFinishedBlocks([finished])],
    (bytes) => state.decodeFinishedBlocks(bytes, 64),
    state.encodeFinishedBlocks,
  ),
];

const fromDisk: readonly Subject[] = [
  ofBytes("rlp", [envelope], decodeRlp, encodeRlp),
  ofBytes("receipt", [encodeReceipt(seeds.RECEIPT)], decodeReceipt, encodeReceipt),
  ofBytes("outcomes", [encodeExecuted(seeds.EXECUTED)], decodeExecuted, encodeExecuted),
  ofBytes("extra data", [encodeExtraData({ epoch: 1, view: 2, milliseconds: 3 })], decodeExtraData),
  ofBytes(
    "epoch record",
    [encodeEpochRecord({ firstBlock: 3, committee: seeds.COMMITTEE })],
    decodeEpochRecord,
    encodeEpochRecord,
  ),
  ofBytes(
    "snail record",
    seeds.SNAIL_BLOCKS.map((block) => encodeSnailRecord({ block, totalDifficulty: 5n, stalledSeconds: 6 })),
    decodeSnailRecord,
    encodeSnailRecord,
  ),
  ofBytes("signing record", [encodeSigningRecord(signing)], decodeSigningRecord),
  ofBytes("log", [concatBytes(...wal.map(encodeWalRecord))], (bytes) => ({ ok: true, value: readWalRecords(bytes) })),
  ofBytes("journal", wal.map(encodeWalRecord), (bytes) => ({ ...openDamaged(bytes), value: null })),
  ...wal.map(({ type, payload }) =>
    ofBytes(`journal entry ${type}`, [payload], (bytes) => ({
      ...openDamaged(encodeWalRecord({ type, payload: bytes })),
      value: null,
    })),
  ),
  ofBytes("address book", [encodeBookFile(7, bookEntries)], decodeBookFile),
];

const fromPeople: readonly Subject[] = [
  ofJson("node configuration", [config], checkNodeConfig),
  ofText("chain spec", [serializeChainSpec(spec)], (written) => {
    let value: unknown;
    try {
      value = parseChainSpecJson(written);
    } catch {
      return { ok: false };
    }
    return checkChainSpec(value);
  }),
  ofText(
    "history line",
    [formatHistoryBlock({ number: 7, envelope, certificate: seeds.CERTIFICATE })],
    parseHistoryBlock,
  ),
  { ...ofJson("keystore", seeds.KEYSTORES, (file) => decryptKeystore(file, "")), share: 0.01, slowMs: 20_000 },
];

export const SUBJECTS: readonly Subject[] = [...fromPeers, ...fromDisk, ...fromPeople];
