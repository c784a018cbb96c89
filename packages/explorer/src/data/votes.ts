// Who signed the last blocks, from the certificates on chain.
import { readNumber } from "../format/readQuantity.ts";
import type { CertificateAnswer, CommitteeAnswer } from "./answers.ts";
import type { Call } from "./rpcCaller.ts";

export interface VoteRow {
  readonly number: number;
  readonly view: number;
  /** Indexes of members whose votes are in the certificate. */
  readonly signers: ReadonlySet<number>;
}

const BLOCKS_MAX = 40;

/** Own certificates of the last blocks of the committee's epoch, newest first. */
export async function readVotes(call: Call, committee: CommitteeAnswer, head: number): Promise<readonly VoteRow[]> {
  const last = committee.lastBlock === null ? head : readNumber(committee.lastBlock);
  const first = Math.max(readNumber(committee.firstBlock), 1, last - BLOCKS_MAX + 1);
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => last - index);
  const certificates = await Promise.all(
    numbers.map((number) =>
      call<CertificateAnswer | null>("committee_getCertificate", [`0x${number.toString(16)}`]).catch(() => null),
    ),
  );
  const rows = certificates.flatMap((certificate, index) => {
    const number = numbers[index] ?? 0;
    if (certificate === null || readNumber(certificate.blockNumber) !== number) return [];
    if (certificate.epoch !== committee.epoch) return [];
    return [{ number, view: readNumber(certificate.view), signers: new Set(certificate.signers) }];
  });
  return rows;
}

/** Of the rows, those whose certificate lacks this member. A certificate needs a quorum only, so this is no fault. */
export function missedBy(rows: readonly VoteRow[], member: number): number {
  return rows.filter(({ signers }) => !signers.has(member)).length;
}
