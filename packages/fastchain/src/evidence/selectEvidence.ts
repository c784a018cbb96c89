import type { Address } from "@festina/primitives";
import { EVIDENCE_PER_BLOCK_MAX, type Evidence, encodeEvidence } from "@festina/types";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { judgeEvidence } from "./evidenceWindow.ts";

/** Of a block's room for requests; two certificates that list 100 signatures take 13 KB. */
const EVIDENCE_BYTES_MAX = 96 * 1024;

export interface SelectedEvidence {
  readonly evidence: readonly Evidence[];
  /** Who is convicted by it. */
  readonly guilty: readonly Address[];
}

/** What of the offered evidence a child of `parent` may carry, in the order offered, within a block's bounds. */
export function selectEvidence(
  parent: HybridState,
  offered: readonly Evidence[],
  timeMs: number,
  ancestry: Ancestry,
  environment: FastChainEnvironment,
  genesisHash: HybridState["hash"],
): SelectedEvidence {
  const convicted = new Set<Address>();
  const evidence: Evidence[] = [];
  let bytesLeft = EVIDENCE_BYTES_MAX;
  for (const piece of offered) {
    if (evidence.length >= EVIDENCE_PER_BLOCK_MAX) break;
    const sizeBytes = encodeEvidence(piece).length;
    if (sizeBytes > bytesLeft) continue;
    const guilty = judgeEvidence(parent, piece, timeMs, ancestry, environment, genesisHash, convicted);
    if (!guilty.ok) continue;
    for (const address of guilty.value) convicted.add(address);
    evidence.push(piece);
    bytesLeft -= sizeBytes;
  }
  return { evidence, guilty: [...convicted] };
}
