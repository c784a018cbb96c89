import type { ChainSpec } from "@festina/chainspec";
import {
  type Address,
  type Clock,
  fail,
  type Hash32,
  LruMap,
  ok,
  type Result,
  repeatEvery,
  type Timer,
  ZERO_ADDRESS,
} from "@festina/primitives";
import type { MinerGate, MiningWork, ShareOutcome } from "@festina/rpc";
import { type FastView, Miner, type MinerEffect, type MinerInput, type PowEngine } from "@festina/snailchain";
import type { CommittedChain } from "../chain/committedChain.ts";
import { newestAnchor } from "./minerService.ts";
import { OWN_SOURCE, type SnailService } from "./snailService.ts";

export interface WorkDeskOptions {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly committed: CommittedChain;
  readonly snail: SnailService;
  readonly clock: Clock;
  readonly nowMs: () => number;
}

type WorkListener = (work: MiningWork | null) => void;

/** One payout address with one supported validator: however many machines search for it, they get the same work. */
interface Session {
  readonly miner: Miner;
  readonly listeners: Set<WorkListener>;
  /** Work that subscribers were told of last. */
  told: Hash32 | null | undefined;
}

/** Where a handed-out work came from. */
interface Handed {
  readonly session: Session;
  readonly workId: number;
}

const SESSIONS_MAX = 64;
const LISTENERS_MAX = 512;
/** Hours of works: a share of an older one is of a work that nobody knows. */
const HANDED_MAX = 4_096;
const TICK_MS = 200;

/**
 * Hands out sealed work to miners outside and takes nonces back: what `snail_getWork`, `snail_subscribe` and
 * `snail_submitWork` ask for. Who subscribed hears of another tip at once, of other changes twice a second.
 */
export class WorkDesk implements MinerGate {
  readonly #options: WorkDeskOptions;
  /** In the order of last use. */
  readonly #sessions = new Map<string, Session>();
  /** By the seal, which names a work for good. */
  readonly #handed = new LruMap<Hash32, Handed>(HANDED_MAX);
  #listeners = 0;
  #timer: Timer | null = null;

  constructor(options: WorkDeskOptions) {
    this.#options = options;
  }

  getWork(payout: Address, supports: Address): Result<MiningWork> {
    const session = this.#open(payout, supports);
    if (session === null) return fail("MINERS_TOO_MANY", `more than ${SESSIONS_MAX} payout addresses have subscribed`);
    this.#catchUp(session);
    return this.#describe(session) ?? fail("WORK_UNAVAILABLE", this.#whyIdle());
  }

  /** `listener` hears of the present work before this returns, and of each that follows; `null` while there is none. */
  subscribe(payout: Address, supports: Address, listener: WorkListener): Result<() => void> {
    if (this.#listeners >= LISTENERS_MAX) return fail("MINERS_TOO_MANY", `more than ${LISTENERS_MAX} subscriptions`);
    const session = this.#open(payout, supports);
    if (session === null) return fail("MINERS_TOO_MANY", `more than ${SESSIONS_MAX} payout addresses have subscribed`);
    this.#catchUp(session);
    session.listeners.add(listener);
    this.#listeners++;
    this.#timer ??= repeatEvery(this.#options.clock, TICK_MS, () => this.#all({ kind: "tick", nowMs: this.#nowMs }));
    listener(this.#describe(session)?.value ?? null);
    return ok(() => {
      if (!session.listeners.delete(listener)) return;
      this.#listeners--;
      if (this.#listeners === 0) this.close();
    });
  }

  async submitWork(workId: string, nonce: bigint): Promise<Result<ShareOutcome>> {
    const handed = this.#handed.get(workId as Hash32);
    if (handed === undefined) return fail("WORK_UNKNOWN", "this work was not handed out here, or is long forgotten");
    const { session } = handed;
    const effects = session.miner.step({ kind: "nonceFound", workId: handed.workId, nonce, nowMs: this.#nowMs });
    return this.#takeWins(effects);
  }

  onFastCommitted(): void {
    const anchor = this.#listeners === 0 ? null : newestAnchor(this.#options.committed);
    if (anchor !== null) this.#all({ kind: "fastCommitted", anchor, nowMs: this.#nowMs });
  }

  onSnailHead(): void {
    this.#all({ kind: "headChanged", nowMs: this.#nowMs });
  }

  onFruits(): void {
    this.#all({ kind: "fruitPoolChanged", nowMs: this.#nowMs });
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  get #nowMs(): number {
    return this.#options.nowMs();
  }

  #open(payout: Address, supports: Address): Session | null {
    const key = `${payout} ${supports}`;
    const session = this.#sessions.get(key) ?? this.#create(payout, supports);
    this.#sessions.delete(key);
    if (this.#sessions.size >= SESSIONS_MAX) {
      const idle = [...this.#sessions].find(([, { listeners }]) => listeners.size === 0);
      if (idle === undefined) return null;
      this.#sessions.delete(idle[0]);
    }
    this.#sessions.set(key, session);
    return session;
  }

  #create(payout: Address, supports: Address): Session {
    const { engine, fastView, snail, spec } = this.#options;
    const miner = new Miner({
      engine,
      fastView,
      chain: snail.chain,
      pool: snail.pool,
      maxFruits: spec.preset.maxFruits,
      payout,
      supports: supports === ZERO_ADDRESS ? [] : [supports],
      // Whoever searches chooses where to begin.
      startNonce: 0n,
    });
    return { miner, listeners: new Set(), told: undefined };
  }

  /** A session without subscribers has slept since it was last asked. */
  #catchUp(session: Session): void {
    if (session.listeners.size > 0) return;
    const anchor = newestAnchor(this.#options.committed);
    if (anchor !== null) session.miner.step({ kind: "fastCommitted", anchor, nowMs: this.#nowMs });
    const parent = session.miner.currentWork?.header.parentHash;
    const isOld = parent !== this.#options.snail.chain.head().hash;
    session.miner.step({ kind: isOld ? "headChanged" : "fruitPoolChanged", nowMs: this.#nowMs });
  }

  #describe(session: Session): { readonly ok: true; readonly value: MiningWork } | null {
    const work = session.miner.currentWork;
    if (work === null) return null;
    this.#handed.set(work.sealHash, { session, workId: work.workId });
    const { sealHash, powKey, blockTarget, fruitTarget, header } = work;
    const { powEngine } = this.#options.spec;
    const { number, parentHash, anchorNumber, difficulty, fruitDifficulty } = header;
    const facts = { number, parentHash, anchorNumber, difficulty, fruitDifficulty };
    return ok({ workId: sealHash, sealHash, blockTarget, fruitTarget, powEngine, powKey, ...facts });
  }

  #whyIdle(): string {
    return newestAnchor(this.#options.committed) === null
      ? "the fast chain has no certified block yet"
      : "the snail chain here does not fit the final fast chain yet; nothing can be mined";
  }

  #all(input: MinerInput): void {
    for (const session of this.#sessions.values()) {
      if (session.listeners.size === 0) continue;
      session.miner.step(input);
      const seal = session.miner.currentWork?.sealHash ?? null;
      if (seal === session.told) continue;
      session.told = seal;
      const work = this.#describe(session)?.value ?? null;
      for (const listener of session.listeners) listener(work);
    }
  }

  /** What the effects win. Both wins of one nonce count: a refused fruit does not cost the block, nor the other way. */
  #takeWins(effects: readonly MinerEffect[]): Result<ShareOutcome> {
    const { snail } = this.#options;
    let fruit: Hash32 | null = null;
    let block: Hash32 | null = null;
    let refusal: Result<never> = fail("SHARE_WRONG", "the nonce meets neither target");
    for (const effect of effects) {
      if (effect.kind === "refuseNonce") refusal = refuse(effect.code);
      if (effect.kind === "broadcastFruit") {
        const outcome = snail.receiveFruit(effect.fruit, null);
        if (outcome.kind === "admitted") fruit = outcome.hash;
        else refusal = refuseFruit(outcome);
      }
      if (effect.kind === "broadcastBlock") {
        const isKnown = snail.chain.entryByHash(effect.hash) !== undefined;
        if (!isKnown) snail.receiveBlock(effect.block, OWN_SOURCE);
        if (!isKnown && snail.chain.entryByHash(effect.hash) !== undefined) block = effect.hash;
        else refusal = isKnown ? refuse("SHARE_KNOWN") : fail("BLOCK_REFUSED", "the chain here did not take the block");
      }
    }
    return fruit === null && block === null ? refusal : ok({ fruit, block });
  }
}

const REFUSALS = {
  WORK_UNKNOWN: ["WORK_STALE", "the work is too old: others have followed it"],
  WORK_STALE: ["WORK_STALE", "a block for a tip that is no longer the best, and no fruit"],
  SHARE_WRONG: ["SHARE_WRONG", "the nonce meets neither target"],
  SHARE_KNOWN: ["SHARE_KNOWN", "this nonce was handed in before"],
} as const;

/** A work that was handed out and that its miner has forgotten is stale, not unknown. */
function refuse(reason: keyof typeof REFUSALS): Result<never> {
  const [code, message] = REFUSALS[reason];
  return fail(code, message);
}

function refuseFruit(outcome: ReturnType<SnailService["receiveFruit"]>): Result<never> {
  switch (outcome.kind) {
    case "known":
      return refuse("SHARE_KNOWN");
    case "refused":
      return outcome.isFault
        ? fail(outcome.code, outcome.message)
        : fail("WORK_STALE", `no block can pack this fruit any more: ${outcome.message}`);
    default:
      return fail("FRUIT_DROPPED", "the pool has no room for more fruits");
  }
}
