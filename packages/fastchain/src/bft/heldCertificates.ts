import type { Certificate, Evidence } from "@festina/types";
import type { BftState } from "./bftState.ts";
import type { BlameCode } from "./effect.ts";
import type { PeerName } from "./input.ts";

function heldCommitted(state: BftState, view: number): Certificate | null {
  const { committed } = state;
  const known = state.views.get(view) ?? state.past.get(view);
  return known?.committed ?? (view === committed.view ? committed.certificate : null);
}

/** Certificates of a view that we hold, COMMITTED first. */
export function heldCertificates(state: BftState, view: number): readonly Certificate[] {
  const known = state.views.get(view) ?? state.past.get(view);
  return [heldCommitted(state, view), known?.prepared, known?.skipped].filter((certificate) => certificate != null);
}

/** Whether we hold a certificate that says the same. */
export function holdsLike(state: BftState, { kind, view, blockHash }: Certificate): boolean {
  const known = state.views.get(view) ?? state.past.get(view);
  const held = kind === "committed" ? heldCommitted(state, view) : known?.[kind];
  return held?.blockHash === blockHash;
}

/** Passes proof on to the host; `null` is none. */
export function expose(state: BftState, evidence: Evidence | null, from: PeerName): void {
  if (evidence !== null) state.effects.push({ kind: "misbehaviourSeen", evidence, from });
}

/** Our own messages (from "") are nobody's fault. */
export function blame(state: BftState, from: PeerName, code: BlameCode): void {
  if (from !== "") state.effects.push({ kind: "senderBlamed", from, code });
}

/** A certificate we hold that cannot stand beside this one unless more than f seats are faulty. */
export function findRival(state: BftState, certificate: Certificate): Certificate | null {
  const { kind, view, blockHash } = certificate;
  const known = state.views.get(view) ?? state.past.get(view);
  const final = heldCommitted(state, view);
  if (kind === "prepared")
    return known?.prepared != null && known.prepared.blockHash !== blockHash ? known.prepared : null;
  if (kind === "skipped") return final;
  return final !== null && final.blockHash !== blockHash ? final : (known?.skipped ?? null);
}
