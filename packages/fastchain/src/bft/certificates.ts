import { type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { equalBytes, fail, type Hash32, ok, type Result } from "@festina/primitives";
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

/** Bytes of its own: what came in a message must not keep all of it in memory. */
type Saying = Pick<Certificate, "kind" | "blockHash" | "signers" | "signature">;

/** What was verified of one committee's certificates, and the context in which it was. */
interface Verified {
  readonly context: SigningContext;
  readonly suite: SignatureSuite;
  readonly byView: Map<number, Saying[]>;
  count: number;
}

const verified = new WeakMap<Committee, Verified>();

/** What is remembered for this committee; in another context nothing holds that was said before. */
function verifiedIn(committee: Committee, context: SigningContext, suite: SignatureSuite): Verified {
  const known = verified.get(committee);
  const isSame =
    known?.suite === suite &&
    (known.context === context ||
      (known.context.chainId === context.chainId && known.context.genesisHash === context.genesisHash));
  if (known !== undefined && isSame) return known;
  const fresh = { context, suite, byView: new Map<number, Saying[]>(), count: 0 };
  verified.set(committee, fresh);
  return fresh;
}

/** Equal in everything besides the epoch, which is the committee's, and the view. */
function isKnown({ byView }: Verified, certificate: Certificate): boolean {
  const { kind, view, blockHash, signers, signature } = certificate;
  for (const known of byView.get(view) ?? [])
    if (
      known.kind === kind &&
      known.blockHash === blockHash &&
      equalBytes(known.signers, signers) &&
      equalBytes(known.signature, signature)
    )
      return true;
  return false;
}

/** The same certificate comes with votes, with proposals and inside blocks: it is verified once, by its whole content. */
function remember(known: Verified, { kind, view, blockHash, signers, signature }: Certificate): void {
  const saying = { kind, blockHash, signers: signers.slice(), signature: signature.slice() };
  const ofView = known.byView.get(view);
  if (ofView === undefined) known.byView.set(view, [saying]);
  else ofView.push(saying);
  known.count += 1;
  for (const [oldest, forgotten] of known.byView) {
    if (known.count <= VERIFIED_MAX) break;
    known.byView.delete(oldest);
    known.count -= forgotten.length;
  }
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
  const known = verifiedIn(committee, context, suite);
  if (isKnown(known, certificate)) return ok(undefined);
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
  remember(known, certificate);
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
