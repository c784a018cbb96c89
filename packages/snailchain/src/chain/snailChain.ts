import type { ChainSpec } from "@festina/chainspec";
import { assert, type Hash32, LruMap, unreachable } from "@festina/primitives";
import { hashSnailHeader, type SnailBlock, type SnailHeader } from "@festina/types";
import { createSnailEntry, lastEntries, type SnailEntry } from "../block/ancestry.ts";
import type { MiningContext } from "../block/assembleSnailCandidate.ts";
import { computeMedianTime, computeNextDifficulty, computeStalledSeconds } from "../block/schedule.ts";
import { createGenesisEntry } from "../block/snailGenesis.ts";
import { verifySnailBlock, verifySnailCheaply } from "../block/verifySnailBody.ts";
import type { SnailContext } from "../block/verifySnailHeader.ts";
import type { BestChainView } from "../fruit/verifyFruit.ts";
import type { FastView, SnailStore } from "../ports.ts";
import type { PowEngine } from "../pow/powEngine.ts";
import { computePowKey } from "../pow/powKey.ts";
import { readPowSample } from "../pow/readPowSample.ts";
import { computeFruitDifficulty } from "../pow/target.ts";
import type { SnailFailureCode } from "../verdict.ts";
import { type Checkpoint, heaviestWith, isHeavier, lacksCheckpoint, planReorg } from "./forkChoice.ts";
import { HeaderTree } from "./headerTree.ts";
import { PointedBlocks } from "./pointedBlocks.ts";
import type { SnailEffect, SnailInput } from "./snailInput.ts";
import { type WaitingBlock, WaitingBlocks, type WaitingLimits } from "./waitingBlocks.ts";

/** Room for a reorganisation in memory beyond what freshness asks for; deeper ones read the store. */
const REORG_BLOCKS = 64;
const WAITING_LIMITS: WaitingLimits = { blocksMax: 256, blocksPerSourceMax: 64, ageSecondsMax: 600 };
const INVALID_REMEMBERED_MAX = 1_024;
const CHECKPOINT_REQUEST_SECONDS = 5;

/** A body that does not fit its header says nothing about the header: the true body may still come. */
const BODY_ONLY_CODES: ReadonlySet<SnailFailureCode> = new Set<SnailFailureCode>([
  "SNAIL_TOO_MANY_FRUITS",
  "SNAIL_PACKED_FRUITS_WRONG",
  "SNAIL_FRUITS_ROOT_WRONG",
  "SNAIL_CERTIFICATE_WRONG",
]);

export interface SnailChainConfig {
  readonly spec: ChainSpec;
  readonly engine: PowEngine;
  readonly fastView: FastView;
  readonly store: SnailStore;
  /** Tip of the best chain when the node last ran; `null` starts from genesis. */
  readonly headHash: Hash32 | null;
  /** How a block is judged; by all the rules when absent. Many chains in one process may share what one has found out. */
  readonly verify?: typeof verifySnailBlock;
}

/** The valid snail blocks and the best chain among them. `step` is the only way to change it; reads are free. */
export class SnailChain implements BestChainView {
  readonly #config: SnailChainConfig;
  readonly #tree: HeaderTree;
  readonly #waiting = new WaitingBlocks(WAITING_LIMITS);
  readonly #invalid = new LruMap<Hash32, SnailFailureCode>(INVALID_REMEMBERED_MAX);
  #checkpoint: Checkpoint;
  readonly #pointed: PointedBlocks;
  /** The checkpoint and chain that the last hazard named. */
  #hazard = "";
  #nowSeconds = 0;
  #checkpointAskedSeconds = 0;

  /** @throws InvariantError when the store lacks its own head */
  constructor(config: SnailChainConfig) {
    this.#config = config;
    const { spec, store, headHash } = config;
    const genesis = createGenesisEntry(spec);
    const withGenesis: SnailStore = {
      blockByHash: (hash) => (hash === genesis.hash ? genesis : store.blockByHash(hash)),
      canonicalHash: (number) => (number === 0 ? genesis.hash : store.canonicalHash(number)),
    };
    const window = 2 * spec.preset.freshnessBlocks + REORG_BLOCKS;
    this.#tree = new HeaderTree(findHead(genesis, withGenesis, headHash), withGenesis, window);
    this.#checkpoint = { number: 0, hash: genesis.hash };
    this.#pointed = new PointedBlocks(this.#checkpoint);
  }

  /** The tip of the best chain. */
  head(): { readonly number: number; readonly hash: Hash32 } {
    return { number: this.#tree.head.block.header.number, hash: this.#tree.head.hash };
  }

  headEntry(): SnailEntry {
    return this.#tree.head;
  }

  /** Blocks that wait to be judged. */
  get waitingBlocks(): number {
    return this.#waiting.size;
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  entryByHash(hash: Hash32): SnailEntry | undefined {
    return this.#tree.byHash(hash);
  }

  headerByHash(hash: Hash32): SnailHeader | undefined {
    return this.#tree.byHash(hash)?.block.header;
  }

  canonicalHash(number: number): Hash32 | undefined {
    return this.#tree.canonicalHash(number);
  }

  /** The block at `number` in the chain that ends in `hash`, that block included. */
  ancestor(hash: Hash32, number: number): Hash32 | undefined {
    return this.#tree.ancestor(hash, number);
  }

  isFruitPacked(hash: Hash32, numberMin = 0): boolean {
    const recent = lastEntries(this.#tree, this.#tree.head.hash, this.#config.spec.preset.freshnessBlocks);
    for (const { block, fruitHashes } of recent) {
      if (block.header.number < numberMin) return false;
      if (fruitHashes.has(hash)) return true;
    }
    return false;
  }

  miningContext(): MiningContext {
    const { preset } = this.#config.spec;
    const head = this.#tree.head;
    const { header } = head.block;
    const pointerHash = this.#tree.ancestor(head.hash, Math.max(0, header.number - preset.pointerDepthBlocks));
    const pointer = this.#tree.byHash(pointerHash ?? head.hash) ?? head;
    const powKey = this.powKeyAt(header.number + 1);
    assert(powKey !== undefined, "the next block's data set is made from its ancestors");
    return {
      parentHash: head.hash,
      number: header.number + 1,
      difficulty: computeNextDifficulty(this.#config.spec, head),
      medianTime: computeMedianTime(this.#tree, head.hash),
      parentAnchorNumber: header.anchorNumber,
      parentPackedFruits: header.packedFruits,
      pointerHash: pointer.hash,
      fruitDifficulty: computeFruitDifficulty(pointer.block.header.difficulty, preset.fruitsPerBlock),
      powKey,
    };
  }

  /** Key of the data set for that number on the best chain; `undefined` while the chain has not come far enough. */
  powKeyAt(number: number): Hash32 | undefined {
    const { engine, spec } = this.#config;
    return computePowKey(engine, number, spec.preset.powEpochBlocks, (sampled) => this.#tree.canonicalHash(sampled));
  }

  /** The hashes that a data set is made from, oldest last. Reading one may take a look into the store. */
  powSample(powKey: Hash32): Generator<Hash32> {
    return readPowSample(this.#tree, powKey, this.#config.spec.preset.powEpochBlocks);
  }

  step(input: SnailInput): readonly SnailEffect[] {
    // The host has run the effects of earlier steps, so the store answers for what memory lets go now.
    this.#tree.forgetOld();
    const effects: SnailEffect[] = [];
    switch (input.kind) {
      case "blockReceived":
        this.#onTime(input.nowSeconds, effects);
        this.#onBlock(input.block, input.from, effects);
        return effects;
      case "fastCommitted":
        if (input.pointer.hash !== this.#checkpoint.hash) {
          this.#checkpoint = input.pointer;
          this.#pointed.add(input.pointer, this.#tree.byHash(input.pointer.hash) !== undefined);
          this.#followCheckpoint(effects);
        }
        this.#retry(this.#waiting.takeReady(this.#config.fastView.head(), this.#nowSeconds), effects);
        return effects;
      case "dataSetReady":
        this.#retry(this.#waiting.takeByDataSet(input.powKey), effects);
        return effects;
      case "tick":
        this.#onTime(input.nowSeconds, effects);
        return effects;
      default:
        return unreachable(input);
    }
  }

  #onTime(nowSeconds: number, effects: SnailEffect[]): void {
    if (nowSeconds <= this.#nowSeconds) return;
    this.#nowSeconds = nowSeconds;
    for (const { hash, from } of this.#waiting.dropOld(nowSeconds)) effects.push({ kind: "dropBlock", hash, from });
    this.#retry(this.#waiting.takeReady(this.#config.fastView.head(), nowSeconds), effects);
    this.#askAgainForCheckpoint(effects);
  }

  #onBlock(block: SnailBlock, from: string, effects: SnailEffect[]): void {
    const cheap = verifySnailCheaply(block, this.#context());
    // Before its hash is computed, unless something might wait for it.
    if (cheap.kind === "invalid" && this.#waiting.size === 0) {
      effects.push({ kind: "rejectBlock", hash: null, code: cheap.code, message: cheap.message, from });
      return;
    }
    const hash = hashSnailHeader(block.header);
    if (this.#tree.byHash(hash) !== undefined || this.#waiting.get(hash) !== undefined) return;
    const waiting = { block, hash, from, sinceSeconds: this.#nowSeconds };
    this.#retry([{ ...waiting, cause: { why: "future", what: 0 } }], effects);
  }

  #context(): SnailContext {
    const { spec, engine, fastView } = this.#config;
    return { spec, engine, fastView, ancestry: this.#tree, nowSeconds: this.#nowSeconds };
  }

  /** Judges blocks and, as each turns out valid, those that waited for it: a queue, so that no chain is too long. */
  #retry(blocks: readonly WaitingBlock[], effects: SnailEffect[]): void {
    const queue = [...blocks];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      this.#judge(next, effects);
      if (this.#tree.byHash(next.hash) !== undefined || this.#invalid.has(next.hash)) {
        queue.push(...this.#waiting.takeChildrenOf(next.hash));
      }
    }
  }

  #judge(waiting: WaitingBlock, effects: SnailEffect[]): void {
    const { block, hash } = waiting;
    if (this.#tree.byHash(hash) !== undefined) return;
    const known = this.#invalid.get(hash);
    if (known !== undefined) {
      this.#reject(waiting, known, "found invalid before", effects);
    } else if (this.#invalid.has(block.header.parentHash)) {
      this.#reject(waiting, "SNAIL_PARENT_INVALID", "descends from an invalid block", effects);
    } else {
      const { verify = verifySnailBlock } = this.#config;
      const verdict = verify(block, this.#context());
      if (verdict.kind === "valid") this.#accept(waiting, effects);
      else if (verdict.kind === "invalid") this.#reject(waiting, verdict.code, verdict.message, effects);
      else if (verdict.cause.why === "powUnknown") effects.push({ kind: "dropBlock", hash, from: waiting.from });
      else this.#wait({ ...waiting, cause: verdict.cause }, effects);
    }
  }

  #wait(waiting: WaitingBlock, effects: SnailEffect[]): void {
    const { hash, from, cause } = waiting;
    const gone = this.#waiting.add(waiting);
    if (gone !== undefined) effects.push({ kind: "dropBlock", hash: gone.hash, from: gone.from });
    if (gone?.hash === hash) return;
    effects.push({ kind: "blockPending", hash, cause, from });
    if (cause.why === "unknownParent" && this.#waiting.get(cause.what) === undefined) {
      effects.push({ kind: "requestBlock", hash: cause.what, from });
    }
  }

  #reject(waiting: WaitingBlock, code: SnailFailureCode, message: string, effects: SnailEffect[]): void {
    const { hash, from } = waiting;
    if (!BODY_ONLY_CODES.has(code)) this.#invalid.set(hash, code);
    effects.push({ kind: "rejectBlock", hash, code, message, from });
  }

  #accept({ block, hash, from }: WaitingBlock, effects: SnailEffect[]): void {
    const parent = this.#tree.byHash(block.header.parentHash);
    assert(parent !== undefined, "a valid block has a known parent");
    const entry = createSnailEntry(hash, {
      block,
      totalDifficulty: parent.totalDifficulty + block.header.difficulty,
      stalledSeconds: computeStalledSeconds(this.#config.spec, parent, block.header),
    });
    this.#tree.insert(entry);
    effects.push({ kind: "storeBlock", entry, from });
    if (this.#pointed.arrived(block.header.number, hash)) this.#followCheckpoint(effects);
    if (!isHeavier(entry, this.#tree.head)) return;
    // Our own chain may lack a checkpoint that nobody has sent us yet: it keeps growing, and serving.
    const isOurs = parent.hash === this.#tree.head.hash && this.#tree.byHash(this.#checkpoint.hash) === undefined;
    if (isOurs || !this.#lacksPointed(entry)) this.#moveHead(entry, effects);
    else this.#raiseHazard(entry, "a heavier chain lacks the snail block that the committed chain points to", effects);
  }

  /** Whether its chain lacks what the committed chain points to, as far as that is known. */
  #lacksPointed(tip: SnailEntry): boolean {
    return (
      lacksCheckpoint(this.#tree, tip, this.#checkpoint) || lacksCheckpoint(this.#tree, tip, this.#pointed.settled)
    );
  }

  /** Moves to the heaviest chain with the newest known pointer when ours lacks it; asks for the checkpoint while it is unknown. */
  #followCheckpoint(effects: SnailEffect[]): void {
    const { head } = this.#tree;
    const checkpoint = this.#checkpoint;
    const isMissing =
      this.#tree.byHash(checkpoint.hash) === undefined && this.#waiting.get(checkpoint.hash) === undefined;
    if (isMissing) {
      this.#checkpointAskedSeconds = this.#nowSeconds;
      effects.push({ kind: "requestBlock", hash: checkpoint.hash, from: null });
    }
    const { settled } = this.#pointed;
    if (lacksCheckpoint(this.#tree, head, settled))
      this.#moveHead(heaviestWith(this.#tree, settled, checkpoint), effects);
    else if (lacksCheckpoint(this.#tree, head, checkpoint))
      this.#raiseHazard(head, "our chain lacks the snail block that the committed chain points to", effects);
  }

  #askAgainForCheckpoint(effects: SnailEffect[]): void {
    const isDue = this.#nowSeconds - this.#checkpointAskedSeconds >= CHECKPOINT_REQUEST_SECONDS;
    if (isDue && this.#tree.byHash(this.#checkpoint.hash) === undefined) this.#followCheckpoint(effects);
  }

  #moveHead(head: SnailEntry, effects: SnailEffect[]): void {
    const { reverted, applied } = planReorg(this.#tree, this.#tree.head, head);
    this.#tree.moveHead(head, reverted, applied);
    effects.push({ kind: "headChanged", head, reverted, applied });
  }

  /** Once per checkpoint and branch. */
  #raiseHazard(lacking: SnailEntry, message: string, effects: SnailEffect[]): void {
    const checkpoint = this.#checkpoint;
    const branch = this.#tree.ancestor(lacking.hash, checkpoint.number) ?? lacking.hash;
    if (this.#hazard === checkpoint.hash + branch) return;
    this.#hazard = checkpoint.hash + branch;
    effects.push({ kind: "hazard", checkpoint, head: this.#tree.head.hash, lacking: lacking.hash, message });
  }
}

function findHead(genesis: SnailEntry, store: SnailStore, headHash: Hash32 | null): SnailEntry {
  if (headHash === null || headHash === genesis.hash) return genesis;
  const record = store.blockByHash(headHash);
  assert(record !== undefined, "the store holds the head it recorded");
  return createSnailEntry(headHash, record);
}
