// One miner with its node: our chain, our pool, our miner, fed with drawn finds.
import type { ChainSpec } from "@festina/chainspec";
import { type Address, assert, type Hash32 } from "@festina/primitives";
import {
  FruitPool,
  Miner,
  type MinerEffect,
  SnailChain,
  type SnailChainConfig,
  type SnailEffect,
} from "@festina/snailchain";
import type { Fruit, SnailBlock } from "@festina/types";
import { drawnNonce, drawnPow } from "./drawnPow.ts";
import type { DelayedFastView, FastHeaderSource } from "./fastHeaderSource.ts";
import type { MinerConduct } from "./minerConduct.ts";
import { RecentBlocks } from "./recentBlocks.ts";
import { GENESIS_SECONDS } from "./studySpec.ts";

export interface StudyNodeConfig {
  readonly index: number;
  readonly spec: ChainSpec;
  readonly payout: Address;
  readonly conduct: MinerConduct;
  readonly view: DelayedFastView;
  readonly fast: FastHeaderSource;
  readonly verify: NonNullable<SnailChainConfig["verify"]>;
}

export type Find =
  | { readonly kind: "fruit"; readonly fruit: Fruit; readonly hash: Hash32 }
  | { readonly kind: "block"; readonly block: SnailBlock }
  /** Nothing that the miner would look for right now. */
  | { readonly kind: "nothing" };

export class StudyNode {
  readonly index: number;
  readonly payout: Address;
  readonly view: DelayedFastView;
  readonly chain: SnailChain;
  readonly pool: FruitPool;
  conduct: MinerConduct;
  readonly #fast: FastHeaderSource;
  readonly #miner: Miner;
  readonly #store = new RecentBlocks();
  #finds = 0;
  #workId: number | undefined;
  #workTip: Hash32 | undefined;
  /** No rule reads which fruits the header of a fruit would have packed, so they are gathered for blocks only. */
  #isPacking = false;

  constructor({ index, spec, payout, conduct, view, fast, verify }: StudyNodeConfig) {
    this.index = index;
    this.payout = payout;
    this.view = view;
    this.conduct = conduct;
    this.#fast = fast;
    this.chain = new SnailChain({
      spec,
      engine: drawnPow,
      fastView: view,
      store: this.#store,
      headHash: null,
      verify,
    });
    this.pool = new FruitPool({ spec, engine: drawnPow, fastView: view, chain: this.chain });
    this.#miner = new Miner({
      engine: drawnPow,
      fastView: view,
      chain: this.chain,
      pool: { pick: (maxFruits, anchorNumber) => this.#pick(maxFruits, anchorNumber) },
      maxFruits: spec.preset.maxFruits,
      payout,
      supports: [],
      startNonce: 0n,
    });
  }

  /** The same as its host would make of the effects of its chain. */
  apply(effects: readonly SnailEffect[]): void {
    for (const effect of effects) {
      this.#store.apply(effect);
      if (effect.kind === "headChanged") this.pool.onHeadChanged(effect);
    }
  }

  /**
   * One find. A block's work is as fresh as can be; for fruits it is renewed with each new tip only, which makes their
   * anchors some minutes older than they would be and changes nothing that any rule reads. `nowMs` since genesis.
   */
  find(nowMs: number, winsBlock: boolean): Find {
    const clockMs = this.conduct.clockMs(GENESIS_SECONDS * 1_000 + nowMs);
    const tip = this.chain.head().hash;
    if (winsBlock || this.#workTip !== tip) {
      this.#workId = this.#renew(clockMs, winsBlock);
      this.#workTip = tip;
    }
    if (this.#workId === undefined) return { kind: "nothing" };
    const nonce = drawnNonce(this.#finds++, { block: winsBlock, fruit: !winsBlock });
    const [found] = this.#miner.step({ kind: "nonceFound", workId: this.#workId, nonce, nowMs: clockMs });
    if (found?.kind === "broadcastFruit") return { kind: "fruit", fruit: found.fruit, hash: found.hash };
    assert(found?.kind === "broadcastBlock", "work that was just made is worth its find");
    return { kind: "block", block: found.block };
  }

  /** `undefined` while there is nothing that the miner would look for. */
  #renew(clockMs: number, isPacking: boolean): number | undefined {
    this.#isPacking = isPacking;
    const lowest = this.chain.headEntry().block.header.anchorNumber;
    const number = Math.max(lowest, this.conduct.anchorNumber(this.view.head(), lowest));
    const anchor = this.#fast.committed(number);
    const onCommitted = this.#miner.step({ kind: "fastCommitted", anchor, nowMs: clockMs });
    return searchedWork(onCommitted) ?? searchedWork(this.#miner.step({ kind: "headChanged", nowMs: clockMs }));
  }

  #pick(maxFruits: number, anchorNumber: number): ReturnType<FruitPool["pick"]> {
    if (!this.#isPacking) return [];
    const picked = this.pool.pick(maxFruits, anchorNumber);
    return this.conduct.packsFruitsOfOthers
      ? picked
      : picked.filter(({ fruit }) => fruit.header.payout === this.payout);
  }
}

function searchedWork(effects: readonly MinerEffect[]): number | undefined {
  for (const effect of effects) if (effect.kind === "searchNonce") return effect.work.workId;
  return undefined;
}
