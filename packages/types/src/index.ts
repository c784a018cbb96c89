export {
  CERTIFICATE_KINDS,
  type Certificate,
  type CertificateKind,
  certificateHash,
  certificateItem,
  decodeCertificate,
  encodeCertificate,
  readCertificate,
  signerIndexes,
  signersBitmap,
} from "./consensus/certificate.ts";
export {
  COMMITTEE_MEMBERS_MAX,
  type Committee,
  type CommitteeMember,
  committeeItem,
  faultySeatsMax,
  quorumSeats,
  readCommittee,
  totalSeats,
} from "./consensus/committee.ts";
export {
  type CompactPrePrepare,
  compactPlaces,
  decodeCompactPrePrepare,
  encodeCompactPrePrepare,
  toCompact,
} from "./consensus/compactPrePrepare.ts";
export {
  accusedMembers,
  accuseLeader,
  accuseMember,
  accuseSigners,
  accuseVoter,
  type CertificateEvidence,
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  evidenceEpoch,
  evidenceItem,
  hashEvidence,
  readEvidence,
  type SignedStatement,
  STATEMENT_KINDS,
  type StatementEvidence,
  type StatementKind,
} from "./consensus/evidence.ts";
export { decodePrePrepare, encodePrePrepare, type PrePrepare, SKIPS_MAX } from "./consensus/prePrepare.ts";
export { decodeVote, encodeVote, readVote, VOTE_KINDS, type Vote, type VoteKind, voteItem } from "./consensus/vote.ts";
export {
  type AccountChange,
  DEVELOPMENT_GAS_LIMITS,
  type DevelopmentRequest,
  NO_DEVELOPMENT,
} from "./fast/developmentRequest.ts";
export { decodeExtraData, EXTRA_DATA_BYTES, encodeExtraData, type FastExtraData } from "./fast/extraData.ts";
export {
  blockOfEnvelope,
  decodeFastBlock,
  encodeEthereumBlock,
  encodeFastBlock,
  type FastBlock,
  TRANSACTIONS_MAX,
} from "./fast/fastBlock.ts";
export {
  EMPTY_OMMERS_HASH,
  EMPTY_ROOT,
  encodeFastHeader,
  type FastHeader,
  fastTimeMs,
  hashFastHeader,
  readFastHeader,
} from "./fast/fastHeader.ts";
export { decodeFastOutline, type FastOutline, outlineOfEnvelope } from "./fast/fastOutline.ts";
export {
  decodeHybridRequests,
  EVIDENCE_PER_BLOCK_MAX,
  encodeHybridRequests,
  type HybridRequests,
  hashHybridRequests,
  NO_REQUESTS,
  type Payment,
  REQUEST_TYPE,
} from "./fast/hybridRequests.ts";
export { computeListRoot } from "./fast/listRoot.ts";
export { BLOOM_BYTES, computeLogsBloom, mergeBlooms } from "./fast/logsBloom.ts";
export { decodeReceipt, encodeReceipt, type Log, type Receipt } from "./fast/receipt.ts";
export { decodeFruit, encodeFruit, type Fruit, fruitItem, hashFruit, readFruit } from "./snail/fruit.ts";
export {
  computeFruitsRoot,
  decodeSnailBlock,
  EMPTY_FRUITS_ROOT,
  encodeSnailBlock,
  FRUITS_MAX,
  type SnailBlock,
} from "./snail/snailBlock.ts";
export {
  decodeSnailHeader,
  encodeSnailHeader,
  hashSnailHeader,
  readSnailHeader,
  type SnailHeader,
  sealHash,
  snailHeaderItem,
  withNonce,
} from "./snail/snailHeader.ts";
export { genesisSpecHash, specHash } from "./specHash.ts";
export {
  decodeTransaction,
  TRANSACTION_BYTES_MAX,
  type TransactionDecodeCode,
} from "./transaction/decodeTransaction.ts";
export {
  authorizationSigningHash,
  encodeTransaction,
  payerSigningHash,
  transactionSigningHash,
} from "./transaction/encodeTransaction.ts";
export { impersonate, impersonatedSender } from "./transaction/impersonation.ts";
export {
  recoverAuthority,
  recoverTransaction,
  type TransactionSignatureCode,
} from "./transaction/recoverTransaction.ts";
export { signTransaction, signTransactionAs } from "./transaction/signTransaction.ts";
export {
  type AccessListEntry,
  type Authorization,
  type RecoveredTransaction,
  type Sponsorship,
  TRANSACTION_TYPE,
  type Transaction,
  type TransactionFields,
  type TransactionType,
} from "./transaction/transaction.ts";
