import type { ChainSpec } from "@festina/chainspec";
import { type Address, fail, ok, type Result } from "@festina/primitives";
import { type Committee, type Evidence, evidenceEpoch } from "@festina/types";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { type EvidenceFailureCode, verifyEvidence } from "./verifyEvidence.ts";

export type EvidenceRuleCode =
  | EvidenceFailureCode
  /** Of an epoch that has not begun, or whose record is not here any more. */
  | "EVIDENCE_EPOCH_UNKNOWN"
  /** Its epoch ended longer ago than the evidence window. */
  | "EVIDENCE_EXPIRED"
  /** Everybody it convicts was slashed before. */
  | "EVIDENCE_REPEATED";

type Environment = Pick<FastChainEnvironment, "spec" | "suite" | "epochs">;

/** Who sat in an epoch, and which block was its last; `null` while it lasts. */
interface EpochSpan {
  readonly committee: Committee;
  readonly lastBlock: number | null;
}

function spanOf(parent: HybridState, epoch: number, { epochs }: Pick<Environment, "epochs">): EpochSpan | null {
  const sitting = parent.committee.epoch;
  if (epoch === sitting) return { committee: parent.committee, lastBlock: null };
  if (epoch === parent.previousCommittee?.epoch)
    return { committee: parent.previousCommittee, lastBlock: parent.epochBaseNumber };
  const record = epoch < sitting ? epochs.epoch(epoch) : undefined;
  const next = record === undefined ? undefined : epochs.epoch(epoch + 1);
  return record === undefined || next === undefined
    ? null
    : { committee: record.committee, lastBlock: next.firstBlock - 1 };
}

function isWithinWindow(span: EpochSpan, timeMs: number, ancestry: Ancestry, spec: ChainSpec): boolean {
  if (span.lastBlock === null) return true;
  const endedMs = ancestry.timeMsOf(span.lastBlock);
  return endedMs !== undefined && timeMs - endedMs <= spec.evidenceWindowSeconds * 1000;
}

/** Whether evidence of this epoch still counts in a child of `parent` with this time. */
export function isEpochPunishable(
  parent: HybridState,
  epoch: number,
  timeMs: number,
  ancestry: Ancestry,
  environment: Pick<Environment, "spec" | "epochs">,
): boolean {
  const span = spanOf(parent, epoch, environment);
  return span !== null && isWithinWindow(span, timeMs, ancestry, environment.spec);
}

/**
 * Whom a piece of evidence convicts that was not slashed before, by the rules for a child of `parent`. Cheap checks come
 * before the two signatures. `convicted` are those that earlier evidence in the same block convicts.
 */
export function judgeEvidence(
  parent: HybridState,
  evidence: Evidence,
  timeMs: number,
  ancestry: Ancestry,
  environment: Environment,
  genesisHash: HybridState["hash"],
  convicted: ReadonlySet<Address> = new Set(),
): Result<readonly Address[], EvidenceRuleCode> {
  const { spec, suite } = environment;
  const epoch = evidenceEpoch(evidence);
  const span = spanOf(parent, epoch, environment);
  if (span === null) return fail("EVIDENCE_EPOCH_UNKNOWN", `epoch ${epoch} is not known here`);
  if (!isWithinWindow(span, timeMs, ancestry, spec))
    return fail("EVIDENCE_EXPIRED", `epoch ${epoch} ended more than ${spec.evidenceWindowSeconds} s before`);
  const guilty = verifyEvidence(evidence, span.committee, { chainId: spec.chainId, genesisHash, epoch }, suite);
  if (!guilty.ok) return guilty;
  const slashed = new Set(parent.slashed.map(({ address }) => address));
  const fresh = guilty.value.filter((address) => !slashed.has(address) && !convicted.has(address));
  return fresh.length > 0 ? ok(fresh) : fail("EVIDENCE_REPEATED", "everybody it convicts was slashed before");
}

/** The rules for the evidence of a block: each piece convicts somebody new. Answers with all of them, in order. */
export function judgeCarriedEvidence(
  parent: HybridState,
  carried: readonly Evidence[],
  timeMs: number,
  ancestry: Ancestry,
  environment: Environment,
  genesisHash: HybridState["hash"],
): Result<readonly Address[], EvidenceRuleCode> {
  const convicted = new Set<Address>();
  for (const evidence of carried) {
    const guilty = judgeEvidence(parent, evidence, timeMs, ancestry, environment, genesisHash, convicted);
    if (!guilty.ok) return guilty;
    for (const address of guilty.value) convicted.add(address);
  }
  return ok([...convicted]);
}
