import type { SigningContext } from "@festina/crypto";
import {
  type BftEffect,
  type BftInput,
  type ExecutedBlock,
  type HybridState,
  isRevealDue,
  NO_REVEAL,
} from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import { type Committee, encodeFastBlock, type PrePrepare } from "@festina/types";
import type { ConsensusOptions } from "./consensusOptions.ts";
import { judgeProposal, verdictOf } from "./proposalJudge.ts";

type BlockWorkOptions = Pick<
  ConsensusOptions,
  "chain" | "network" | "pointers" | "signer" | "proposer" | "clock" | "nowMs" | "log"
>;

/** What the core wants done with blocks and cannot do itself. Every answer is an input for it. */
export class BlockWork {
  readonly #options: BlockWorkOptions;
  readonly #onExecuted: (executed: ExecutedBlock) => void;

  /** `onExecuted` hears of each block that a next one may stand on, before the core does. */
  constructor(options: BlockWorkOptions, onExecuted: (executed: ExecutedBlock) => void) {
    this.#options = options;
    this.#onExecuted = onExecuted;
  }

  /** A new block, or the prepared one again. */
  async build(
    { view, parentHash, repropose }: Extract<BftEffect, { kind: "buildProposal" }>,
    context: SigningContext,
  ): Promise<BftInput> {
    const { chain, proposer } = this.#options;
    const parent = chain.pending.hybridState(parentHash);
    const reveal = parent === undefined ? NO_REVEAL : this.reveal(parent, context, view);
    const built =
      repropose !== null
        ? (chain.pending.executed(repropose) ?? null)
        : parent === undefined
          ? null
          : await proposer.build(parent, view, reveal);
    const nowMs = this.#nowMs();
    if (built === null) return { kind: "proposalBuilt", view, proposal: null, nowMs };
    this.#onExecuted(built);
    const { block } = built;
    return {
      kind: "proposalBuilt",
      view,
      nowMs,
      proposal: {
        blockHash: block.hash,
        parentHash: block.header.parentHash,
        height: block.header.number,
        envelope: encodeFastBlock(block),
        reveal,
        isBoundary: block.requests.handover !== null,
      },
    };
  }

  /** Ours for a block on `parent`; empty where none is due. Asking for it early makes it cheap later. */
  reveal(parent: HybridState, context: SigningContext, view: number): Uint8Array {
    const { signer, chain } = this.#options;
    if (signer === null || !isRevealDue(parent, chain.environment.spec.preset)) return NO_REVEAL;
    return signer.reveal(context, view);
  }

  async judge(message: PrePrepare, committee: Committee): Promise<BftInput> {
    const { chain, pointers, log } = this.#options;
    const judged = await judgeProposal(message, chain, committee, pointers, this.#options);
    const { view, blockHash, height } = message;
    if (!judged.ok)
      log.warn("proposalRefused", { view, height, code: judged.error.code, message: judged.error.message });
    const verdict = judged.ok ? "valid" : verdictOf(judged.error.code);
    const isBoundary = judged.ok && judged.value.isBoundary;
    return { kind: "proposalChecked", view, blockHash, verdict, isBoundary, nowMs: this.#nowMs() };
  }

  async execute(blockHash: Hash32): Promise<BftInput> {
    const { chain, log } = this.#options;
    const executed = await chain.execute(blockHash, "proposed");
    if (executed.ok) this.#onExecuted(executed.value);
    else log.warn("executionRefused", { blockHash, code: executed.error.code, message: executed.error.message });
    const isBoundary = executed.ok && executed.value.block.requests.handover !== null;
    return {
      kind: "blockExecuted",
      blockHash,
      // Only a refusal speaks against the block; that something is not here does not.
      verdict: executed.ok ? "valid" : executed.error.code === "BLOCK_REFUSED" ? "invalid" : "unavailable",
      isBoundary,
      nowMs: this.#nowMs(),
    };
  }

  /** `null`: nobody had it, or there is no room for it. */
  async fetch(blockHash: Hash32, from: string): Promise<BftInput | null> {
    const { chain, network } = this.#options;
    const block = chain.pending.block(blockHash) ?? (await network.fetchBlock(blockHash, from));
    if (block === null || block.hash !== blockHash || !chain.pending.addReceived(block)) return null;
    const { parentHash, number } = block.header;
    return { kind: "blockFetched", blockHash, parentHash, height: number, nowMs: this.#nowMs() };
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }
}
