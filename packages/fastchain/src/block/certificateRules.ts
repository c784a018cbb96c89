import type { SignatureSuite } from "@festina/crypto";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import type { Certificate, Committee } from "@festina/types";
import { verifyCertificate } from "../bft/certificates.ts";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry } from "../ports.ts";

export type CertificateRuleCode =
  | "CERTIFICATE_KIND"
  | "CERTIFICATE_ANCESTOR"
  | "CERTIFICATE_INVALID"
  | "CERTIFICATE_BOUNDARY_MISSING";

/** A certificate in a block, with the ancestor it finalises and the committee that made it. */
export interface CarriedCertificate {
  readonly number: number;
  readonly committee: Committee;
}

/** The first block of an epoch shows that the boundary block is final; the genesis block needs no certificate. */
export function mustCarryBoundary(parent: HybridState): boolean {
  return parent.previousCommittee !== null && parent.header.number === parent.epochBaseNumber;
}

/** Who was to finalise an ancestor: the boundary block belongs to the committee before. */
export function committeeOf(parent: HybridState, number: number): Committee | null {
  return number <= parent.epochBaseNumber ? parent.previousCommittee : parent.committee;
}

function ancestorNumber(parent: HybridState, hash: Hash32, ancestry: Ancestry): number | null {
  for (let number = parent.header.number; number > parent.certifiedNumber; number--) {
    const known = number === parent.header.number ? parent.hash : ancestry.hashOf(number);
    if (known === hash) return number;
  }
  return null;
}

/** The rules for the certificate request; `null` for a block that carries none. Without a suite signatures are not verified. */
export function verifyCarriedCertificate(
  parent: HybridState,
  certificate: Certificate | null,
  ancestry: Ancestry,
  suite: SignatureSuite | null,
  signing: { readonly chainId: bigint; readonly genesisHash: Hash32 },
): Result<CarriedCertificate | null, CertificateRuleCode> {
  const names = certificate?.blockHash ?? null;
  if (mustCarryBoundary(parent) && names !== parent.hash)
    return fail("CERTIFICATE_BOUNDARY_MISSING", "the first block of an epoch carries the boundary block's certificate");
  if (certificate === null) return ok(null);
  if (certificate.kind !== "committed")
    return fail("CERTIFICATE_KIND", `a block carries COMMITTED, not ${certificate.kind}`);
  const number = ancestorNumber(parent, certificate.blockHash, ancestry);
  if (number === null)
    return fail("CERTIFICATE_ANCESTOR", "the certificate is not of an ancestor still to be certified");
  const committee = committeeOf(parent, number);
  if (committee === null) return fail("CERTIFICATE_ANCESTOR", "no committee is known for that ancestor");
  if (suite === null) return ok({ number, committee });
  const verified = verifyCertificate(certificate, committee, { ...signing, epoch: committee.epoch }, suite);
  if (!verified.ok) return fail("CERTIFICATE_INVALID", verified.error.message);
  return ok({ number, committee });
}
