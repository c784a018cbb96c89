import type { CommittedPoint } from "@festina/fastchain";
import type { CommittedChain } from "../chain/committedChain.ts";

/** Where a core of the head's epoch begins: at its base block, or at the newest block that became final in it. */
export function committedPoint(chain: CommittedChain): CommittedPoint {
  const { header, hash, epochBaseNumber } = chain.head;
  const height = header.number;
  if (height === epochBaseNumber) return { hash, height, view: 0, certificate: null };
  const certificate = chain.certificateAt(height) ?? null;
  return { hash, height, view: certificate?.view ?? 0, certificate };
}
