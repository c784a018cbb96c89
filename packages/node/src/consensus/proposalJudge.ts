import { isRevealRight, isTimely, leaderOf, nextBeacon } from "@festina/fastchain";
import { type Clock, fail, type Hash32, ok, pause, type Result } from "@festina/primitives";
import { blockOfEnvelope, type Committee, decodeExtraData, type PrePrepare } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";

/** Voting rules about the snail chain, answered by whoever holds it. */
export interface PointerJudge {
  /** Whether this snail block is held, fully validated and on our best chain. */
  isOnBestChain(number: number, hash: Hash32): boolean;
  /** Asks peers for it. */
  request(hash: Hash32): void;
}

/** A proposal may be this far ahead of our clock. */
const DRIFT_MS = 5_000;
/** How long a PREPARE waits for the snail block that a proposal points to. */
const POINTER_PATIENCE_MS = 400;
const POINTER_POLL_MS = 40;

export interface JudgedProposal {
  readonly isBoundary: boolean;
}

export type ProposalVerdict = "valid" | "invalid" | "garbled" | "unavailable";

/** The copy does not fit the signed hash, or its unsigned reveal is not the leader's: another copy may. */
const GARBLED: ReadonlySet<string> = new Set([
  "DECODE_INVALID",
  "PROPOSAL_MISMATCH",
  "PROPOSAL_REVEAL",
  "HEADER_TRANSACTIONS_ROOT",
  "HEADER_REQUESTS_HASH",
]);
/** What the rules speak of is not here, or not yet: our clock or our snail chain may be the one that is behind. */
const UNAVAILABLE: ReadonlySet<string> = new Set(["PROPOSAL_PARENT", "PROPOSAL_FUTURE", "PROPOSAL_POINTER"]);

/** What a refusal says about the leader. */
export function verdictOf(code: string): ProposalVerdict {
  if (GARBLED.has(code)) return "garbled";
  return UNAVAILABLE.has(code) ? "unavailable" : "invalid";
}

async function awaitPointer(judge: PointerJudge, clock: Clock, number: number, hash: Hash32): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += POINTER_POLL_MS) {
    if (judge.isOnBestChain(number, hash)) return true;
    if (waitedMs >= POINTER_PATIENCE_MS) return false;
    if (waitedMs === 0) judge.request(hash);
    await pause(clock, POINTER_POLL_MS);
  }
}

/**
 * Whether this member may PREPARE the proposal: the block is what the message says, keeps every rule that needs no
 * execution, is timely, carries the leader's true reveal where one is due, and points to a snail block that we follow ourselves.
 */
export async function judgeProposal(
  message: PrePrepare,
  chain: FastChain,
  committee: Committee,
  pointers: PointerJudge,
  time: { readonly clock: Clock; readonly nowMs: () => number },
): Promise<Result<JudgedProposal>> {
  const decoded = blockOfEnvelope(message.envelope);
  if (!decoded.ok) return decoded;
  const block = decoded.value;
  if (
    block.hash !== message.blockHash ||
    block.header.number !== message.height ||
    block.header.parentHash !== message.parentHash
  ) {
    return fail("PROPOSAL_MISMATCH", "the block is not the one that the message names");
  }
  const parent = chain.pending.hybridState(message.parentHash);
  if (parent === undefined) return fail("PROPOSAL_PARENT", "the parent is not executed here");
  const ancestry = chain.pending.ancestry(message.parentHash);
  const shape = chain.verifyShape(parent, block, ancestry);
  if (!shape.ok) return shape;
  const extra = decodeExtraData(block.header.extraData);
  if (!extra.ok || extra.value.view !== message.view) return fail("PROPOSAL_VIEW", "the block names another view");
  if (!isTimely(shape.value.timeMs, time.nowMs(), DRIFT_MS))
    return fail("PROPOSAL_FUTURE", "the block's time is ahead of our clock");
  const leader = committee.members[leaderOf(committee, message.view)];
  const { environment, signing } = chain;
  const context = { ...signing, epoch: committee.epoch };
  if (!isRevealRight(message, parent, leader, { preset: environment.spec.preset, suite: environment.suite, context }))
    return fail("PROPOSAL_REVEAL", "the beacon reveal is not the leader's, or not due");
  const { pointer, development } = block.requests;
  if (block.header.beacon !== (development?.prevRandao ?? nextBeacon(parent.header.beacon, message.reveal)))
    return fail("PROPOSAL_BEACON", "the beacon is not the next one");
  if (pointer !== null && !(await awaitPointer(pointers, time.clock, pointer.number, block.header.snailPointer))) {
    return fail("PROPOSAL_POINTER", `snail block ${pointer.number} is not on our best chain`);
  }
  chain.pending.addReceived(block);
  return ok({ isBoundary: shape.value.isBoundary });
}
