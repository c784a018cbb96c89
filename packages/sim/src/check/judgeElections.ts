// I9: every elected list is the one that the rules draw. Computed once more from the final blocks, the snail blocks that
// they point to, and the registry's storage, with nothing of the code that elects.
import type { ChainSpec } from "@festina/chainspec";
import type { FestinaNode } from "@festina/node";
import type { Hash32 } from "@festina/primitives";
import { type Committee, type FastBlock, fastTimeMs, hashSnailHeader, type SnailBlock } from "@festina/types";
import { drawSeats } from "./drawnSeats.ts";
import type { NodeWatch } from "./nodeWatch.ts";
import { REGISTRY, type ReadSlot, readRegistry } from "./registryStorage.ts";

/** A final chain, as a node tells it. */
export interface ElectingChain {
  readonly head: number;
  /** From 1 to the head. */
  block(number: number): FastBlock | undefined;
  snailBlock(hash: Hash32): SnailBlock | undefined;
  committee(epoch: number): Committee | undefined;
  /** Of the registry, in the state that the block left. */
  registry(number: number): ReadSlot;
}

export function electingChain({ chain, snail, committee, state }: FestinaNode["backend"]): ElectingChain {
  return {
    head: chain.head(),
    block: (number) => chain.blockByNumber(number)?.block,
    snailBlock: (hash) => snail.byHash(hash)?.block,
    committee: (epoch) => committee.byEpoch(epoch)?.committee,
    registry: (number) => (slot) => state.storage(REGISTRY, slot, number),
  };
}

interface Freeze {
  readonly number: number;
  readonly timeMs: number;
}

type Rules = Pick<ChainSpec, "preset" | "depositPerSeatWei">;

const listOf = ({ members }: Pick<Committee, "members">): string =>
  members.map(({ address, payout, publicKey, seats }) => `${address} ${payout} ${publicKey} ${seats}`).join("\n");

class Elections {
  readonly #chain: ElectingChain;
  readonly #rules: Rules;
  readonly #watch: NodeWatch;
  /** Hashes of the snail blocks that the chain points to, by number. */
  readonly #pointed = new Map<number, Hash32>();
  #pointer = 0;
  /** The committee that is being elected. */
  #epoch = 1;
  #windowStart = 0;
  #nextWindowStart: number | null = null;
  #freeze: Freeze | null = null;
  judged = 0;

  constructor(chain: ElectingChain, rules: Rules, watch: NodeWatch) {
    this.#chain = chain;
    this.#rules = rules;
    this.#watch = watch;
  }

  /** Final blocks, one after the other. */
  walk(number: number, { header, requests }: FastBlock): void {
    const { preset } = this.#rules;
    const size = preset.electionWindowBlocks;
    if (requests.pointer !== null) {
      this.#pointer = requests.pointer.number;
      this.#pointed.set(this.#pointer, hashSnailHeader(requests.pointer));
    }
    const timeMs = fastTimeMs(header);
    if (this.#pointer > this.#epoch * size) this.#nextWindowStart ??= number;
    if (this.#freeze === null && this.#pointer >= this.#epoch * size + preset.confirmDepthBlocks)
      this.#freeze = { number, timeMs };
    const isLast =
      this.#freeze !== null &&
      number >= this.#freeze.number + preset.seedDelayBlocks &&
      timeMs >= this.#freeze.timeMs + preset.handoverLookaheadMs;
    if (isLast !== (requests.handover !== null))
      this.#break(`block ${number} ${isLast ? "ends its epoch and hands over to nobody" : "hands over too early"}`);
    if (requests.handover === null) return;
    if (this.#freeze !== null) this.#judge(number, requests.handover, this.#freeze);
    this.#windowStart = this.#nextWindowStart ?? number;
    this.#nextWindowStart = null;
    this.#freeze = null;
    this.#epoch += 1;
  }

  #break(what: string): void {
    this.#watch.break("I9", what);
  }

  #judge(boundary: number, handover: Committee, freeze: Freeze): void {
    const expected = this.#draw(boundary, freeze);
    if (typeof expected === "string")
      return this.#break(`nobody can tell who is elected for epoch ${this.#epoch}: ${expected}`);
    this.judged += 1;
    if (handover.epoch !== this.#epoch)
      this.#break(`block ${boundary} hands over to epoch ${handover.epoch}, not ${this.#epoch}`);
    const seated = this.#chain.committee(this.#epoch);
    for (const [who, list] of [
      ["hands over to", handover],
      ["is followed by", seated],
    ] as const)
      if (list !== undefined && listOf(list) !== listOf(expected))
        this.#break(`block ${boundary} ${who} another committee of epoch ${this.#epoch} than is drawn`);
  }

  /** The committee after `boundary`, or why it cannot be told. */
  #draw(boundary: number, freeze: Freeze): Pick<Committee, "members"> | string {
    const { preset, depositPerSeatWei } = this.#rules;
    const size = preset.electionWindowBlocks;
    const seedBlock = this.#chain.block(freeze.number + preset.seedDelayBlocks);
    const candidates = readRegistry(this.#chain.registry(freeze.number));
    const registered = readRegistry(this.#chain.registry(boundary - 1));
    const window = Array.from({ length: size }, (_, index) => this.#pointed.get((this.#epoch - 1) * size + 1 + index));
    const blocks = window.map((hash) => (hash === undefined ? undefined : this.#chain.snailBlock(hash)));
    const windowLastHash = window.at(-1);
    if (seedBlock === undefined || windowLastHash === undefined || blocks.includes(undefined))
      return "blocks are missing";
    if (candidates === undefined || registered === undefined) return "a state is missing";
    const weights = new Map<string, bigint>();
    for (const { header } of blocks.flatMap((block) => block?.fruits ?? []))
      weights.set(header.supports, (weights.get(header.supports) ?? 0n) + header.fruitDifficulty);
    const drawn = drawSeats({
      beacon: seedBlock.header.beacon,
      windowLastHash,
      candidates,
      weights,
      windowStart: this.#windowStart,
      seats: preset.seats,
      depositPerSeatWei,
    });
    const staying = new Set(registered.filter(({ isLeaving }) => !isLeaving).map(({ address }) => address));
    const members = drawn
      .filter(({ validator, seats }) => seats > 0 && staying.has(validator.address))
      .map(({ validator, seats }) => ({ ...validator, seats }) as unknown as Committee["members"][number]);
    return members.length < preset.minValidators ? this.#sitting(staying) : { members };
  }

  #sitting(staying: ReadonlySet<string>): Pick<Committee, "members"> | string {
    const sitting = this.#chain.committee(this.#epoch - 1);
    if (sitting === undefined) return "the sitting committee is not known";
    const members = sitting.members.filter(({ address }) => staying.has(address));
    return { members: members.length > 0 ? members : sitting.members };
  }
}

/** Answers with the number of lists that were compared. Not for chains that recovery or a restart has seated a committee on. */
export function judgeElections(chain: ElectingChain, rules: Rules, watch: NodeWatch): number {
  const elections = new Elections(chain, rules, watch);
  for (let number = 1; number <= chain.head; number++) {
    const block = chain.block(number);
    if (block === undefined) {
      watch.break("I9", `block ${number} is missing`);
      break;
    }
    elections.walk(number, block);
  }
  return elections.judged;
}
