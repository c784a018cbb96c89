import { type ChainSpec, serializeChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { fail, ok, type Result } from "@festina/primitives";
import type { KeyValueStore } from "@festina/storage";
import { CommittedChain } from "../chain/committedChain.ts";
import { formatHistoryBlock, formatHistoryHeader } from "./historyFile.ts";

export type ExportFailureCode = "EXPORT_EMPTY" | "EXPORT_RANGE";

/**
 * The lines of a history file with blocks `first` to `last` of a stopped node's folder. The last block must have a
 * certificate of its own; `last` is moved down to the newest that has.
 */
export function exportHistory(
  spec: ChainSpec,
  store: KeyValueStore,
  suite: SignatureSuite,
  first: number,
  last: number,
): Result<{ readonly lines: readonly string[]; readonly last: number }, ExportFailureCode> {
  const chain = new CommittedChain(store, suite, spec);
  if (!chain.load()) return fail("EXPORT_EMPTY", "the data folder holds no chain");
  const end = chain.newestCertified(Math.min(last, chain.head.header.number));
  if (first < 1 || end < first) return fail("EXPORT_RANGE", `there are final blocks 1 to ${chain.head.header.number}`);
  const lines = [formatHistoryHeader(serializeChainSpec(spec))];
  for (let number = first; number <= end; number++) {
    const envelope = chain.envelope(number);
    if (envelope === undefined) return fail("EXPORT_RANGE", `block ${number} is missing`);
    lines.push(formatHistoryBlock({ number, envelope, certificate: chain.certificateAt(number) ?? null }));
  }
  return ok({ lines, last: end });
}
