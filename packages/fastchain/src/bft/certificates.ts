import { type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { bytesToHex, fail, type Hash32, ok, type Result } from "@festina/primitives";
import {
  type Certificate,
  type CertificateKind,
  type Committee,
  quorumSeats,
  signerIndexes,
  signersBitmap,
  type Vote,
  type VoteKind,
} from "@festina/types";
import { memberKey } from "./memberKeys.ts";

/** Which votes make which certificate. */
export const VOTE_OF: Readonly<Record<CertificateKind, VoteKind>> = {
  prepared: "prepare",
  committed: "commit",
  skipped: "viewChange",
};
export const CERTIFICATE_OF: Readonly<Record<VoteKind, CertificateKind>> = {
  prepare: "prepared",
  commit: "committed",
  viewChange: "skipped",
};

export function voteMessage(context: SigningContext, kind: VoteKind, view: number, blockHash: Hash32): Uint8Array {
  return signingMessage(context, kind, view, kind === "viewChange" ? null : blockHash);
}

export type CertificateFailureCode =
  | "CERTIFICATE_EPOCH"
  | "CERTIFICATE_SIGNERS"
  | "CERTIFICATE_WEIGHT"
  | "CERTIFICATE_SIGNATURE";

/** More than what is open at a time: votes make and proposals carry about three certificates a view. */
const VERIFIED_MAX = 512;

/** The context that a committee's certificates were verified in, and what they say. */
interface Verified {
  readonly context: SigningContext;
  readonly suite: SignatureSuite;
  readonly sayings: Set<string>;
}

const verified = new WeakMap<Committee, Verified>();

/** Everything that a certificate consists of, besides its epoch. */
function sayingOf({ kind, view, blockHash, signers, signature }: Certificate): string {
  return `${kind} ${view} ${blockHash} ${bytesToHex(signers)} ${bytesToHex(signature)}`;
}

/** What is remembered for this committee; in another context nothing holds that was said before. */
function verifiedIn(committee: Committee, context: SigningContext, suite: SignatureSuite): Set<string> {
  const known = verified.get(committee);
  const isSame =
    known?.suite === suite &&
    (known.context === context ||
      (known.context.chainId === context.chainId && known.context.genesisHash === context.genesisHash));
  if (known !== undefined && isSame) return known.sayings;
  const fresh = { context, suite, sayings: new Set<string>() };
  verified.set(committee, fresh);
  return fresh.sayings;
}

/** The same certificate comes with votes, with proposals and inside blocks: it is verified once, by its whole content. */
function remember(sayings: Set<string>, saying: string): void {
  sayings.add(saying);
  if (sayings.size <= VERIFIED_MAX) return;
  const [oldest] = sayings;
  if (oldest !== undefined) sayings.delete(oldest);
}

/** Whether a quorum of this committee's seats signed. Cheap checks come before the one aggregate verification. */
export function verifyCertificate(
  certificate: Certificate,
  committee: Committee,
  context: SigningContext,
  suite: SignatureSuite,
): Result<void, CertificateFailureCode> {
  if (certificate.epoch !== committee.epoch || context.epoch !== committee.epoch) {
    return fail(
      "CERTIFICATE_EPOCH",
      `certificate of epoch ${certificate.epoch}, committee of epoch ${committee.epoch}`,
    );
  }
  const sayings = verifiedIn(committee, context, suite);
  const saying = sayingOf(certificate);
  if (sayings.has(saying)) return ok(undefined);
  const keys: Uint8Array[] = [];
  let seats = 0;
  for (const index of signerIndexes(certificate.signers)) {
    const member = committee.members[index];
    if (member === undefined) return fail("CERTIFICATE_SIGNERS", "a signer is not in the committee");
    keys.push(memberKey(committee, index));
    seats += member.seats;
  }
  if (seats < quorumSeats(committee)) {
    return fail("CERTIFICATE_WEIGHT", `signers hold ${seats} of the ${quorumSeats(committee)} seats needed`);
  }
  const message = voteMessage(context, VOTE_OF[certificate.kind], certificate.view, certificate.blockHash);
  if (!suite.verifyAggregate(keys, message, certificate.signature)) {
    return fail("CERTIFICATE_SIGNATURE", "the aggregate signature does not verify");
  }
  remember(sayings, saying);
  return ok(undefined);
}

/** Joins votes of one kind, view and block. The caller has checked their weight. `null` when one cannot be decoded. */
export function joinVotes(votes: readonly Vote[], suite: SignatureSuite): Certificate | null {
  const ordered = [...votes].sort((a, b) => a.member - b.member);
  const [first] = ordered;
  const signature = suite.aggregate(ordered.map((vote) => vote.signature));
  if (first === undefined || signature === null) return null;
  return {
    kind: CERTIFICATE_OF[first.kind],
    epoch: first.epoch,
    view: first.view,
    blockHash: first.blockHash,
    signers: signersBitmap(ordered.map(({ member }) => member)),
    signature,
  };
}
