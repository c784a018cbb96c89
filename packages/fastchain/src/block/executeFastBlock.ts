import { advanceElection } from "@festina/election";
import { equalBytes, type Failure, fail, type Hash32, ok, type Result } from "@festina/primitives";
import {
  computeListRoot,
  encodeReceipt,
  type FastBlock,
  type FastOutline,
  type HybridRequests,
  hashHybridRequests,
  NO_REQUESTS,
  type RecoveredTransaction,
} from "@festina/types";
import { drawNextCommittee } from "../chain/handover.ts";
import type { HybridState } from "../chain/hybridState.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { toBlockContext } from "./blockContext.ts";
import { computeRewards } from "./computeRewards.ts";
import type { ExecutedTransaction } from "./executedTransaction.ts";
import { nextHybridState } from "./finishBlock.ts";
import { type BlockFrame, beginBlock, endBlock, nextParticipation, TransactionRunner } from "./runBlockBody.ts";
import type { VerifiedShape } from "./verifyFastHeader.ts";

export type ExecutionFailureCode =
  | "EXECUTION_TRANSACTION"
  /** The block may be right: our engine broke on one of its transactions, or state that it needs is not to be had. */
  | "EXECUTION_ENGINE_FAULT"
  | "EXECUTION_STATE_ROOT"
  | "EXECUTION_RECEIPTS_ROOT"
  | "EXECUTION_LOGS_BLOOM"
  | "EXECUTION_GAS_USED"
  | "EXECUTION_REWARDS"
  | "EXECUTION_HANDOVER"
  /** Not wrong, but not to be judged yet: snail bodies are missing. */
  | "EXECUTION_BODIES_MISSING";

/** A block that was executed, whoever made it. Its state is sealed under `header.stateRoot`. */
export interface ExecutedBlock {
  readonly block: FastBlock;
  readonly executed: readonly ExecutedTransaction[];
  readonly hybrid: HybridState;
}

/** `committed`: a certificate vouches for the block, so rewards and handover are taken as listed where bodies are missing. */
export type ExecutionTrust = "proposed" | "committed";

/** Equal when encoded: one value has one encoding. */
function sameRequests(listed: Partial<HybridRequests>, computed: Partial<HybridRequests>): boolean {
  return hashHybridRequests({ ...NO_REQUESTS, ...listed }) === hashHybridRequests({ ...NO_REQUESTS, ...computed });
}

/** The rewards that the block must list, computed from the snail block it points to. */
function checkRewards(
  frame: BlockFrame,
  trust: ExecutionTrust,
  environment: FastChainEnvironment,
): Failure<ExecutionFailureCode> | null {
  if (!frame.pointerMoved) return null;
  const snailBlock = environment.snail.block(frame.pointer.hash);
  if (snailBlock === undefined) {
    return trust === "committed"
      ? null
      : { code: "EXECUTION_BODIES_MISSING", message: `snail block ${frame.pointer.number} is not here` };
  }
  const computed = computeRewards({
    spec: environment.spec,
    snailBlock,
    committee: frame.parent.committee,
    slashed: frame.parent.slashed,
    participation: nextParticipation(frame),
    certificate: frame.requests.certificate,
    proposerPayout: frame.context.coinbase,
  });
  return sameRequests({ rewards: frame.requests.rewards }, { rewards: computed })
    ? null
    : { code: "EXECUTION_REWARDS", message: "the rewards are not those of the snail block" };
}

async function checkHandover(
  frame: BlockFrame,
  trust: ExecutionTrust,
  view: Parameters<typeof drawNextCommittee>[3],
  environment: FastChainEnvironment,
): Promise<Failure<ExecutionFailureCode> | null> {
  const { handover } = frame.requests;
  if (handover === null) return null;
  const { number, prevRandao } = frame.context;
  const tracked = { number, timeMs: frame.timeMs, pointerNumber: frame.pointer.number, beacon: prevRandao };
  const election = advanceElection(frame.parent.election, tracked, environment.spec.preset);
  if (election.phase !== "seeded") return { code: "EXECUTION_HANDOVER", message: "the election has no seed yet" };
  const draw = await drawNextCommittee(frame.parent, election, frame.pointer.hash, view, frame.context, environment);
  if (!draw.ok) return trust === "committed" ? null : { code: "EXECUTION_BODIES_MISSING", message: draw.error.message };
  return sameRequests({ handover }, { handover: draw.value.committee })
    ? null
    : { code: "EXECUTION_HANDOVER", message: "the next committee is not the one drawn" };
}

function recoverAll(
  block: FastBlock,
  environment: FastChainEnvironment,
): Result<readonly RecoveredTransaction[], "EXECUTION_TRANSACTION"> {
  const recovered: RecoveredTransaction[] = [];
  for (const [index, transaction] of block.transactions.entries()) {
    const result = environment.recover(transaction);
    if (!result.ok) return fail("EXECUTION_TRANSACTION", `transaction ${index}: ${result.error.message}`);
    recovered.push(result.value);
  }
  return ok(recovered);
}

export function frameOf(
  parent: HybridState,
  block: FastOutline,
  shape: VerifiedShape,
  ancestry: Ancestry,
  environment: Pick<FastChainEnvironment, "spec">,
): BlockFrame {
  const requests: HybridRequests = block.requests;
  return {
    parent,
    context: toBlockContext(block.header, environment.spec, ancestry),
    timeMs: shape.timeMs,
    pointer: shape.pointer,
    pointerMoved: requests.pointer !== null,
    requests,
    certificate: shape.certificate,
    ancestry,
    proposer: shape.proposer,
    guilty: shape.guilty,
  };
}

/**
 * Executes a block whose shape was verified and compares what comes out with what its header says. The sealed state
 * stays available for children; the caller drops it if the block is never committed.
 */
export async function executeFastBlock(
  parent: HybridState,
  block: FastBlock,
  shape: VerifiedShape,
  ancestry: Ancestry,
  environment: FastChainEnvironment,
  trust: ExecutionTrust,
): Promise<Result<ExecutedBlock, ExecutionFailureCode>> {
  const recovered = recoverAll(block, environment);
  if (!recovered.ok) return recovered;
  const frame = frameOf(parent, block, shape, ancestry, environment);
  const view = environment.states.open(parent.header.stateRoot);
  const broken = checkRewards(frame, trust, environment) ?? (await checkHandover(frame, trust, view, environment));
  if (broken !== null) return { ok: false, error: broken };

  const begun = beginBlock(frame, view);
  const runner = new TransactionRunner(frame, view, environment);
  for (const [index, transaction] of recovered.value.entries()) {
    const refused = await runner.run(transaction);
    if (refused === null) continue;
    const isOurs = refused.code === "ENGINE_FAULT" || refused.code === "STATE_UNREACHABLE";
    const code = isOurs ? "EXECUTION_ENGINE_FAULT" : "EXECUTION_TRANSACTION";
    return fail(code, `transaction ${index}: ${refused.code}: ${refused.message}`);
  }
  const ending = await endBlock(frame, view, environment, begun);
  const run = runner.result();
  const { header } = block;
  if (run.gasUsed !== header.gasUsed)
    return fail("EXECUTION_GAS_USED", `gas used is ${run.gasUsed}, not ${header.gasUsed}`);
  if (!equalBytes(run.logsBloom, header.logsBloom))
    return fail("EXECUTION_LOGS_BLOOM", "the bloom of the logs differs");
  const receiptsRoot = computeListRoot(run.executed.map(({ receipt }) => encodeReceipt(receipt)));
  if (receiptsRoot !== header.receiptsRoot)
    return fail("EXECUTION_RECEIPTS_ROOT", `the receipts' root is ${receiptsRoot}`);
  const stateRoot: Hash32 = environment.states.seal(parent.header.stateRoot, view);
  if (stateRoot !== header.stateRoot) return fail("EXECUTION_STATE_ROOT", `the state root is ${stateRoot}`);
  return ok({
    block,
    executed: run.executed,
    hybrid: nextHybridState(frame, header, block.hash, run, ending, environment),
  });
}
