import type { Hash32 } from "@festina/primitives";
import { type Fruit, hashFruit } from "@festina/types";
import type { SnailEntry } from "../block/ancestry.ts";
import type { HashedFruit } from "../block/assembleSnailCandidate.ts";
import type { FruitFailureCode } from "../verdict.ts";
import { type FruitContext, type FruitPendingCause, verifyFruit, verifyFruitCheaply } from "./verifyFruit.ts";

/** Enough for the fruits of a whole freshness period at full blocks, on the larger networks this many. */
const FRUITS_MAX = 8_192;
/** One source may hold this share of the pool. */
const SOURCE_SHARE = 4;
const WAITING_MAX = 512;
const WAITING_PER_SOURCE_MAX = 128;

export type AdmissionOutcome =
  | { readonly kind: "admitted"; readonly hash: Hash32 }
  /** Was here, or is packed already. */
  | { readonly kind: "known"; readonly hash: Hash32 }
  /** Kept aside until its pointer or fast block is known. */
  | { readonly kind: "waiting"; readonly hash: Hash32; readonly cause: FruitPendingCause }
  /** No room, or its source holds its share; nobody's fault. */
  | { readonly kind: "dropped"; readonly hash: Hash32 }
  | {
      readonly kind: "refused";
      readonly code: FruitFailureCode;
      readonly message: string;
      /** False for what an honest peer on another tip would also send. */
      readonly isFault: boolean;
    };

/** Depend on which tip one stands on. */
const TIP_CODES: ReadonlySet<FruitFailureCode> = new Set<FruitFailureCode>([
  "FRUIT_STALE",
  "FRUIT_POINTER_OFF_CHAIN",
  "FRUIT_NUMBER_WRONG",
]);

interface PooledFruit extends HashedFruit {
  readonly from: string | null;
  readonly pointerNumber: number;
}

interface WaitingFruit extends HashedFruit {
  readonly from: string | null;
}

/** Fresh fruits that nobody has packed yet, and bounded room for those that cannot be judged yet. */
export class FruitPool {
  readonly #context: FruitContext;
  readonly #capacity: number;
  /** Insertion order is age. */
  readonly #fruits = new Map<Hash32, PooledFruit>();
  readonly #waiting = new Map<Hash32, WaitingFruit>();

  constructor(context: FruitContext) {
    this.#context = context;
    const { maxFruits, freshnessBlocks } = context.spec.preset;
    this.#capacity = Math.min(FRUITS_MAX, maxFruits * freshnessBlocks);
  }

  get size(): number {
    return this.#fruits.size;
  }

  get waitingFruits(): number {
    return this.#waiting.size;
  }

  get(hash: Hash32): Fruit | undefined {
    return this.#fruits.get(hash)?.fruit;
  }

  hashes(): readonly Hash32[] {
    return [...this.#fruits.keys()];
  }

  /** `from` is a peer, or `null` for our own, which have no quota. */
  add(fruit: Fruit, from: string | null): AdmissionOutcome {
    // Before its hash is computed: what breaks a cheap rule is not looked up.
    const cheap = verifyFruitCheaply(fruit, this.#context);
    if (cheap.kind === "invalid") return refuse(cheap);
    return this.#admit({ fruit, hash: hashFruit(fruit), from });
  }

  /** After the chain moved. Returns fruits that turned out valid only now, to be announced. */
  onHeadChanged(change: {
    readonly reverted: readonly SnailEntry[];
    readonly applied: readonly SnailEntry[];
  }): readonly HashedFruit[] {
    for (const entry of change.applied) for (const hash of entry.fruitHashes) this.#fruits.delete(hash);
    const { chain, spec } = this.#context;
    const oldest = chain.head().number + 1 - spec.preset.freshnessBlocks;
    for (const [hash, { fruit, pointerNumber }] of this.#fruits) {
      const isOnChain = chain.canonicalHash(pointerNumber) === fruit.header.pointerHash;
      if (pointerNumber < oldest || !isOnChain) this.#fruits.delete(hash);
    }
    for (const entry of change.reverted) for (const fruit of entry.block.fruits) this.add(fruit, null);
    return this.#retryWaiting();
  }

  /** After `FastView` grew. Returns fruits that turned out valid only now. */
  onFastCommitted(): readonly HashedFruit[] {
    return this.#retryWaiting();
  }

  /** After a data set became ready. Returns fruits that turned out valid only now. */
  onDataSetReady(): readonly HashedFruit[] {
    return this.#retryWaiting();
  }

  /**
   * At most `maxFruits` fruits that the next block may pack under this anchor: those that go stale first, then the one
   * with the most work, then by hash. The order is the same on every node with the same pool.
   */
  pick(maxFruits: number, anchorNumber: number): readonly HashedFruit[] {
    const packer = this.#context.chain.head().number + 1;
    const ready = [...this.#fruits.values()].filter(
      ({ fruit }) => fruit.header.anchorNumber <= anchorNumber && fruit.header.number <= packer,
    );
    ready.sort((a, b) => {
      if (a.pointerNumber !== b.pointerNumber) return a.pointerNumber - b.pointerNumber;
      return compareWork(b, a) || (a.hash < b.hash ? -1 : 1);
    });
    return ready.slice(0, maxFruits);
  }

  #admit(candidate: WaitingFruit): AdmissionOutcome {
    const { fruit, hash, from } = candidate;
    if (
      this.#fruits.has(hash) ||
      this.#waiting.has(hash) ||
      this.#context.chain.isFruitPacked(hash, fruit.header.number)
    ) {
      return { kind: "known", hash };
    }
    if (this.#isOverQuota(this.#fruits, from, Math.ceil(this.#capacity / SOURCE_SHARE))) {
      return { kind: "dropped", hash };
    }
    const verdict = verifyFruit(fruit, this.#context);
    if (verdict.kind === "invalid") return refuse(verdict);
    if (verdict.kind === "pending") return this.#wait(candidate, verdict.cause);
    const pointerNumber = this.#context.chain.headerByHash(fruit.header.pointerHash)?.number ?? 0;
    this.#fruits.set(hash, { ...candidate, pointerNumber });
    return this.#evict()?.hash === hash ? { kind: "dropped", hash } : { kind: "admitted", hash };
  }

  #wait(candidate: WaitingFruit, cause: FruitPendingCause): AdmissionOutcome {
    const { hash, from } = candidate;
    if (cause.why === "powUnknown") return { kind: "dropped", hash };
    if (this.#isOverQuota(this.#waiting, from, WAITING_PER_SOURCE_MAX)) return { kind: "dropped", hash };
    this.#waiting.set(hash, candidate);
    const oldest = this.#waiting.keys().next();
    if (this.#waiting.size > WAITING_MAX && !oldest.done) this.#waiting.delete(oldest.value);
    return { kind: "waiting", hash, cause };
  }

  #retryWaiting(): readonly HashedFruit[] {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    return waiting.filter((candidate) => this.#admit(candidate).kind === "admitted");
  }

  #isOverQuota(held: ReadonlyMap<Hash32, WaitingFruit>, from: string | null, quota: number): boolean {
    if (from === null || held.size < quota) return false;
    let count = 0;
    for (const fruit of held.values()) if (fruit.from === from) count++;
    return count >= quota;
  }

  /** The one with the least work, of equal ones the oldest. */
  #evict(): PooledFruit | undefined {
    if (this.#fruits.size <= this.#capacity) return undefined;
    let least: PooledFruit | undefined;
    for (const pooled of this.#fruits.values()) {
      if (least === undefined || compareWork(pooled, least) < 0) least = pooled;
    }
    if (least !== undefined) this.#fruits.delete(least.hash);
    return least;
  }
}

function refuse({ code, message }: { readonly code: FruitFailureCode; readonly message: string }): AdmissionOutcome {
  return { kind: "refused", code, message, isFault: !TIP_CODES.has(code) };
}

function compareWork(a: HashedFruit, b: HashedFruit): number {
  const left = a.fruit.header.fruitDifficulty;
  const right = b.fruit.header.fruitDifficulty;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
