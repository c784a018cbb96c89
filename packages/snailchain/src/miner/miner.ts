import { type Address, type Hash32, unreachable, ZERO_ADDRESS } from "@festina/primitives";
import { hashFruit, hashSnailHeader, sealHash } from "@festina/types";
import {
  assembleSnailCandidate,
  completeCandidate,
  type HashedFruit,
  type MiningAnchor,
  type MiningContext,
  type SnailCandidate,
} from "../block/assembleSnailCandidate.ts";
import { computeBoundaryHash } from "../block/verifySnailAnchor.ts";
import type { BestChainView } from "../fruit/verifyFruit.ts";
import type { FastView } from "../ports.ts";
import type { PowEngine } from "../pow/powEngine.ts";
import { isPowReady } from "../pow/powKey.ts";
import { computePowWins, computeTarget } from "../pow/target.ts";
import type { CurrentWork, MinerEffect, MinerInput, MiningWork } from "./minerInput.ts";

/** Fast blocks may come by the hundred per second; work follows them and the fruit pool at this pace. */
const REFRESH_MS = 500;
/** Even when nothing changes the candidate's timestamp follows the clock. */
const WORK_AGE_MS_MAX = 5_000;
/** Replaced works whose finds still count. */
const WORKS_KEPT = 16;

export interface MinerConfig {
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly chain: BestChainView & { miningContext(): MiningContext };
  readonly pool: { pick(maxFruits: number, anchorNumber: number): readonly HashedFruit[] };
  readonly maxFruits: number;
  readonly payout: Address;
  /** Validators to support in turn, one fruit each; empty for none. */
  readonly supports: readonly Address[];
  /** Differs between miners with the same payout address, or they would try the same nonces. */
  readonly startNonce: bigint;
}

interface Work {
  readonly id: number;
  readonly candidate: SnailCandidate;
  readonly powKey: Hash32;
}

/** Decides what is searched for, and what a found nonce is worth. The searching itself is the host's. */
export class Miner {
  readonly #config: MinerConfig;
  #anchor: MiningAnchor | null = null;
  #works: readonly Work[] = [];
  #nextWorkId = 1;
  #fruitsFound = 0;
  #searching = false;
  /** Something changed that the current work does not show yet. */
  #isStale = false;
  #refreshedMs = 0;

  constructor(config: MinerConfig) {
    this.#config = config;
  }

  /** `null` while nothing can be mined. */
  get currentWork(): CurrentWork | null {
    const work = this.#searching ? this.#works[0] : undefined;
    return work === undefined ? null : { ...this.#describe(work), header: work.candidate.header };
  }

  step(input: MinerInput): readonly MinerEffect[] {
    switch (input.kind) {
      case "fastCommitted":
        if (this.#anchor === null || input.anchor.number > this.#anchor.number) {
          this.#anchor = input.anchor;
          this.#isStale = true;
        }
        return this.#refreshWhenDue(input.nowMs);
      case "headChanged":
        return this.#refresh(input.nowMs);
      case "fruitPoolChanged":
        this.#isStale = true;
        return this.#refreshWhenDue(input.nowMs);
      case "nonceFound":
        return this.#onNonce(input.workId, input.nonce, input.nowMs);
      case "tick":
        return this.#refreshWhenDue(input.nowMs);
      default:
        return unreachable(input);
    }
  }

  #refreshWhenDue(nowMs: number): readonly MinerEffect[] {
    const ageMs = nowMs - this.#refreshedMs;
    const isDue = ageMs >= WORK_AGE_MS_MAX || (this.#isStale && (ageMs >= REFRESH_MS || !this.#searching));
    return isDue ? this.#refresh(nowMs) : [];
  }

  #refresh(nowMs: number): readonly MinerEffect[] {
    this.#isStale = false;
    this.#refreshedMs = nowMs;
    const assembled = this.#assemble(nowMs);
    if (assembled === null) {
      const wasSearching = this.#searching;
      this.#searching = false;
      return wasSearching ? [{ kind: "cancelSearch" }] : [];
    }
    const work: Work = { id: this.#nextWorkId++, ...assembled };
    this.#works = [work, ...this.#works].slice(0, WORKS_KEPT);
    this.#searching = true;
    return [{ kind: "searchNonce", work: this.#describe(work) }];
  }

  /**
   * `null` while no valid block could come of it: no anchor yet, or one that our best chain does not fit; also while the
   * data set for it is being made.
   */
  #assemble(nowMs: number): Omit<Work, "id"> | null {
    const { engine, chain, fastView, pool, maxFruits, payout, supports } = this.#config;
    const anchor = this.#anchor;
    const context = chain.miningContext();
    if (anchor === null || anchor.number < context.parentAnchorNumber) return null;
    const committed = fastView.committed(anchor.number);
    if (committed === undefined || committed.hash !== anchor.hash) return null;
    if (chain.canonicalHash(committed.pointerNumber) !== committed.pointerHash) return null;
    if (!isPowReady(engine, context.powKey)) return null;
    const candidate = assembleSnailCandidate({
      context,
      anchor,
      boundaryHash: computeBoundaryHash(fastView, context.parentAnchorNumber, anchor.number),
      fruits: pool.pick(maxFruits, anchor.number),
      payout,
      supports: supports[this.#fruitsFound % Math.max(1, supports.length)] ?? ZERO_ADDRESS,
      nowSeconds: Math.floor(nowMs / 1_000),
    });
    return { candidate, powKey: context.powKey };
  }

  #describe({ id, candidate, powKey }: Work): MiningWork {
    return {
      workId: id,
      sealHash: sealHash(candidate.header),
      powKey,
      blockTarget: computeTarget(candidate.header.difficulty),
      fruitTarget: computeTarget(candidate.header.fruitDifficulty),
      startNonce: this.#config.startNonce,
    };
  }

  /** A nonce that wins both yields both. A block for a tip that is no longer ours is let go; its fruit is not. */
  #onNonce(workId: number, nonce: bigint, nowMs: number): readonly MinerEffect[] {
    const work = this.#works.find(({ id }) => id === workId);
    if (work === undefined) return [{ kind: "refuseNonce", code: "WORK_UNKNOWN" }];
    if (nonce < 0n || nonce >> 64n !== 0n) return [{ kind: "refuseNonce", code: "SHARE_WRONG" }];
    const { engine } = this.#config;
    const { header } = work.candidate;
    if (!isPowReady(engine, work.powKey)) return [{ kind: "refuseNonce", code: "WORK_STALE" }];
    const wins = computePowWins(engine, sealHash(header), nonce, header, work.powKey);
    const block = completeCandidate(work.candidate, nonce);
    const effects: MinerEffect[] = [];
    if (wins.fruit) {
      const fruit = { header: block.header };
      effects.push({ kind: "broadcastFruit", fruit, hash: hashFruit(fruit) });
      this.#fruitsFound++;
    }
    if (wins.block && header.parentHash === this.#config.chain.head().hash) {
      effects.push({ kind: "broadcastBlock", block, hash: hashSnailHeader(block.header) });
    }
    if (effects.length === 0) return [{ kind: "refuseNonce", code: wins.block ? "WORK_STALE" : "SHARE_WRONG" }];
    // The next fruit supports the next validator; with one or none the search just goes on.
    if (wins.fruit && this.#config.supports.length > 1) effects.push(...this.#refresh(nowMs));
    return effects;
  }
}
