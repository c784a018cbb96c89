// Each kind of invalid fruit or snail block that costs its sender nothing, and what the chain says to it.

import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { FruitPool, type PowEngine, SnailChain } from "@festina/snailchain";
import type { Fruit, SnailBlock, SnailHeader } from "@festina/types";
import {
  certificateFor,
  createWorld,
  extend,
  hash,
  mineBlock,
  mineFruit,
  testSpec,
  type World,
} from "../../packages/snailchain/test/fakes.ts";

const BLOCKS = 15;
const SENDER = "flooder";

/** What a flooder sends, made anew each time, and how it is answered. */
export interface FloodKind {
  readonly name: string;
  /** Not timed: another object with other bytes each time, as if it had just been decoded. */
  make(serial: number): () => string;
}

/** Computes nothing: whoever asks it for a hash has let something through. */
const noEngine: PowEngine = {
  name: "keccak",
  compute: () => {
    throw new Error("work was checked");
  },
};

function grownWorld(): World {
  const world = createWorld(testSpec());
  for (let number = 0; number < BLOCKS; number++) {
    world.fast.commit();
    extend(world, { fruits: [mineFruit(world, `${number}`)] });
  }
  world.fast.commit();
  return world;
}

/** The cheap kinds, upon one chain of fifteen blocks. */
export function createFloodKinds(): readonly FloodKind[] {
  const world = grownWorld();
  const { spec, fast, store } = world;
  const headHash = world.chain.head().hash;
  const chain = new SnailChain({ spec, engine: noEngine, fastView: fast, store, headHash });
  const pool = new FruitPool({ spec, engine: noEngine, fastView: fast, chain });
  const block = mineBlock(world);
  const fruit = mineFruit(world, "good").header;
  const hashAt = (number: number): Hash32 => world.chain.canonicalHash(number) ?? ZERO_HASH;

  const fruitKind = (name: string, changes: Partial<SnailHeader>): FloodKind => ({
    name: `fruit ${name}`,
    make: (serial) => {
      const made: Fruit = { header: { ...fruit, ...changes, nonce: BigInt(serial) } };
      return () => {
        const outcome = pool.add(made, SENDER);
        return outcome.kind === "refused" ? outcome.code : outcome.kind;
      };
    },
  });
  const blockKind = (
    name: string,
    changes: Partial<SnailHeader>,
    body: Partial<Omit<SnailBlock, "header">> = {},
  ): FloodKind => ({
    name: `block ${name}`,
    make: (serial) => {
      const made = { ...block, ...body, header: { ...block.header, ...changes, nonce: BigInt(serial) } };
      const input = { kind: "blockReceived", block: made, from: SENDER, nowSeconds: block.header.timestamp } as const;
      return () => {
        const [effect] = chain.step(input);
        return effect?.kind === "rejectBlock" && effect.hash === null ? effect.code : (effect?.kind ?? "nothing");
      };
    },
  });
  const { difficulty, number, packedFruits, fruitDifficulty } = block.header;
  return [
    fruitKind("FRUIT_DIFFICULTY_WRONG", { fruitDifficulty: 0n }),
    fruitKind("FRUIT_DIFFICULTY_WRONG too high", { fruitDifficulty: fruit.fruitDifficulty * 100n }),
    fruitKind("FRUIT_STALE", { pointerHash: hashAt(2) }),
    fruitKind("FRUIT_NUMBER_WRONG", { number: 1 }),
    fruitKind("FRUIT_ANCHOR_OUT_OF_RANGE", { anchorNumber: 0 }),
    fruitKind("FRUIT_ANCHOR_NOT_COMMITTED", { anchorHash: hash("elsewhere") }),
    blockKind("SNAIL_NUMBER_WRONG", { number: number + 1 }),
    blockKind("SNAIL_ANCHOR_DECREASES", { anchorNumber: 1 }),
    blockKind("SNAIL_PACKED_FRUITS_WRONG", { packedFruits: packedFruits + 1 }),
    blockKind("SNAIL_DIFFICULTY_WRONG", { difficulty: difficulty + 1n }),
    blockKind("SNAIL_POINTER_WRONG", { fruitDifficulty: fruitDifficulty + 1n }),
    blockKind("SNAIL_POINTER_WRONG stale", { pointerHash: hashAt(1) }),
    blockKind("SNAIL_TIME_TOO_OLD", { timestamp: 1 }),
    blockKind("SNAIL_TOO_MANY_FRUITS", {}, { fruits: Array.from({ length: 17 }, () => ({ header: fruit })) }),
    blockKind("SNAIL_CERTIFICATE_WRONG missing", {}, { certificate: null }),
    blockKind("SNAIL_CERTIFICATE_WRONG of another block", {}, { certificate: certificateFor(hash("other")) }),
    blockKind(
      "SNAIL_ANCHOR_NOT_COMMITTED",
      { anchorHash: hash("elsewhere") },
      { certificate: certificateFor(hash("elsewhere")) },
    ),
  ];
}

const losingEngine: PowEngine = { name: "keccak", compute: () => new Uint8Array(32).fill(255) };

/** A fruit that only its work tells from a good one: what the cheap kinds are compared with. */
export function createCostlyKind(): FloodKind {
  const world = grownWorld();
  const pool = new FruitPool({ spec: world.spec, engine: losingEngine, fastView: world.fast, chain: world.chain });
  const fruit = mineFruit(world, "good").header;
  return {
    name: "fruit FRUIT_WORK_MISSING (hashed)",
    make: (serial) => {
      const made: Fruit = { header: { ...fruit, nonce: BigInt(serial) } };
      return () => {
        const outcome = pool.add(made, SENDER);
        return outcome.kind === "refused" ? outcome.code : outcome.kind;
      };
    },
  };
}
