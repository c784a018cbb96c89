import { type HybridState, hybridTimeMs } from "@festina/fastchain";
import type { BlockPlan, BlockPolicy } from "@festina/node";
import type { Address, Hash32 } from "@festina/primitives";
import { type DevelopmentRequest, type FastBlock, NO_DEVELOPMENT } from "@festina/types";
import type { DevTime } from "./devTime.ts";

/** A block that somebody asked for. */
interface Order {
  /** Set instead of taking transactions. */
  readonly change: Partial<Pick<DevelopmentRequest, "accounts" | "gasLimit">> | null;
  /** Instead of the clock's time: so long after the block before. */
  readonly intervalMs: number | null;
  readonly done: () => void;
}

export interface BlockOrdersOptions {
  readonly time: DevTime;
  /** Resolves when what others have sent by now has been read. */
  readonly nextTurn: () => Promise<void>;
  /** Called when a block is wanted that was not before. */
  readonly wake: () => void;
}

/** Whoever mines wants what waits in that block, on a slow machine too. Nobody else executes it before the view ends. */
const BUILD_MS_MAX = 1_000;

/**
 * When blocks are made and what is in them: on request, and for each transaction while mining is automatic. One at a time:
 * the next block is planned when the one before is final. Transactions that are sent at once share a block.
 */
export class BlockOrders implements BlockPolicy {
  isAutomatic = true;
  coinbase: Address | null = null;
  nextBaseFeeWei: bigint | null = null;
  nextPrevRandao: Hash32 | null = null;
  readonly #time: DevTime;
  readonly #options: BlockOrdersOptions;
  readonly #orders: Order[] = [];
  /** What came at the same time as the transaction that wants a block. */
  #gathering: "not yet" | "going on" | "done" = "not yet";
  #finalHash: Hash32 | null = null;
  /** What the block on this parent is to be, however often it is asked. */
  #planned: { readonly parentHash: Hash32; readonly plan: BlockPlan; readonly order: Order | null } | null = null;

  constructor(options: BlockOrdersOptions) {
    this.#options = options;
    this.#time = options.time;
  }

  /** A node begins, with this as its newest block. */
  begin(finalHash: Hash32): void {
    this.#finalHash = finalHash;
    this.#planned = null;
  }

  /** Of the developer, about blocks to come. */
  forgetChoices(): void {
    this.coinbase = null;
    this.nextBaseFeeWei = null;
    this.nextPrevRandao = null;
  }

  get takesWorkAtOnce(): boolean {
    return this.isAutomatic;
  }

  /** Resolves when the block is final. The caller wakes the node. */
  order(wish: Partial<Pick<Order, "change" | "intervalMs">> = {}): Promise<void> {
    return new Promise((done) => this.#orders.push({ change: null, intervalMs: null, ...wish, done }));
  }

  isWanted(tip: HybridState, hasWork: boolean): boolean {
    if (tip.hash !== this.#finalHash) return false;
    return this.#orders.length > 0 || this.#planned !== null || (this.isAutomatic && hasWork && this.#isGathered());
  }

  /** A block takes longer than reading what waits in a hundred sockets, and while it is made nothing is read. */
  #isGathered(): boolean {
    if (this.#gathering === "not yet") {
      this.#gathering = "going on";
      void this.#options.nextTurn().then(() => {
        this.#gathering = "done";
        this.#options.wake();
      });
    }
    return this.#gathering === "done";
  }

  planBlock(parent: HybridState): BlockPlan {
    if (this.#planned?.parentHash !== parent.hash) {
      const order = this.#orders.shift() ?? null;
      this.#planned = { parentHash: parent.hash, order, plan: this.#plan(order, hybridTimeMs(parent)) };
    }
    return this.#planned.plan;
  }

  nextTimeMs(parent: HybridState): number {
    return this.#time.peek(hybridTimeMs(parent));
  }

  #plan(order: Order | null, parentMs: number): BlockPlan {
    const change = order?.change ?? null;
    const { coinbase } = this;
    if (change !== null) {
      const timeMs = this.#time.isFixed ? parentMs + 1 : this.#time.nowMs();
      return { timeMs, takesTransactions: false, development: { ...NO_DEVELOPMENT, coinbase, ...change } };
    }
    const intervalMs = order?.intervalMs ?? null;
    const timeMs = intervalMs === null ? this.#time.take(parentMs) : parentMs + intervalMs;
    if (intervalMs !== null && timeMs > this.#time.nowMs()) this.#time.set(timeMs);
    const { nextBaseFeeWei: baseFeePerGasWei, nextPrevRandao: prevRandao } = this;
    this.nextBaseFeeWei = null;
    this.nextPrevRandao = null;
    const plan = { timeMs, takesTransactions: true, buildMsMax: BUILD_MS_MAX };
    if (baseFeePerGasWei === null && coinbase === null && prevRandao === null) return plan;
    return { ...plan, development: { ...NO_DEVELOPMENT, baseFeePerGasWei, coinbase, prevRandao } };
  }

  onCommitted({ hash, header }: FastBlock): void {
    this.#finalHash = hash;
    if (this.#gathering === "done") this.#gathering = "not yet";
    if (this.#planned?.parentHash !== header.parentHash) return;
    const { order } = this.#planned;
    this.#planned = null;
    order?.done();
  }
}
