import type { Certificate } from "@festina/types";
import type { ConsensusNetwork } from "./ports.ts";

/** The newest of them matter most; a member that is further behind catches up by blocks. */
const VIEWS_MAX = 16;

/** Asks for the certificates of views `fromView` to `toView` of an epoch, all at once. */
export async function fetchCertificates(
  network: ConsensusNetwork,
  epoch: number,
  views: { readonly fromView: number; readonly toView: number; readonly from: string },
  onCertificates: (certificates: readonly Certificate[]) => void,
): Promise<void> {
  const { fromView, toView, from } = views;
  const first = Math.max(fromView, toView - VIEWS_MAX + 1);
  const wanted = Array.from({ length: Math.max(0, toView - first + 1) }, (_, index) => first + index);
  await Promise.all(wanted.map(async (view) => onCertificates(await network.fetchCertificates(epoch, view, from))));
}
