import { hybridTimeMs } from "@festina/fastchain";
import { type Address, type Clock, repeatEvery, type Timer, unreachable } from "@festina/primitives";
import {
  type FastView,
  Miner,
  type MinerEffect,
  type MinerInput,
  type MiningAnchor,
  type MiningWork,
  type PowEngine,
} from "@festina/snailchain";
import type { CommittedChain } from "../chain/committedChain.ts";
import { OWN_SOURCE, type SnailService } from "./snailService.ts";

/** Where nonces are searched: worker threads in a node, the same thread in tests. */
export interface NonceSearch {
  start(work: MiningWork): void;
  stop(): void;
  hashRate(): number;
  close(): Promise<void>;
}

export interface MinerServiceOptions {
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly committed: CommittedChain;
  readonly snail: SnailService;
  readonly maxFruits: number;
  readonly payout: Address;
  /** Whom fruits are for, in turn. Asked for each work. */
  readonly supports: () => readonly Address[];
  readonly startNonce: bigint;
  readonly createSearch: (onFound: (workId: number, nonce: bigint) => void) => NonceSearch;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

const TICK_MS = 200;

/** Drives the miner: work to the searcher, finds to the chain and the pool. */
export class MinerService {
  readonly #options: MinerServiceOptions;
  readonly #miner: Miner;
  readonly #search: NonceSearch;
  #timer: Timer | null = null;

  constructor(options: MinerServiceOptions) {
    this.#options = options;
    const { engine, fastView, snail, maxFruits, payout, supports, startNonce } = options;
    this.#miner = new Miner({
      engine,
      fastView,
      chain: snail.chain,
      pool: snail.pool,
      maxFruits,
      payout,
      get supports() {
        return supports();
      },
      startNonce,
    });
    this.#search = options.createSearch((workId, nonce) =>
      this.#step({ kind: "nonceFound", workId, nonce, nowMs: options.nowMs() }),
    );
  }

  start(): void {
    this.onFastCommitted();
    this.#timer = repeatEvery(this.#options.clock, TICK_MS, () =>
      this.#step({ kind: "tick", nowMs: this.#options.nowMs() }),
    );
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#search.close();
  }

  get hashRatePerSecond(): number {
    return this.#search.hashRate();
  }

  onFastCommitted(): void {
    const anchor = newestAnchor(this.#options.committed);
    if (anchor !== null) this.#step({ kind: "fastCommitted", anchor, nowMs: this.#options.nowMs() });
  }

  onSnailHead(): void {
    this.#step({ kind: "headChanged", nowMs: this.#options.nowMs() });
  }

  onFruits(): void {
    this.#step({ kind: "fruitPoolChanged", nowMs: this.#options.nowMs() });
  }

  #step(input: MinerInput): void {
    for (const effect of this.#miner.step(input)) this.#run(effect);
  }

  #run(effect: MinerEffect): void {
    const { snail } = this.#options;
    switch (effect.kind) {
      case "searchNonce":
        return this.#search.start(effect.work);
      case "cancelSearch":
        return this.#search.stop();
      case "broadcastFruit":
        snail.receiveFruit(effect.fruit, null);
        return;
      case "broadcastBlock":
        return snail.receiveBlock(effect.block, OWN_SOURCE);
      case "refuseNonce":
        return;
      default:
        return unreachable(effect);
    }
  }
}

/** The newest final block that has a certificate of its own, which is what a snail block can carry. */
export function newestAnchor(chain: CommittedChain): MiningAnchor | null {
  const number = chain.newestCertified();
  const state = chain.hybridState(number);
  if (state === undefined) return null;
  return { number, hash: state.hash, timeMs: hybridTimeMs(state), certificate: chain.certificateAt(number) ?? null };
}
