import { type Hash32, ZERO_HASH } from "@festina/primitives";
import { type Fruit, hashFruit } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { FruitPool, keccakPowEngine } from "../../src/index.ts";
import { address, createWorld, extend, hash, mineBlock, mineFruit, receive, testSpec, type World } from "../fakes.ts";

function createPool(world: World): FruitPool {
  return new FruitPool({ spec: world.spec, engine: keccakPowEngine, fastView: world.fast, chain: world.chain });
}

function grownWorld(spec = testSpec()): World {
  const world = createWorld(spec);
  for (let i = 0; i < 3; i++) {
    world.fast.commit();
    extend(world);
  }
  return world;
}

const codeOf = (pool: FruitPool, fruit: Fruit, from: string | null = "peer"): string => {
  const outcome = pool.add(fruit, from);
  return outcome.kind === "refused" ? outcome.code : outcome.kind;
};
const fruitIds = (fruits: readonly { readonly hash: Hash32 }[]): Hash32[] => fruits.map((fruit) => fruit.hash);

describe("fruit pool admission", () => {
  const world = grownWorld();
  const pool = createPool(world);

  it("flaw 5: the claimed difficulty must be the pointer's, before anything is kept", () => {
    expect(codeOf(pool, mineFruit(world, "cheap", { fruitDifficulty: 1n }))).toBe("FRUIT_DIFFICULTY_WRONG");
    const cheapOrphan = { fruitDifficulty: 0n, pointerHash: hash("nobody") };
    const fruit = mineFruit(world, "orphan");
    expect(codeOf(pool, { header: { ...fruit.header, ...cheapOrphan } })).not.toBe("waiting");
    expect([pool.size, pool.waitingFruits]).toEqual([0, 0]);
  });

  it("refuses without work, off the best chain, out of range, above its time", () => {
    const fruit = mineFruit(world, "w");
    let nonce = 0n;
    let outcome = "";
    for (; outcome !== "FRUIT_WORK_MISSING"; nonce++) {
      outcome = codeOf(createPool(world), { header: { ...fruit.header, nonce } });
    }
    expect(codeOf(pool, mineFruit(world, "n", { number: 99 }))).toBe("FRUIT_NUMBER_WRONG");
    expect(codeOf(pool, mineFruit(world, "a", { anchorNumber: 0 }))).toBe("FRUIT_ANCHOR_OUT_OF_RANGE");
    expect(codeOf(pool, mineFruit(world, "h", { anchorHash: ZERO_HASH }))).toBe("FRUIT_ANCHOR_NOT_COMMITTED");
    const stale = pool.add(mineFruit(world, "n", { number: 99 }), "peer");
    expect(stale).toMatchObject({ kind: "refused", isFault: false });
  });

  it("keeps a fruit with an unknown anchor or pointer aside until it is known", () => {
    const waiting = createPool(world);
    const number = world.fast.head() + 1;
    const early = mineFruit(world, "early", { anchorNumber: number, anchorHash: hash(`fast ${number}`) });
    expect(codeOf(waiting, early)).toBe("waiting");
    expect(codeOf(waiting, early)).toBe("known");
    expect(waiting.onFastCommitted()).toEqual([]);
    world.fast.commit();
    expect(fruitIds(waiting.onFastCommitted())).toEqual([hashFruit(early)]);
    expect([waiting.size, waiting.waitingFruits]).toEqual([1, 0]);
  });

  it("flaw 5: holds a source to its share, bounds those that wait, and is bounded itself", () => {
    const small = grownWorld(testSpec({ preset: { ...testSpec().preset, maxFruits: 4, freshnessBlocks: 2 } }));
    const bounded = createPool(small);
    const fruits = Array.from({ length: 20 }, (_, i) => mineFruit(small, `q${i}`));
    const outcomes = fruits.map((fruit) => codeOf(bounded, fruit, "flood"));
    expect(outcomes.filter((outcome) => outcome === "admitted")).toHaveLength(2);
    fruits.forEach((fruit, i) => {
      bounded.add(fruit, `peer ${i}`);
    });
    expect(bounded.size).toBe(8);
    const far = Array.from({ length: 140 }, (_, i) => mineFruit(small, `f${i}`, { anchorNumber: 90 }));
    for (const fruit of far) bounded.add(fruit, "waiter");
    expect(bounded.waitingFruits).toBe(128);
    for (let i = 0; i < 600; i++) bounded.add(mineFruit(small, `g${i}`, { anchorNumber: 90 }), `peer ${i}`);
    expect(bounded.waitingFruits).toBe(512);
  });
});

describe("fruit pool and the chain", () => {
  it("drops packed and stale fruits, and takes back those of a reverted block", () => {
    const world = grownWorld();
    const other = createWorld(world.spec, world.fast);
    other.nowSeconds = world.nowSeconds;
    for (let n = 1; n <= 3; n++) receive(other, world.chain.entryByHash(world.chain.canonicalHash(n)!)!.block);
    const pool = createPool(world);
    const fruits = ["a", "b", "c"].map((name) => mineFruit(world, name));
    for (const fruit of fruits) expect(codeOf(pool, fruit)).toBe("admitted");
    extend(world, { fruits: fruits.slice(0, 2), payout: address("c1") });
    for (const effect of world.effects.slice(-1)) if (effect.kind === "headChanged") pool.onHeadChanged(effect);
    expect(pool.hashes()).toEqual([hashFruit(fruits[2]!)]);
    expect(codeOf(pool, fruits[0]!)).toBe("known");

    const branch = [extend(other, { payout: address("d1") }), extend(other, { payout: address("d2") })];
    world.nowSeconds = other.nowSeconds;
    for (const block of branch) {
      for (const effect of receive(world, block)) if (effect.kind === "headChanged") pool.onHeadChanged(effect);
    }
    expect(world.chain.head()).toEqual(other.chain.head());
    expect([...pool.hashes()].sort()).toEqual(fruits.map(hashFruit).sort());

    for (let i = 0; i < world.spec.preset.freshnessBlocks; i++) {
      extend(world);
      const effect = world.effects.at(-1);
      if (effect?.kind === "headChanged") pool.onHeadChanged(effect);
    }
    expect(pool.size).toBe(0);
  });

  it("picks what goes stale first, in one order, under the anchor and number of the packer", () => {
    const world = grownWorld();
    const pool = createPool(world);
    const old = ["o1", "o2"].map((name) => mineFruit(world, name));
    world.fast.commit();
    extend(world);
    const fresh = ["f1", "f2"].map((name) => mineFruit(world, name));
    const ahead = mineFruit(world, "next", { number: world.chain.head().number + 2 });
    for (const fruit of [...fresh, ahead, ...old]) expect(codeOf(pool, fruit)).toBe("admitted");
    const expected = [...old.map(hashFruit).sort(), ...fresh.map(hashFruit).sort()];
    expect(fruitIds(pool.pick(10, world.fast.head()))).toEqual(expected);
    expect(fruitIds(pool.pick(3, world.fast.head()))).toEqual(expected.slice(0, 3));
    expect(pool.pick(10, 0)).toEqual([]);
    const packer = mineBlock(world, { fruits: pool.pick(10, world.fast.head()).map(({ fruit }) => fruit) });
    world.nowSeconds = packer.header.timestamp;
    expect(receive(world, packer).map(({ kind }) => kind)).toEqual(["storeBlock", "headChanged"]);
  });
});
