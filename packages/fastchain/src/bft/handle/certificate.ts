import type { Certificate } from "@festina/types";
import { type BftState, PAST_VIEWS } from "../bftState.ts";
import { verifyCertificate } from "../certificates.ts";
import { blame, holdsLike } from "../heldCertificates.ts";
import type { PeerName } from "../input.ts";
import { tryPrepare } from "../prepare.ts";
import { absorbCertificate, enterView, settle } from "../progress.ts";
import { resumeAfter } from "./executed.ts";
import { retryUnjustified } from "./prePrepare.ts";

/** What we hold already is not verified again. */
export function onCertificate(state: BftState, certificate: Certificate, from: PeerName): void {
  const { committee, context, suite } = state.config;
  if (certificate.view < state.committed.view - PAST_VIEWS || holdsLike(state, certificate)) return;
  const verified = verifyCertificate(certificate, committee, context, suite);
  if (!verified.ok) {
    if (verified.error.code !== "CERTIFICATE_EPOCH") blame(state, from, "BLAME_CERTIFICATE");
    return;
  }
  absorbCertificate(state, certificate, from, "spread");
  retryUnjustified(state);
  tryPrepare(state, state.view);
}

/** The host has verified the certificate and holds the block with all its ancestors. */
export function onCommittedExternally(state: BftState, certificate: Certificate, height: number): void {
  if (height <= state.committed.height) return;
  const { blockHash } = certificate;
  state.blocks.set(blockHash, {
    hash: blockHash,
    parentHash: blockHash,
    height,
    executed: "valid",
    isBoundary: false,
  });
  settle(state, certificate, height);
  enterView(state, certificate.view + 1);
  resumeAfter(state, blockHash);
}
