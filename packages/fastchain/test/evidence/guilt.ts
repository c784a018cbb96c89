// Members of the test chain that break the rules: their keys are known, so that anything can be signed.
import { type SigningContext, signingMessage } from "@festina/crypto";
import { type Hash32, hexToBytes, ZERO_HASH } from "@festina/primitives";
import {
  accuseMember,
  accuseSigners,
  type Certificate,
  type Committee,
  type Evidence,
  type SignedStatement,
  type StatementKind,
  signersBitmap,
} from "@festina/types";
import { voteMessage } from "../../src/bft/certificates.ts";
import { testSuite } from "../chain/members.ts";

type Signing = Omit<SigningContext, "epoch">;

export const aHash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;

export function sayAs(
  member: number,
  committee: Committee,
  signing: Signing,
  view: number,
  kind: StatementKind,
  blockHash: Hash32 = ZERO_HASH,
): SignedStatement {
  const context = { ...signing, epoch: committee.epoch };
  const message = signingMessage(context, kind, view, kind === "viewChange" ? null : blockHash);
  const key = hexToBytes(committee.members[member]?.publicKey ?? "0x");
  return { kind, blockHash, signature: testSuite.sign(key, message) };
}

/** What one member says about two blocks in one view. */
export function doubleVote(
  member: number,
  committee: Committee,
  signing: Signing,
  view = 1,
  kind: StatementKind = "prepare",
): Evidence {
  const [one, other] = ["0a", "0b"].map((byte) => sayAs(member, committee, signing, view, kind, aHash(byte)));
  const place = { epoch: committee.epoch, view, member };
  const evidence = one === undefined || other === undefined ? null : accuseMember(place, one, other);
  if (evidence === null) throw new Error("the two do not contradict each other");
  return evidence;
}

export function certify(
  committee: Committee,
  signing: Signing,
  kind: Certificate["kind"],
  members: readonly number[],
  blockHash: Hash32,
  view = 1,
): Certificate {
  const vote = ({ prepared: "prepare", committed: "commit", skipped: "viewChange" } as const)[kind];
  const message = voteMessage({ ...signing, epoch: committee.epoch }, vote, view, blockHash);
  const signatures = members.map((member) =>
    testSuite.sign(hexToBytes(committee.members[member]?.publicKey ?? "0x"), message),
  );
  const signature = testSuite.aggregate(signatures) ?? new Uint8Array(0);
  return { kind, epoch: committee.epoch, view, blockHash, signers: signersBitmap(members), signature };
}

/** Members 0 to 2 commit one block, 1 to 3 another: the two in the middle are guilty. */
export function doubleCommit(committee: Committee, signing: Signing, view = 1): Evidence {
  const evidence = accuseSigners(
    certify(committee, signing, "committed", [0, 1, 2], aHash("0a"), view),
    certify(committee, signing, "committed", [1, 2, 3], aHash("0b"), view),
  );
  if (evidence === null) throw new Error("nobody signed both");
  return evidence;
}
