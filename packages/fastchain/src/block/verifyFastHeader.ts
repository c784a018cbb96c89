import type { SignatureSuite } from "@festina/crypto";
import { isBoundaryBlock } from "@festina/election";
import { type Address, fail, ok, type Result } from "@festina/primitives";
import {
  computeListRoot,
  decodeExtraData,
  EMPTY_ROOT,
  encodeFastBlock,
  type FastBlock,
  type FastOutline,
  fastTimeMs,
  hashHybridRequests,
} from "@festina/types";
import { leaderOf } from "../bft/leader.ts";
import { blockTerms } from "../chain/development.ts";
import { type HybridState, hybridTimeMs, type PointerState } from "../chain/hybridState.ts";
import { isUnanchored, movePointer, type PointerFailureCode } from "../chain/pointerRules.ts";
import { type RestartFailureCode, verifyRestartBase } from "../chain/restart.ts";
import { type EvidenceRuleCode, judgeCarriedEvidence } from "../evidence/evidenceWindow.ts";
import type { Ancestry, FastChainEnvironment } from "../ports.ts";
import { type CarriedCertificate, type CertificateRuleCode, verifyCarriedCertificate } from "./certificateRules.ts";

export type FastHeaderFailureCode =
  | "HEADER_NUMBER"
  | "HEADER_PARENT"
  | "HEADER_EXTRA_DATA"
  | "HEADER_EPOCH"
  | "HEADER_TIME"
  | "HEADER_GAS_LIMIT"
  | "HEADER_GAS_USED"
  | "HEADER_BASE_FEE"
  | "HEADER_COINBASE"
  | "HEADER_TRANSACTIONS_ROOT"
  | "HEADER_REQUESTS_HASH"
  | "HEADER_POINTER"
  | "BLOCK_TOO_LARGE"
  | "BLOCK_UNANCHORED"
  | "HANDOVER_MISPLACED"
  | "REWARDS_MISPLACED"
  | "DEVELOPMENT_REFUSED"
  | EvidenceRuleCode
  | PointerFailureCode
  | RestartFailureCode
  | CertificateRuleCode;

/** What the checks found out on the way, for execution. */
export interface VerifiedShape {
  readonly view: number;
  readonly timeMs: number;
  readonly pointer: PointerState;
  readonly certificate: CarriedCertificate | null;
  readonly isBoundary: boolean;
  /** The leader of the view in which the block was first proposed. */
  readonly proposer: Address;
  /** Whom the block's evidence convicts. */
  readonly guilty: readonly Address[];
}

function brokenField(
  parent: HybridState,
  block: FastOutline,
  { spec }: Pick<FastChainEnvironment, "spec">,
): Result<Pick<VerifiedShape, "view" | "proposer">, FastHeaderFailureCode> {
  const { header, requests } = block;
  if (requests.development !== undefined && spec.development !== true)
    return fail("DEVELOPMENT_REFUSED", "only a development chain lets its blocks set accounts");
  if (header.number !== parent.header.number + 1)
    return fail("HEADER_NUMBER", `block ${header.number} after ${parent.header.number}`);
  if (header.parentHash !== parent.hash) return fail("HEADER_PARENT", "the block does not name its parent");
  const extra = decodeExtraData(header.extraData);
  if (!extra.ok || extra.value.view < 1)
    return fail("HEADER_EXTRA_DATA", "extra data does not hold epoch, view and milliseconds");
  if (extra.value.epoch !== parent.committee.epoch)
    return fail("HEADER_EPOCH", `epoch ${extra.value.epoch}, not ${parent.committee.epoch}`);
  if (fastTimeMs(header) <= hybridTimeMs(parent)) return fail("HEADER_TIME", "the time does not advance");
  const leader = parent.committee.members[leaderOf(parent.committee, extra.value.view)];
  const terms = blockTerms(parent, leader?.payout ?? header.coinbase, requests.development, spec);
  if (header.gasLimit !== terms.gasLimit) return fail("HEADER_GAS_LIMIT", `gas limit ${header.gasLimit}`);
  if (header.gasUsed > header.gasLimit) return fail("HEADER_GAS_USED", "more gas is used than allowed");
  if (header.baseFeePerGasWei !== terms.baseFeePerGasWei)
    return fail("HEADER_BASE_FEE", "the base fee is not the next one");
  if (leader === undefined || header.coinbase !== terms.coinbase)
    return fail("HEADER_COINBASE", "the proposer is not the leader of the view");
  return ok({ view: extra.value.view, proposer: leader.address });
}

function brokenRequests({ header, requests }: FastOutline): Result<void, FastHeaderFailureCode> {
  return hashHybridRequests(requests) === header.requestsHash
    ? ok(undefined)
    : fail("HEADER_REQUESTS_HASH", "the requests are not those of the header");
}

function brokenCommitment(block: FastBlock, bytesMax: number): Result<void, FastHeaderFailureCode> {
  const root = computeListRoot(block.transactions.map(({ encoded }) => encoded));
  if (root !== block.header.transactionsRoot)
    return fail("HEADER_TRANSACTIONS_ROOT", "the transactions are not those of the header");
  const requests = brokenRequests(block);
  if (!requests.ok) return requests;
  if (encodeFastBlock(block).length > bytesMax) return fail("BLOCK_TOO_LARGE", `the block exceeds ${bytesMax} bytes`);
  return ok(undefined);
}

/**
 * Every rule that needs no execution: cheap ones first, the certificate's signatures last. Pure in the parent's hybrid
 * state and the block; no clock (drift is a voting rule, see `isTimely`).
 */
export function verifyFastHeader(
  parent: HybridState,
  block: FastBlock,
  ancestry: Ancestry,
  environment: FastChainEnvironment,
  signing: Parameters<typeof verifyCarriedCertificate>[4],
): Result<VerifiedShape, FastHeaderFailureCode> {
  const body = () => brokenCommitment(block, environment.spec.preset.blockBytesMax);
  return verifyRules(parent, block, ancestry, environment, signing, { body, suite: environment.suite });
}

/**
 * The same rules for a block under a certificate whose transactions are not here: of what it carries, signatures of the
 * certificate of an ancestor are taken as verified by those who signed above it.
 */
export function verifyFastOutline(
  parent: HybridState,
  outline: FastOutline,
  ancestry: Ancestry,
  environment: HeaderEnvironment,
  signing: Parameters<typeof verifyCarriedCertificate>[4],
): Result<VerifiedShape, FastHeaderFailureCode> {
  return verifyRules(parent, outline, ancestry, environment, signing, {
    body: () => brokenRequests(outline),
    suite: null,
  });
}

type HeaderEnvironment = Pick<FastChainEnvironment, "spec" | "suite" | "epochs">;

function verifyRules(
  parent: HybridState,
  block: FastOutline,
  ancestry: Ancestry,
  environment: HeaderEnvironment,
  signing: Parameters<typeof verifyCarriedCertificate>[4],
  { body, suite }: { readonly body: () => Result<void, FastHeaderFailureCode>; readonly suite: SignatureSuite | null },
): Result<VerifiedShape, FastHeaderFailureCode> {
  const { preset } = environment.spec;
  const { header, requests } = block;
  const fields = brokenField(parent, block, environment);
  if (!fields.ok) return fields;
  const base = verifyRestartBase(header, block.hash, environment.spec);
  if (!base.ok) return base;
  const commitments = body();
  if (!commitments.ok) return commitments;
  const timeMs = fastTimeMs(header);
  if (header.transactionsRoot !== EMPTY_ROOT && isUnanchored(parent, timeMs, preset)) {
    return fail("BLOCK_UNANCHORED", "no fruit has anchored the fast chain for too long; only empty blocks are valid");
  }
  const moved =
    requests.pointer === null ? ok(parent.pointer) : movePointer(parent, requests.pointer, preset, ancestry);
  if (!moved.ok) return moved;
  if (header.snailPointer !== moved.value.hash)
    return fail("HEADER_POINTER", "the header names another snail block than the request");
  if (requests.pointer === null && requests.rewards.length > 0)
    return fail("REWARDS_MISPLACED", "rewards are paid when the pointer moves");
  const isBoundary = isBoundaryBlock(parent.election, { number: header.number, timeMs }, preset);
  if (isBoundary !== (requests.handover !== null)) {
    return fail(
      "HANDOVER_MISPLACED",
      isBoundary ? "the last block of an epoch names the next committee" : "only the last block of an epoch hands over",
    );
  }
  const certificate = verifyCarriedCertificate(parent, requests.certificate, ancestry, suite, signing);
  if (!certificate.ok) return certificate;
  const { genesisHash } = signing;
  const guilty = judgeCarriedEvidence(parent, requests.evidence, timeMs, ancestry, environment, genesisHash);
  if (!guilty.ok) return guilty;
  return ok({
    ...fields.value,
    timeMs,
    pointer: moved.value,
    certificate: certificate.value,
    isBoundary,
    guilty: guilty.value,
  });
}

/** Voting rule, never validity: a proposal from further in the future than this is not prepared. */
export function isTimely(timeMs: number, nowMs: number, driftMs: number): boolean {
  return timeMs <= nowMs + driftMs;
}
