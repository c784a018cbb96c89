import { type Address, hexToBytes, type RlpItem, type RlpReader, rlpInteger } from "@festina/primitives";
import { type Certificate, type Committee, type CommitteeMember, signerIndexes } from "@festina/types";

/** How often each member is in its committee's certificates that came on chain since it was last paid or took over. */
export interface Participation {
  readonly certificates: number;
  readonly signed: ReadonlyMap<Address, number>;
}

export const NO_PARTICIPATION: Participation = { certificates: 0, signed: new Map() };

/** `committee` is the one that made the certificate. */
export function countCertificate(
  participation: Participation,
  certificate: Certificate,
  committee: Committee,
): Participation {
  const signed = new Map(participation.signed);
  for (const index of signerIndexes(certificate.signers)) {
    const address = committee.members[index]?.address;
    if (address !== undefined) signed.set(address, (signed.get(address) ?? 0) + 1);
  }
  return { certificates: participation.certificates + 1, signed };
}

/** Members that are paid: in at least half of the certificates; all of them while there was none. */
export function paidMembers(participation: Participation, committee: Committee): readonly CommitteeMember[] {
  return committee.members.filter(
    ({ address }) => 2 * (participation.signed.get(address) ?? 0) >= participation.certificates,
  );
}

/** Whether somebody whom this certificate leaves out would not be paid now: late votes are then worth adding to it. */
export function leavesOutUnpaid(participation: Participation, certificate: Certificate, committee: Committee): boolean {
  if (certificate.epoch !== committee.epoch) return false;
  const counted = countCertificate(participation, certificate, committee);
  return paidMembers(counted, committee).length < committee.members.length;
}

export function participationItem({ certificates, signed }: Participation): RlpItem {
  const entries = [...signed].sort(([a], [b]) => (a < b ? -1 : 1));
  return [rlpInteger(certificates), entries.map(([address, count]) => [hexToBytes(address), rlpInteger(count)])];
}

const MEMBERS_MAX = 4_096;

export function readParticipation(reader: RlpReader): Participation {
  const certificates = reader.number("certificates");
  const entries = reader.many("signed", MEMBERS_MAX, (list) =>
    list.list("entry", (entry) => [entry.address("address"), entry.number("count")] as const),
  );
  return { certificates, signed: new Map(entries) };
}
