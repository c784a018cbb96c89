import { advanceElection, isBoundaryBlock } from "@festina/election";
import { assert, ok, type Result } from "@festina/primitives";
import {
  type Certificate,
  computeListRoot,
  type DevelopmentRequest,
  type Evidence,
  encodeExtraData,
  encodeReceipt,
  type FastBlock,
  type FastHeader,
  type HybridRequests,
  hashFastHeader,
  hashHybridRequests,
  hashSnailHeader,
  NO_REQUESTS,
  type SnailBlock,
} from "@festina/types";
import { leaderOf } from "../bft/leader.ts";
import { nextBeacon } from "../chain/beacon.ts";
import { blockTerms } from "../chain/development.ts";
import { drawNextCommittee } from "../chain/handover.ts";
import { type HybridState, hybridTimeMs } from "../chain/hybridState.ts";
import { isUnanchored, movePointer } from "../chain/pointerRules.ts";
import { selectEvidence } from "../evidence/selectEvidence.ts";
import type { Ancestry, FastChainEnvironment, TransactionSource } from "../ports.ts";
import { toBlockContext } from "./blockContext.ts";
import { verifyCarriedCertificate } from "./certificateRules.ts";
import { computeRewards } from "./computeRewards.ts";
import type { ExecutedBlock } from "./executeFastBlock.ts";
import { nextHybridState } from "./finishBlock.ts";
import { type BlockFrame, beginBlock, endBlock, nextParticipation, TransactionRunner } from "./runBlockBody.ts";

export interface BuildInput {
  readonly parent: HybridState;
  readonly ancestry: Ancestry;
  readonly view: number;
  /** The builder's clock; the block's time is later than the parent's whatever the clock says. */
  readonly nowMs: number;
  /** The leader's beacon reveal for this epoch and view where it is due, else empty. */
  readonly reveal: Uint8Array;
  /** Where the pointer moves to, if it does; a child of the parent's pointer. */
  readonly snailBlock: SnailBlock | null;
  /** The highest COMMITTED of an ancestor that is not on chain. */
  readonly certificate: Certificate | null;
  /** Most urgent first; what may not stand in this block is left out. */
  readonly evidence: readonly Evidence[];
  readonly transactions: TransactionSource;
  /** On a development chain: what its developer decides about this block. */
  readonly development?: DevelopmentRequest;
  /** Asked before each transaction: false ends the block. */
  readonly hasTime: () => boolean;
  readonly genesisHash: FastHeader["parentHash"];
}

/** A block as far as it is known before anything is executed. */
type BlockPlan = Omit<BlockFrame, "requests"> & Pick<HybridRequests, "evidence">;

/** Room for the header, a certificate, rewards, evidence and a committee beside the transactions. */
const REQUESTS_RESERVE_BYTES = 256 * 1024;
/** No transaction is cheaper; with less gas left the block is full. */
const TRANSACTION_GAS_MIN = 21_000n;

async function takeTransactions(runner: TransactionRunner, input: BuildInput, bytesMax: number): Promise<void> {
  let bytesLeft = bytesMax;
  while (runner.gasAvailable >= TRANSACTION_GAS_MIN && input.hasTime()) {
    const transaction = input.transactions.next();
    if (transaction === undefined) return;
    const isTooLarge = transaction.encoded.length > bytesLeft || transaction.gasLimit > runner.gasAvailable;
    const refused = isTooLarge ? { code: "BLOCK_FULL" } : await runner.run(transaction);
    if (refused === null) bytesLeft -= transaction.encoded.length;
    else input.transactions.refuse(transaction, refused.code);
  }
}

/** The requests that are known before execution. */
async function prepareRequests(
  input: BuildInput,
  frame: BlockPlan,
  environment: FastChainEnvironment,
): Promise<Result<HybridRequests, "ELECTION_BODIES_MISSING">> {
  const { parent, snailBlock } = input;
  const { preset } = environment.spec;
  const pointer = snailBlock?.header ?? null;
  const requests: HybridRequests = {
    ...NO_REQUESTS,
    pointer,
    certificate: input.certificate,
    evidence: frame.evidence,
    ...(input.development === undefined ? {} : { development: input.development }),
  };
  const rewards =
    snailBlock === null
      ? []
      : computeRewards({
          spec: environment.spec,
          snailBlock,
          committee: parent.committee,
          slashed: parent.slashed,
          participation: nextParticipation({ ...frame, requests }),
          certificate: input.certificate,
          proposerPayout: frame.context.coinbase,
        });
  const { number, prevRandao } = frame.context;
  if (!isBoundaryBlock(parent.election, { number, timeMs: frame.timeMs }, preset)) return ok({ ...requests, rewards });
  const tracked = { number, timeMs: frame.timeMs, pointerNumber: frame.pointer.number, beacon: prevRandao };
  const election = advanceElection(parent.election, tracked, preset);
  assert(election.phase === "seeded", "a boundary block comes at or after the seed block");
  const view = environment.states.open(parent.header.stateRoot);
  const draw = await drawNextCommittee(parent, election, frame.pointer.hash, view, frame.context, environment);
  return draw.ok ? ok({ ...requests, rewards, handover: draw.value.committee }) : draw;
}

/** The parts of a frame that need no execution. What the caller offers is checked here, so that no invalid block leaves. */
function planFrame(input: BuildInput, environment: FastChainEnvironment): BlockPlan {
  const { parent, ancestry, view } = input;
  const { spec, suite } = environment;
  const timeMs = Math.max(input.nowMs, hybridTimeMs(parent) + 1);
  const proposer = parent.committee.members[leaderOf(parent.committee, view)];
  assert(proposer !== undefined, "every view has a leader");
  const header = {
    number: parent.header.number + 1,
    timestamp: Math.floor(timeMs / 1000),
    ...blockTerms(parent, proposer.payout, input.development, spec),
    beacon: input.development?.prevRandao ?? nextBeacon(parent.header.beacon, input.reveal),
  };
  const moved =
    input.snailBlock === null
      ? ok(parent.pointer)
      : movePointer(parent, input.snailBlock.header, spec.preset, ancestry);
  assert(moved.ok, "the offered snail block may be pointed to");
  const signing = { chainId: spec.chainId, genesisHash: input.genesisHash };
  const certificate = verifyCarriedCertificate(parent, input.certificate, ancestry, suite, signing);
  assert(certificate.ok, "the offered certificate may be carried");
  return {
    ...selectEvidence(parent, input.evidence, timeMs, ancestry, environment, input.genesisHash),
    parent,
    ancestry,
    proposer: proposer.address,
    context: toBlockContext(header, spec, ancestry),
    timeMs,
    pointer: moved.value,
    pointerMoved: input.snailBlock !== null,
    certificate: certificate.value,
  };
}

/**
 * Makes the next block and executes it on the way, with the same steps by which others will execute it. Fails only when
 * the block would have to hand over and fruits of the window are not here.
 */
export async function buildFastBlock(
  input: BuildInput,
  environment: FastChainEnvironment,
): Promise<Result<ExecutedBlock, "ELECTION_BODIES_MISSING">> {
  const { parent } = input;
  const { preset } = environment.spec;
  const plan = planFrame(input, environment);
  const requests = await prepareRequests(input, plan, environment);
  if (!requests.ok) return requests;
  const frame: BlockFrame = { ...plan, requests: requests.value };
  const stateView = environment.states.open(parent.header.stateRoot);
  const begun = beginBlock(frame, stateView);
  const runner = new TransactionRunner(frame, stateView, environment);
  if (!isUnanchored(parent, frame.timeMs, preset))
    await takeTransactions(runner, input, preset.blockBytesMax - REQUESTS_RESERVE_BYTES);
  const ending = await endBlock(frame, stateView, environment, begun);
  const run = runner.result();
  const { context } = frame;
  const header: FastHeader = {
    parentHash: parent.hash,
    coinbase: context.coinbase,
    stateRoot: environment.states.seal(parent.header.stateRoot, stateView),
    transactionsRoot: computeListRoot(run.transactions.map(({ encoded }) => encoded)),
    receiptsRoot: computeListRoot(run.executed.map(({ receipt }) => encodeReceipt(receipt))),
    logsBloom: run.logsBloom,
    number: context.number,
    gasLimit: context.gasLimit,
    gasUsed: run.gasUsed,
    timestamp: context.timestamp,
    extraData: encodeExtraData({ epoch: parent.committee.epoch, view: input.view, milliseconds: frame.timeMs % 1000 }),
    beacon: context.prevRandao,
    baseFeePerGasWei: context.baseFeePerGasWei,
    snailPointer: input.snailBlock === null ? parent.pointer.hash : hashSnailHeader(input.snailBlock.header),
    requestsHash: hashHybridRequests(frame.requests),
  };
  const block: FastBlock = {
    header,
    hash: hashFastHeader(header),
    transactions: run.transactions,
    requests: frame.requests,
  };
  return ok({
    block,
    executed: run.executed,
    hybrid: nextHybridState(frame, header, block.hash, run, ending, environment),
  });
}
