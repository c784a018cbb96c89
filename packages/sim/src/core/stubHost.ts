// Answers to what a core asks about blocks: makes them, judges them, executes them, as far as a stub block allows.
import type { BftEffect, BftInput } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { PrePrepare } from "@festina/types";
import { GENESIS_HASH } from "./committees.ts";
import { decodeStubBlock, makeStubBlock, type StubBlock } from "./stubBlock.ts";
import type { StubChain } from "./stubChain.ts";

/** The production bound: a proposal may be this far ahead of a member's clock. */
const DRIFT_MS = 5_000;

export interface HostWorld {
  nowMs(): number;
  /** What the process's own clock shows as the time of day. */
  wallMs(): number;
  /** Whether a block at this height ends its epoch. */
  isBoundary(height: number): boolean;
  onBuilt(hash: Hash32): void;
}

type Verdict = Extract<BftInput, { kind: "proposalChecked" }>["verdict"];

export class StubHost {
  readonly #chain: StubChain;
  readonly #world: HostWorld;
  readonly #index: number;
  #salt = 0;

  constructor(chain: StubChain, world: HostWorld, index: number) {
    this.#chain = chain;
    this.#world = world;
    this.#index = index;
  }

  build(
    { view, parentHash, repropose }: Extract<BftEffect, { kind: "buildProposal" }>,
    epoch: number,
    reveal: Uint8Array,
  ): BftInput {
    const nowMs = this.#world.nowMs();
    const block = repropose === null ? this.#makeBlock(parentHash, epoch) : (this.#chain.openBlock(repropose) ?? null);
    if (block === null) return { kind: "proposalBuilt", view, proposal: null, nowMs };
    this.#chain.addOpen(block);
    this.#chain.execute(block.hash);
    this.#world.onBuilt(block.hash);
    const { hash, height, envelope, isBoundary } = block;
    const proposal = { blockHash: hash, parentHash: block.parentHash, height, envelope, reveal, isBoundary };
    return { kind: "proposalBuilt", view, proposal, nowMs };
  }

  #makeBlock(parentHash: Hash32, epoch: number): StubBlock | null {
    if (!this.#chain.isExecuted(parentHash)) return null;
    const parent = this.#chain.block(parentHash);
    const height = (parent?.height ?? 0) + 1;
    return makeStubBlock({
      epoch,
      height,
      parentHash,
      proposer: this.#index,
      timeMs: Math.max(this.#world.wallMs(), (parent?.timeMs ?? 0) + 1),
      isBoundary: this.#world.isBoundary(height),
      hasTrueRoot: true,
      salt: this.#salt++,
    });
  }

  judge(message: PrePrepare): BftInput {
    const { view, blockHash } = message;
    const read = decodeStubBlock(message.envelope);
    const verdict = read.ok ? this.#verdictOn(message, read.value) : "garbled";
    const isGood = read.ok && verdict === "valid";
    if (isGood) this.#chain.addOpen(read.value);
    const isBoundary = isGood && read.value.isBoundary;
    return { kind: "proposalChecked", view, blockHash, verdict, isBoundary, nowMs: this.#world.nowMs() };
  }

  /** The voting rules that production asks of chain and clock. */
  #verdictOn(message: PrePrepare, block: StubBlock): Verdict {
    const { height, parentHash, epoch, isBoundary, timeMs } = block;
    if (block.hash !== message.blockHash || height !== message.height || parentHash !== message.parentHash)
      return "garbled";
    const parent = this.#chain.block(parentHash);
    if (parentHash !== GENESIS_HASH && parent === undefined) return "unavailable";
    const isNext = epoch === message.epoch && height === (parent?.height ?? 0) + 1;
    if (!isNext || isBoundary !== this.#world.isBoundary(height)) return "invalid";
    const isTimely = timeMs > (parent?.timeMs ?? 0) && timeMs <= this.#world.wallMs() + DRIFT_MS;
    return isTimely ? "valid" : "invalid";
  }

  execute(blockHash: Hash32): BftInput {
    const executed = this.#chain.execute(blockHash);
    const isBoundary = executed.ok && executed.value.isBoundary;
    const verdict = executed.ok ? "valid" : "invalid";
    return { kind: "blockExecuted", blockHash, verdict, isBoundary, nowMs: this.#world.nowMs() };
  }
}
