import { sha256 } from "@festina/crypto";
import {
  type Address,
  concatBytes,
  encodeRlp,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";
import { type Certificate, certificateItem, readCertificate } from "../consensus/certificate.ts";
import { type Committee, committeeItem, readCommittee } from "../consensus/committee.ts";
import { type Evidence, evidenceItem, readEvidence } from "../consensus/evidence.ts";
import { readSnailHeader, type SnailHeader, snailHeaderItem } from "../snail/snailHeader.ts";
import { type DevelopmentRequest, developmentItem, readDevelopment } from "./developmentRequest.ts";
import { computeRequestsHash } from "./listRoot.ts";

/** EIP-7685 types of the hybrid protocol. Each appears at most once, in ascending order, never empty. */
export const REQUEST_TYPE = {
  pointer: 0xf0,
  certificate: 0xf1,
  rewards: 0xf2,
  evidence: 0xf3,
  handover: 0xf4,
  development: 0xf5,
} as const;

export interface Payment {
  readonly to: Address;
  readonly amountWei: bigint;
}

/** What a fast block says about the hybrid consensus. Travels beside the Ethereum block; the header commits to it. */
export interface HybridRequests {
  /** Header of the snail block that the pointer moves to; `null` when the pointer stays. */
  readonly pointer: SnailHeader | null;
  /** The highest COMMITTED certificate of an ancestor that is not on chain yet. */
  readonly certificate: Certificate | null;
  /** What is paid because the pointer passes a snail block, in the order it is credited. */
  readonly rewards: readonly Payment[];
  /** Proof of broken voting rules; each piece names somebody who was not slashed before. */
  readonly evidence: readonly Evidence[];
  /** The whole next committee; only in the last block of an epoch. */
  readonly handover: Committee | null;
  /** Only on development chains. */
  readonly development?: DevelopmentRequest;
}

export const NO_REQUESTS: HybridRequests = {
  pointer: null,
  certificate: null,
  rewards: [],
  evidence: [],
  handover: null,
};

const PAYMENTS_MAX = 8_192;
/** Pieces of evidence in one block (reference: consensus-and-reliability 1.5, bounds). */
export const EVIDENCE_PER_BLOCK_MAX = 64;

/** One element per request present: type byte, then RLP. */
export function encodeHybridRequests(requests: HybridRequests): readonly Uint8Array[] {
  const element = (type: number, body: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(type), body);
  const elements: Uint8Array[] = [];
  if (requests.pointer !== null)
    elements.push(element(REQUEST_TYPE.pointer, encodeRlp(snailHeaderItem(requests.pointer))));
  if (requests.certificate !== null) {
    elements.push(element(REQUEST_TYPE.certificate, encodeRlp(certificateItem(requests.certificate))));
  }
  if (requests.rewards.length > 0) {
    const list = requests.rewards.map((payment) => [hexToBytes(payment.to), rlpInteger(payment.amountWei)]);
    elements.push(element(REQUEST_TYPE.rewards, encodeRlp(list)));
  }
  if (requests.evidence.length > 0)
    elements.push(element(REQUEST_TYPE.evidence, encodeRlp(requests.evidence.map(evidenceItem))));
  if (requests.handover !== null)
    elements.push(element(REQUEST_TYPE.handover, encodeRlp(committeeItem(requests.handover))));
  if (requests.development !== undefined)
    elements.push(element(REQUEST_TYPE.development, encodeRlp(developmentItem(requests.development))));
  return elements;
}

export function hashHybridRequests(requests: HybridRequests): Hash32 {
  return computeRequestsHash(encodeHybridRequests(requests), sha256);
}

function readPayments(reader: RlpReader): readonly Payment[] {
  const payments: Payment[] = [];
  reader.expect(reader.remaining > 0 && reader.remaining <= PAYMENTS_MAX, "payments are empty or too many");
  while (reader.remaining > 0) {
    payments.push(reader.list("payment", (item) => ({ to: item.address("to"), amountWei: item.bigint("amount") })));
  }
  return payments;
}

function readEvidenceList(reader: RlpReader): readonly Evidence[] {
  const evidence: Evidence[] = [];
  reader.expect(reader.remaining > 0 && reader.remaining <= EVIDENCE_PER_BLOCK_MAX, "evidence is empty or too much");
  while (reader.remaining > 0) evidence.push(reader.list("evidence", readEvidence));
  return evidence;
}

const READERS: Readonly<Record<number, (reader: RlpReader) => Partial<HybridRequests>>> = {
  [REQUEST_TYPE.pointer]: (reader) => ({ pointer: readSnailHeader(reader) }),
  [REQUEST_TYPE.certificate]: (reader) => ({ certificate: readCertificate(reader) }),
  [REQUEST_TYPE.rewards]: (reader) => ({ rewards: readPayments(reader) }),
  [REQUEST_TYPE.evidence]: (reader) => ({ evidence: readEvidenceList(reader) }),
  [REQUEST_TYPE.handover]: (reader) => ({ handover: readCommittee(reader) }),
  [REQUEST_TYPE.development]: (reader) => ({ development: readDevelopment(reader) }),
};

export function decodeHybridRequests(elements: readonly Uint8Array[]): Result<HybridRequests, "DECODE_INVALID"> {
  let requests = NO_REQUESTS;
  let previousType = 0;
  for (const bytes of elements) {
    const type = bytes[0] ?? 0;
    const read = READERS[type];
    if (read === undefined) return fail("DECODE_INVALID", `request type 0x${type.toString(16)} is not known`);
    if (type <= previousType) return fail("DECODE_INVALID", "request types are not ascending");
    previousType = type;
    const decoded = readRlp(bytes.subarray(1), `request 0x${type.toString(16)}`, read);
    if (!decoded.ok) return decoded;
    requests = { ...requests, ...decoded.value };
  }
  return ok(requests);
}
