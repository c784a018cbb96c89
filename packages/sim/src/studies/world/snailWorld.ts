// A network of miners over our rules in virtual time: finds are drawn, blocks and fruits take their time, and a fast chain
// points to what its committee sees. What breaks a rule that always holds becomes a finding.
import type { ChainSpec } from "@festina/chainspec";
import { computeRewards, type RewardInput } from "@festina/fastchain";
import type { Address, Hash32 } from "@festina/primitives";
import { createGenesisEntry, type SnailEffect, type SnailEntry } from "@festina/snailchain";
import { hashSnailHeader, type Payment, type SnailBlock } from "@festina/types";
import { type ScheduledEvent, Scheduler } from "../../world/scheduler.ts";
import { createStreams, type Dice } from "../../world/streams.ts";
import { DelayedFastView, FAST_BLOCK_MS, FastHeaderSource } from "./fastHeaderSource.ts";
import { type ConductTools, HONEST, type MinerConduct } from "./minerConduct.ts";
import { type DelayRule, OpenFruits } from "./openFruits.ts";
import { PayLedger } from "./payLedger.ts";
import { SharedVerdicts } from "./sharedVerdicts.ts";
import { StudyNode } from "./studyNode.ts";
import { committeeOf, GENESIS_SECONDS, studyAddress } from "./studySpec.ts";

export interface StudyMiner {
  readonly hashesPerSecond: number;
  readonly conduct?: MinerConduct;
  /** Its messages, both ways, take no time at all. */
  readonly isEverywhere?: boolean;
}

/** Mistakes that a test puts in, to see that a study finds them. */
export interface PlantedMistakes {
  readonly rewards?: (input: RewardInput) => readonly Payment[];
  readonly specOf?: (node: number, spec: ChainSpec) => ChainSpec;
  /** Nodes never hear what the fast chain points to. */
  readonly hidesPointer?: boolean;
}

export interface SnailWorldOptions {
  readonly seed: number;
  readonly spec: ChainSpec;
  readonly miners: readonly StudyMiner[];
  /** Of a message between two nodes, drawn evenly. */
  readonly latencyMs: readonly [low: number, high: number];
  readonly planted?: PlantedMistakes;
  /** How far the fast chain's own rules let the pointer go; anywhere when absent. */
  readonly pointerMax?: () => number;
  /** The fast chain has come to this block, and paid for it. */
  readonly onBlock?: (block: SnailBlock, payments: readonly Payment[], nowMs: number) => void;
}

const FINDINGS_MAX = 20;
/** Seats that must see a block before the pointer moves to it; the committee are the miners, by power. */
const QUORUM = 2 / 3;
/** After this much virtual time everything that was on its way has arrived. */
const SETTLE_MS = 120_000;
const PUBLISHED_KEPT = 2_000;

export class SnailWorld {
  readonly spec: ChainSpec;
  readonly scheduler = new Scheduler();
  readonly fast: FastHeaderSource;
  readonly nodes: readonly StudyNode[];
  readonly ledger: PayLedger;
  readonly findings: string[] = [];
  /** How often a node went back by so many blocks. */
  readonly reorgs = new Map<number, number>();
  hazards = 0;
  blocksFound = 0;
  fruitsFound = 0;
  /** Power of all miners, times this. */
  #swing = 1;
  readonly #options: SnailWorldOptions;
  readonly #dice: Dice;
  readonly #open: OpenFruits;
  readonly #powers: number[];
  readonly #rates: { readonly blocksPerMs: number; readonly findsPerMs: number }[] = [];
  readonly #finds: (ScheduledEvent | null)[];
  readonly #published = new Map<Hash32, SnailBlock>();
  readonly #pointed: Hash32[];
  #isPointerDue = false;
  #isMining = true;

  constructor(options: SnailWorldOptions) {
    this.#options = options;
    const { seed, spec, miners, latencyMs } = options;
    this.spec = spec;
    const streams = createStreams(seed);
    this.#dice = streams("network");
    const genesis = createGenesisEntry(spec).hash;
    this.#pointed = [genesis];
    this.fast = new FastHeaderSource(genesis, spec.genesisValidators.length);
    this.ledger = new PayLedger(spec);
    this.#powers = miners.map(({ hashesPerSecond }) => hashesPerSecond);
    this.#finds = miners.map(() => null);
    const delayMs: DelayRule = (from, to, share) => this.#delayMs(from, to, share);
    this.#open = new OpenFruits(delayMs, spec.preset.freshnessBlocks);
    const verdicts = new SharedVerdicts(streams("verdicts"), (what) => this.find(what));
    this.nodes = miners.map(({ conduct, isEverywhere }, index) => {
      const hearsMs = isEverywhere ? 0 : streams(`fast ${index}`).between(...latencyMs);
      return new StudyNode({
        index,
        spec: options.planted?.specOf?.(index, spec) ?? spec,
        payout: payoutOf(index),
        conduct: conduct ?? HONEST,
        view: new DelayedFastView(this.fast, this.scheduler, hearsMs),
        fast: this.fast,
        verify: verdicts.verify,
      });
    });
    for (const node of this.nodes) this.#reschedule(node);
  }

  /** From now on all miners have this many times the power they began with. */
  swing(factor: number): void {
    this.#swing = factor;
    for (const node of this.nodes) this.#reschedule(node);
  }

  /** Until the fast chain has come to this snail block, or virtual time is up. */
  run(blocks: number, untilMs = Number.MAX_SAFE_INTEGER): void {
    while (this.fast.pointer.number < blocks && this.scheduler.nowMs < untilMs && this.findings.length < FINDINGS_MAX)
      if (!this.scheduler.runNext(untilMs)) return;
  }

  /** Nobody mines any more, everything arrives: now all must have the same chain, but for who keeps its own back. */
  settle(): void {
    this.#isMining = false;
    this.scheduler.runUntil(this.scheduler.nowMs + SETTLE_MS);
    const open = this.nodes.filter(({ index }) => !this.#options.miners[index]?.isEverywhere);
    const [first, ...others] = open.map(({ index, chain }) => ({ index, ...chain.head() }));
    for (const { index, number, hash } of others)
      if (hash !== first?.hash)
        this.find(`node ${index} ends at ${number} ${hash}, node ${first?.index} at ${first?.number} ${first?.hash}`);
  }

  /** Something that must never be. */
  find(what: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(what);
  }

  /** Nothing that the node's own newest committed block points to may be taken back. */
  judgeReverted(node: StudyNode, reverted: readonly SnailEntry[]): void {
    for (const { block, hash } of reverted) {
      const { number } = block.header;
      if (number <= node.chain.checkpoint.number && this.#pointed[number] === hash)
        this.find(`node ${node.index} reorganised block ${number} away, which the fast chain points to`);
    }
  }

  #delayMs(from: number, to: number, share: number): number {
    const { miners, latencyMs } = this.#options;
    if (from === to || miners[from]?.isEverywhere || miners[to]?.isEverywhere) return 0;
    return latencyMs[0] + share * (latencyMs[1] - latencyMs[0]);
  }

  /** What its tip asks of a node has changed, or its power has. */
  #reschedule(node: StudyNode): void {
    const hashesPerMs = ((this.#powers[node.index] ?? 0) * this.#swing) / 1_000;
    const { difficulty, fruitDifficulty } = node.chain.miningContext();
    const blocksPerMs = hashesPerMs / Number(difficulty);
    // High and low half of a result are independent; that one nonce wins both is so rare that it is left out.
    this.#rates[node.index] = { blocksPerMs, findsPerMs: blocksPerMs + hashesPerMs / Number(fruitDifficulty) };
    this.#scheduleFind(node);
  }

  #scheduleFind(node: StudyNode): void {
    this.#finds[node.index]?.cancel();
    const rate = this.#rates[node.index];
    if (rate === undefined || rate.findsPerMs === 0) return;
    this.#finds[node.index] = this.scheduler.after(this.#dice.waiting(1 / rate.findsPerMs), () => {
      if (!this.#isMining) return;
      this.#mine(node, this.#dice.chance(rate.blocksPerMs / rate.findsPerMs));
      this.#scheduleFind(node);
    });
  }

  #mine(node: StudyNode, winsBlock: boolean): void {
    const { nowMs } = this.scheduler;
    if (winsBlock) this.#open.deliver(node.index, node.pool, nowMs);
    const find = node.find(nowMs, winsBlock);
    if (find.kind === "fruit") {
      this.fruitsFound += 1;
      const { fruit, hash } = find;
      if (node.conduct.showsFruits) this.#open.show({ fruit, hash }, node.index, nowMs, this.#dice.between(0, 1));
      else node.pool.add(fruit, null);
    }
    if (find.kind === "block") {
      this.blocksFound += 1;
      this.#receive(node, find.block);
      node.conduct.onFound(find.block, this.#toolsOf(node));
    }
  }

  #toolsOf(node: StudyNode): ConductTools {
    return {
      publish: (blocks: readonly SnailBlock[]) => {
        for (const block of blocks) this.#publish(node, block);
      },
      accept: (block: SnailBlock) => this.#receive(node, block),
      height: () => node.chain.head().number,
      isOnChain: ({ header }: SnailBlock) => node.chain.canonicalHash(header.number) === hashSnailHeader(header),
    };
  }

  #publish(from: StudyNode, block: SnailBlock): void {
    this.#published.set(hashSnailHeader(block.header), block);
    if (this.#published.size > PUBLISHED_KEPT) this.#published.delete(this.#published.keys().next().value as Hash32);
    for (const to of this.nodes) if (to !== from) this.#send(from.index, to, block);
  }

  #send(from: number, to: StudyNode, block: SnailBlock): void {
    const delayMs = this.#delayMs(from, to.index, this.#dice.between(0, 1));
    this.scheduler.after(delayMs, () => to.conduct.onHeard(block, this.#toolsOf(to)));
  }

  #nowSeconds(): number {
    return GENESIS_SECONDS + Math.floor(this.scheduler.nowMs / 1_000);
  }

  #receive(node: StudyNode, block: SnailBlock): void {
    const nowSeconds = this.#nowSeconds();
    this.#apply(node, node.chain.step({ kind: "blockReceived", block, from: "network", nowSeconds }));
  }

  #apply(node: StudyNode, effects: readonly SnailEffect[]): void {
    node.apply(effects);
    for (const effect of effects) {
      if (effect.kind === "headChanged") this.#onHead(node, effect);
      if (effect.kind === "hazard") this.hazards += 1;
      if (effect.kind === "rejectBlock")
        this.find(`node ${node.index} refuses a block: ${effect.code}, ${effect.message}`);
      if (effect.kind === "requestBlock") this.#answer(node, effect.hash);
      if (effect.kind === "blockPending") this.#judgeLater(node, effect.cause);
    }
  }

  #answer(node: StudyNode, hash: Hash32): void {
    const block = this.#published.get(hash);
    if (block !== undefined) this.#send(-1, node, block);
  }

  #judgeLater(node: StudyNode, cause: Extract<SnailEffect, { kind: "blockPending" }>["cause"]): void {
    // Others come by a block that is asked for; drawn work needs no data.
    if (cause.why !== "future" && cause.why !== "unknownFastBlock") return;
    const { nowMs } = this.scheduler;
    const dueMs =
      cause.why === "future" ? (cause.what - GENESIS_SECONDS) * 1_000 : cause.what * FAST_BLOCK_MS + node.view.delayMs;
    // The chain looks at what waits when its clock has moved on by a second.
    this.scheduler.after(Math.max(1_000, dueMs - nowMs), () =>
      this.#apply(node, node.chain.step({ kind: "tick", nowSeconds: this.#nowSeconds() })),
    );
  }

  #onHead(node: StudyNode, change: Extract<SnailEffect, { kind: "headChanged" }>): void {
    const depth = change.reverted.length;
    if (depth > 0) this.reorgs.set(depth, (this.reorgs.get(depth) ?? 0) + 1);
    this.judgeReverted(node, change.reverted);
    this.#reschedule(node);
    this.#schedulePointer();
  }

  /** The next fast block may move the pointer. */
  #schedulePointer(): void {
    if (this.#isPointerDue) return;
    this.#isPointerDue = true;
    const { nowMs } = this.scheduler;
    const nextMs = (Math.floor(nowMs / FAST_BLOCK_MS) + 1) * FAST_BLOCK_MS;
    this.scheduler.after(nextMs - nowMs, () => {
      this.#isPointerDue = false;
      this.#movePointer();
      const next = this.fast.pointer.number + 1;
      if (this.nodes.some(({ chain }) => chain.head().number >= next)) this.#schedulePointer();
    });
  }

  /** Some leader proposes the next block of its own chain; who has the same on its chain agrees. */
  #movePointer(): void {
    const { pointer } = this.fast;
    const next = pointer.number + 1;
    if (next > (this.#options.pointerMax?.() ?? next)) return;
    const leader = this.nodes[this.#drawLeader()];
    const hash = leader?.chain.canonicalHash(next);
    if (leader === undefined || hash === undefined) return;
    const block = leader.chain.entryByHash(hash)?.block;
    if (block === undefined || block.header.parentHash !== pointer.hash) return;
    const total = this.#powers.reduce((sum, power) => sum + power, 0);
    const agreeing = this.nodes.filter(({ chain }) => chain.canonicalHash(next) === hash);
    const agreed = agreeing.reduce((sum, { index }) => sum + (this.#powers[index] ?? 0), 0);
    if (agreed > QUORUM * total) this.#commitPointer(leader, block, hash);
  }

  #drawLeader(): number {
    let left = this.#dice.between(0, 1) * this.#powers.reduce((sum, power) => sum + power, 0);
    return this.#powers.findIndex((power) => {
      left -= power;
      return left < 0;
    });
  }

  #commitPointer(leader: StudyNode, block: SnailBlock, hash: Hash32): void {
    const { number } = block.header;
    const fastNumber = this.fast.numberAt(this.scheduler.nowMs);
    this.fast.movePointer(fastNumber, { number, hash });
    this.#pointed.push(hash);
    // Who keeps a block to itself does not vote for it, but the committee has it from here on.
    this.#published.set(hash, block);
    const payments = this.#pay(leader, block);
    this.#open.settle(block);
    for (const node of this.nodes) {
      this.scheduler.after(node.view.delayMs, () => this.#onFast(node, fastNumber, { number, hash }));
    }
    this.#options.onBlock?.(block, payments, this.scheduler.nowMs);
  }

  #onFast(node: StudyNode, number: number, pointer: { readonly number: number; readonly hash: Hash32 }): void {
    if (this.#options.planted?.hidesPointer) return;
    this.#apply(node, node.chain.step({ kind: "fastCommitted", number, pointer }));
    node.conduct.onPointer(pointer.number, this.#toolsOf(node));
  }

  #pay(leader: StudyNode, snailBlock: SnailBlock): readonly Payment[] {
    const committee = committeeOf(this.spec);
    const rewards = this.#options.planted?.rewards ?? computeRewards;
    const payments = rewards({
      spec: this.spec,
      snailBlock,
      committee,
      slashed: [],
      participation: { certificates: 0, signed: new Map() },
      certificate: this.fast.committed(this.fast.numberAt(this.scheduler.nowMs)).certificate,
      proposerPayout: committee.members[leader.index % committee.members.length]?.payout as Address,
    });
    const broken = this.ledger.pay(snailBlock, payments);
    if (broken !== null) this.find(broken);
    return payments;
  }
}

export function payoutOf(miner: number): Address {
  return studyAddress("ee", miner);
}
