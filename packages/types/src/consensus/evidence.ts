import { keccakHash } from "@festina/crypto";
import {
  encodeRlp,
  type Hash32,
  hexToBytes,
  type Result,
  type RlpItem,
  type RlpReader,
  readRlp,
  rlpInteger,
  ZERO_HASH,
} from "@festina/primitives";
import {
  CERTIFICATE_KINDS,
  type Certificate,
  type CertificateKind,
  certificateItem,
  readCertificate,
  signerIndexes,
} from "./certificate.ts";
import { COMMITTEE_MEMBERS_MAX } from "./committee.ts";
import type { PrePrepare } from "./prePrepare.ts";
import type { Vote } from "./vote.ts";

/** What a member signs about a view, and what can therefore contradict what it signed elsewhere. */
export const STATEMENT_KINDS = ["prePrepare", "prepare", "commit", "viewChange"] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

export interface SignedStatement {
  readonly kind: StatementKind;
  /** Hash of the block; `ZERO_HASH` for a VIEW-CHANGE. */
  readonly blockHash: Hash32;
  readonly signature: Uint8Array;
}

/** Two statements of one member about one view that an honest member never makes together (rules S1, S2, S3). */
export interface StatementEvidence {
  readonly kind: "statements";
  readonly epoch: number;
  readonly view: number;
  /** Position of the accused in the epoch's committee. */
  readonly member: number;
  /** In canonical order: by kind, then by block hash. */
  readonly first: SignedStatement;
  readonly second: SignedStatement;
}

/** Two certificates of one view that honest quorums never make together: whoever signed both is guilty. */
export interface CertificateEvidence {
  readonly kind: "certificates";
  readonly first: Certificate;
  readonly second: Certificate;
}

/** Proof that members broke the voting rules, complete in itself but for the committee of the epoch. */
export type Evidence = StatementEvidence | CertificateEvidence;

const KINDS = ["statements", "certificates"] as const;
/** No suite's signatures are longer. */
const SIGNATURE_BYTES_MAX = 128;

/**
 * Whether both may not come from one honest member. PREPARE of one block and COMMIT of another may: when the leader sent
 * two proposals, a quorum may have PREPARED the other one.
 */
function conflictsAs(
  first: { readonly kind: string; readonly blockHash: Hash32 },
  second: { readonly kind: string; readonly blockHash: Hash32 },
): boolean {
  if (first.kind === second.kind) return first.blockHash !== second.blockHash;
  const kinds = [first.kind, second.kind];
  if (kinds.includes("commit")) return kinds.includes("viewChange");
  return kinds.includes("committed") && kinds.includes("skipped");
}

function isOrdered<Kind extends string>(
  kinds: readonly Kind[],
  first: { readonly kind: Kind; readonly blockHash: Hash32 },
  second: { readonly kind: Kind; readonly blockHash: Hash32 },
): boolean {
  const distance = kinds.indexOf(first.kind) - kinds.indexOf(second.kind);
  return distance === 0 ? first.blockHash < second.blockHash : distance < 0;
}

/** `null` when the two are no proof of anything. Signatures are not looked at. */
export function accuseMember(
  place: { readonly epoch: number; readonly view: number; readonly member: number },
  one: SignedStatement,
  other: SignedStatement,
): StatementEvidence | null {
  if (!conflictsAs(one, other)) return null;
  const { epoch, view, member } = place;
  const bare = ({ kind, blockHash, signature }: SignedStatement): SignedStatement => ({ kind, blockHash, signature });
  const [first, second] = isOrdered(STATEMENT_KINDS, one, other) ? [one, other] : [other, one];
  return { kind: "statements", epoch, view, member, first: bare(first), second: bare(second) };
}

/** Two votes of one member; `null` when they do not contradict each other. */
export function accuseVoter(one: Vote, other: Vote): StatementEvidence | null {
  if (one.epoch !== other.epoch || one.view !== other.view || one.member !== other.member) return null;
  return accuseMember(one, one, other);
}

/** Two proposals of the leader of a view, whose position is `member`; `null` when they are for one block. */
export function accuseLeader(member: number, one: PrePrepare, other: PrePrepare): StatementEvidence | null {
  if (one.epoch !== other.epoch || one.view !== other.view) return null;
  const { epoch, view } = one;
  const statement = ({ blockHash, signature }: PrePrepare): SignedStatement => ({
    kind: "prePrepare",
    blockHash,
    signature,
  });
  return accuseMember({ epoch, view, member }, statement(one), statement(other));
}

/** `null` when the two certificates do not contradict each other, or nobody signed both. */
export function accuseSigners(one: Certificate, other: Certificate): CertificateEvidence | null {
  if (one.epoch !== other.epoch || one.view !== other.view || !conflictsAs(one, other)) return null;
  const [first, second] = isOrdered(CERTIFICATE_KINDS, one, other) ? [one, other] : [other, one];
  const evidence = { kind: "certificates", first, second } as const;
  return accusedMembers(evidence).length === 0 ? null : evidence;
}

export function evidenceEpoch(evidence: Evidence): number {
  return evidence.kind === "statements" ? evidence.epoch : evidence.first.epoch;
}

/** Positions in the epoch's committee, ascending. */
export function accusedMembers(evidence: Evidence): readonly number[] {
  if (evidence.kind === "statements") return [evidence.member];
  const second = new Set(signerIndexes(evidence.second.signers));
  return signerIndexes(evidence.first.signers).filter((member) => second.has(member));
}

const statementItem = ({ kind, blockHash, signature }: SignedStatement): RlpItem => [
  rlpInteger(STATEMENT_KINDS.indexOf(kind)),
  hexToBytes(blockHash),
  signature,
];

export function evidenceItem(evidence: Evidence): RlpItem {
  const kind = rlpInteger(KINDS.indexOf(evidence.kind));
  if (evidence.kind === "certificates")
    return [kind, certificateItem(evidence.first), certificateItem(evidence.second)];
  const { epoch, view, member, first, second } = evidence;
  return [kind, rlpInteger(epoch), rlpInteger(view), rlpInteger(member), statementItem(first), statementItem(second)];
}

export function encodeEvidence(evidence: Evidence): Uint8Array {
  return encodeRlp(evidenceItem(evidence));
}

const NO_SIGNATURE = new Uint8Array(0);

/** The offence's identity: who contradicted what. Signatures do not count, for some suites know several of one message. */
export function hashEvidence(evidence: Evidence): Hash32 {
  const bare = <T extends { readonly signature: Uint8Array }>(signed: T): T => ({ ...signed, signature: NO_SIGNATURE });
  const signed =
    evidence.kind === "statements"
      ? { ...evidence, first: bare(evidence.first), second: bare(evidence.second) }
      : { ...evidence, first: bare(evidence.first), second: bare(evidence.second) };
  return keccakHash(encodeEvidence(signed));
}

function readStatement(reader: RlpReader): SignedStatement {
  const kind = STATEMENT_KINDS[reader.number("kind")];
  reader.expect(kind !== undefined, "unknown kind");
  const statement = {
    kind: kind as StatementKind,
    blockHash: reader.hash("blockHash"),
    signature: reader.bytes("signature", { max: SIGNATURE_BYTES_MAX }),
  };
  reader.expect((kind === "viewChange") === (statement.blockHash === ZERO_HASH), "only VIEW-CHANGE names no block");
  return statement;
}

function readStatements(reader: RlpReader): StatementEvidence {
  const evidence = {
    kind: "statements",
    epoch: reader.number("epoch"),
    view: reader.number("view"),
    member: reader.number("member"),
    first: reader.list("first", readStatement),
    second: reader.list("second", readStatement),
  } as const;
  reader.expect(evidence.member < COMMITTEE_MEMBERS_MAX, "no committee has such a member");
  reader.expect(conflictsAs(evidence.first, evidence.second), "the statements do not contradict each other");
  reader.expect(isOrdered(STATEMENT_KINDS, evidence.first, evidence.second), "the statements are not in order");
  return evidence;
}

function readCertificates(reader: RlpReader): CertificateEvidence {
  const first = reader.list("first", readCertificate);
  const second = reader.list("second", readCertificate);
  reader.expect(first.epoch === second.epoch && first.view === second.view, "the certificates are of different views");
  reader.expect(conflictsAs(first, second), "the certificates do not contradict each other");
  reader.expect(isOrdered<CertificateKind>(CERTIFICATE_KINDS, first, second), "the certificates are not in order");
  const evidence = { kind: "certificates", first, second } as const;
  reader.expect(accusedMembers(evidence).length > 0, "nobody signed both");
  return evidence;
}

/** Reads the fields of one piece of evidence from the list the reader stands in. Form only; signatures are not checked. */
export function readEvidence(reader: RlpReader): Evidence {
  const kind = KINDS[reader.number("kind")];
  if (kind === "statements") return readStatements(reader);
  return kind === "certificates" ? readCertificates(reader) : reader.refuse("unknown kind");
}

export function decodeEvidence(bytes: Uint8Array): Result<Evidence, "DECODE_INVALID"> {
  return readRlp(bytes, "evidence", readEvidence);
}
