import type { ChainSpec } from "@festina/chainspec";
import type { SnailSource } from "@festina/fastchain";
import { type Hash32, unreachable } from "@festina/primitives";
import {
  type AdmissionOutcome,
  type FastView,
  FruitPool,
  type HashedFruit,
  type PowEngine,
  SnailChain,
  type SnailEffect,
  type SnailEntry,
  type SnailInput,
} from "@festina/snailchain";
import type { Fruit, SnailBlock } from "@festina/types";
import type { PointerJudge } from "../consensus/proposalJudge.ts";
import type { Log } from "../log.ts";
import type { SnailDatabase } from "./snailDatabase.ts";

/** How the snail chain reaches peers. */
export interface SnailNetwork {
  /** To every peer but the one it came from. */
  announceBlock(block: SnailBlock, except: string): void;
  announceFruits(fruits: readonly HashedFruit[], except: string): void;
  fetchBlock(hash: Hash32, from: string | null): void;
  penalise(peer: string): void;
}

export interface SnailServiceOptions {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly database: SnailDatabase;
  readonly network: SnailNetwork;
  readonly log: Log;
  readonly nowSeconds: () => number;
  /** The best chain has another tip. */
  readonly onHead: (head: SnailEntry) => void;
  readonly onFruits: () => void;
  /** Something waits for this data set of the proof of work. */
  readonly onDataSetWanted: (powKey: Hash32) => void;
}

/** Name under which our own miner's blocks and fruits enter. */
export const OWN_SOURCE = "self";

/** Drives the snail chain and its fruit pool: carries out what they ask for. */
export class SnailService implements SnailSource, PointerJudge {
  readonly chain: SnailChain;
  readonly pool: FruitPool;
  readonly #options: SnailServiceOptions;

  constructor(options: SnailServiceOptions) {
    this.#options = options;
    const { spec, engine, fastView, database } = options;
    this.chain = new SnailChain({ spec, engine, fastView, store: database, headHash: database.headHash() });
    this.pool = new FruitPool({ spec, engine, fastView, chain: this.chain });
  }

  receiveBlock(block: SnailBlock, from: string): void {
    this.#step({ kind: "blockReceived", block, from, nowSeconds: this.#options.nowSeconds() });
  }

  tick(): void {
    this.#step({ kind: "tick", nowSeconds: this.#options.nowSeconds() });
  }

  fastCommitted(number: number, pointer: { readonly number: number; readonly hash: Hash32 }): void {
    this.#step({ kind: "fastCommitted", number, pointer: { number: pointer.number, hash: pointer.hash } });
    this.#announce(this.pool.onFastCommitted(), "");
  }

  dataSetReady(powKey: Hash32): void {
    this.#step({ kind: "dataSetReady", powKey });
    this.#announce(this.pool.onDataSetReady(), "");
  }

  receiveFruit(fruit: Fruit, from: string | null): AdmissionOutcome {
    const outcome = this.pool.add(fruit, from);
    if (outcome.kind === "admitted") this.#announce([{ fruit, hash: outcome.hash }], from ?? OWN_SOURCE);
    if (outcome.kind === "waiting" && outcome.cause.why === "powDataSet")
      this.#options.onDataSetWanted(outcome.cause.what);
    if (outcome.kind === "refused") this.#refused(outcome, from);
    return outcome;
  }

  #refused(outcome: Extract<AdmissionOutcome, { kind: "refused" }>, from: string | null): void {
    this.#options.log.debug("fruitRefused", { code: outcome.code, message: outcome.message, from });
    if (outcome.isFault && from !== null) this.#options.network.penalise(from);
  }

  #announce(fruits: readonly HashedFruit[], except: string): void {
    if (fruits.length === 0) return;
    this.#options.network.announceFruits(fruits, except);
    this.#options.onFruits();
  }

  #step(input: SnailInput): void {
    for (const effect of this.chain.step(input)) this.#run(effect);
  }

  #run(effect: SnailEffect): void {
    const { database, network, log, onHead } = this.#options;
    switch (effect.kind) {
      case "storeBlock":
        database.save(effect.entry);
        return network.announceBlock(effect.entry.block, effect.from);
      case "headChanged": {
        database.saveHead(effect.head, effect.reverted, effect.applied);
        this.#announce(this.pool.onHeadChanged(effect), "");
        const { header, fruits } = effect.head.block;
        log.info("snailHead", {
          number: header.number,
          hash: effect.head.hash,
          fruits: fruits.length,
          anchor: header.anchorNumber,
          reverted: effect.reverted.length,
          difficulty: header.difficulty,
        });
        return onHead(effect.head);
      }
      case "requestBlock":
        return network.fetchBlock(effect.hash, effect.from);
      case "rejectBlock":
        log.warn("snailBlockRefused", {
          hash: effect.hash,
          code: effect.code,
          message: effect.message,
          from: effect.from,
        });
        if (effect.from !== OWN_SOURCE) network.penalise(effect.from);
        return;
      case "blockPending":
        if (effect.cause.why === "powDataSet") this.#options.onDataSetWanted(effect.cause.what);
        return log.debug(effect.kind, { hash: effect.hash, why: effect.cause.why, from: effect.from });
      case "dropBlock":
        return log.debug(effect.kind, { hash: effect.hash, from: effect.from });
      case "hazard":
        return log.error("hazard", { message: effect.message });
      default:
        return unreachable(effect);
    }
  }

  block(hash: Hash32): SnailBlock | undefined {
    return this.chain.entryByHash(hash)?.block;
  }

  hashOnBranch(number: number, tipHash: Hash32): Hash32 | undefined {
    return this.chain.ancestor(tipHash, number);
  }

  packedFruits(first: number, last: number, tipHash: Hash32): readonly Fruit[] | undefined {
    const fruits: Fruit[] = [];
    let hash = this.chain.ancestor(tipHash, last);
    for (let number = last; number >= first; number--) {
      const block = hash === undefined ? undefined : this.block(hash);
      if (block === undefined) return undefined;
      fruits.push(...block.fruits);
      hash = block.header.parentHash;
    }
    return fruits;
  }

  isOnBestChain(number: number, hash: Hash32): boolean {
    return this.chain.canonicalHash(number) === hash;
  }

  request(hash: Hash32): void {
    if (this.chain.entryByHash(hash) === undefined) this.#options.network.fetchBlock(hash, null);
  }

  /** The block that the fast chain may point to next: the best chain's child of its pointer. */
  nextPointer(pointer: { readonly number: number; readonly hash: Hash32 }): SnailBlock | null {
    const hash = this.chain.canonicalHash(pointer.number + 1);
    const block = hash === undefined ? undefined : this.block(hash);
    return block?.header.parentHash === pointer.hash ? block : null;
  }
}
