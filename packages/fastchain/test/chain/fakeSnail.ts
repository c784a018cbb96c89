// A snail chain without proof of work: real blocks and fruits, made on demand, as the fast chain sees them.
import { type Address, type Hash32, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import {
  computeFruitsRoot,
  EMPTY_FRUITS_ROOT,
  type Fruit,
  hashSnailHeader,
  type SnailBlock,
  type SnailHeader,
} from "@festina/types";
import type { SnailSource } from "../../src/index.ts";

export const MINER = `0x${"d1".repeat(20)}` as Address;
export const FRUIT_MINER = `0x${"d2".repeat(20)}` as Address;
export const BLOCK_DIFFICULTY = 4_000n;
export const FRUIT_DIFFICULTY = 1_000n;

const GENESIS_HEADER: SnailHeader = {
  number: 0,
  parentHash: ZERO_HASH,
  timestamp: 0,
  payout: ZERO_ADDRESS,
  supports: ZERO_ADDRESS,
  anchorNumber: 0,
  anchorHash: ZERO_HASH,
  certificateHash: ZERO_HASH,
  boundaryHash: ZERO_HASH,
  fruitsRoot: EMPTY_FRUITS_ROOT,
  packedFruits: 0,
  difficulty: BLOCK_DIFFICULTY,
  pointerHash: ZERO_HASH,
  fruitDifficulty: FRUIT_DIFFICULTY,
  nonce: 0n,
};

export const SNAIL_GENESIS: SnailBlock = { header: GENESIS_HEADER, fruits: [], certificate: null };

export interface Anchor {
  readonly number: number;
  readonly hash: Hash32;
}

export class FakeSnail implements SnailSource {
  readonly blocks: SnailBlock[] = [SNAIL_GENESIS];
  /** Bodies that this node does not hold. */
  readonly missing = new Set<Hash32>();
  #nonce = 0n;

  get genesisHash(): Hash32 {
    return hashSnailHeader(GENESIS_HEADER);
  }

  get tip(): SnailBlock {
    return this.blocks.at(-1) as SnailBlock;
  }

  fruit(supports: Address, changes: Partial<SnailHeader> = {}): Fruit {
    this.#nonce += 1n;
    return { header: { ...GENESIS_HEADER, payout: FRUIT_MINER, supports, nonce: this.#nonce, ...changes } };
  }

  /** The next block on the tip. */
  mine(anchor: Anchor, fruits: readonly Fruit[] = [], changes: Partial<SnailHeader> = {}): SnailBlock {
    const parent = this.tip.header;
    this.#nonce += 1n;
    const header: SnailHeader = {
      ...GENESIS_HEADER,
      number: parent.number + 1,
      parentHash: hashSnailHeader(parent),
      payout: MINER,
      anchorNumber: anchor.number,
      anchorHash: anchor.number === 0 ? ZERO_HASH : anchor.hash,
      fruitsRoot: computeFruitsRoot(fruits),
      packedFruits: parent.packedFruits + fruits.length,
      nonce: this.#nonce,
      ...changes,
    };
    const block = { header, fruits, certificate: null };
    this.blocks.push(block);
    return block;
  }

  block(hash: Hash32): SnailBlock | undefined {
    return this.missing.has(hash) ? undefined : this.blocks.find(({ header }) => hashSnailHeader(header) === hash);
  }

  hashOnBranch(number: number, tipHash: Hash32): Hash32 | undefined {
    const block = this.blocks[number];
    const isBelow = block !== undefined && number <= (this.#position(tipHash) ?? -1);
    return isBelow ? hashSnailHeader(block.header) : undefined;
  }

  packedFruits(first: number, last: number, tipHash: Hash32): readonly Fruit[] | undefined {
    const fruits: Fruit[] = [];
    for (let number = first; number <= last; number++) {
      const hash = this.hashOnBranch(number, tipHash);
      const block = hash === undefined ? undefined : this.block(hash);
      if (block === undefined) return undefined;
      fruits.push(...block.fruits);
    }
    return fruits;
  }

  #position(hash: Hash32): number | undefined {
    return this.blocks.find(({ header }) => hashSnailHeader(header) === hash)?.header.number;
  }
}
