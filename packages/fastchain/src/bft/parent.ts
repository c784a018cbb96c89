import type { Hash32 } from "@festina/primitives";
import type { Certificate } from "@festina/types";
import { type BftState, isExecuted } from "./bftState.ts";

/** The certified block that a proposal of a view stands on, and the certificates that show it may. */
export interface CertifiedParent {
  readonly hash: Hash32;
  readonly view: number;
  readonly certificate: Certificate | null;
  readonly skips: readonly Certificate[];
}

export type ParentSearch =
  | { readonly kind: "found"; readonly parent: CertifiedParent }
  | { readonly kind: "missing"; readonly fromView: number; readonly toView: number };

/** Goes down from `view` over skipped views to the first certified and executed block (rule S4, from the leader's side). */
export function findParent(state: BftState, view: number): ParentSearch {
  const skips: Certificate[] = [];
  for (let below = view - 1; below > state.committed.view; below--) {
    const known = state.views.get(below);
    const certificate = known?.prepared ?? null;
    if (certificate !== null && isExecuted(state, certificate.blockHash)) {
      const parent = { hash: certificate.blockHash, view: below, certificate, skips: skips.reverse() };
      return { kind: "found", parent };
    }
    if (known?.skipped == null) return { kind: "missing", fromView: state.committed.view + 1, toView: view - 1 };
    skips.push(known.skipped);
  }
  const { hash, view: committedView, certificate } = state.committed;
  return { kind: "found", parent: { hash, view: committedView, certificate, skips: skips.reverse() } };
}
