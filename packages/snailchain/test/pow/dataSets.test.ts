// A chain whose proof of work depends on data sets that come later, differ between branches, and go.
import { keccak256 } from "@festina/crypto";
import { bigintToBytes, concatBytes, type Hash32, hexToBytes } from "@festina/primitives";
import { type Fruit, hashFruit, sealHash } from "@festina/types";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { computePowWins, FruitPool, Miner, type PowEngine } from "../../src/index.ts";
import {
  address,
  createWorld,
  extend,
  hash,
  kinds,
  lastRejection,
  mineBlock,
  mineFruit,
  receive,
  run,
  searchNonce,
  testSpec,
  type World,
} from "../fakes.ts";

/** Test preset: epochs of 32 blocks, the sample for the second ends at block 27. */
const SAMPLE_END = 27;
const EPOCH = 32;

const ready = new Set<Hash32>();
const engine: PowEngine = {
  name: "keyed",
  dataSets: { isReady: (powKey) => ready.has(powKey) },
  compute: (seal, nonce, powKey) => {
    if (!ready.has(powKey)) throw new Error("used before it was ready");
    return keccak256(concatBytes(hexToBytes(powKey), hexToBytes(seal), bigintToBytes(nonce, 8)));
  },
};

function grow(world: World, to: number, name = "aa"): void {
  while (world.chain.head().number < to) extend(world, { payout: address(name) });
}

/** A world at the end of the first epoch, and the key of the second. */
function atBorder(): { world: World; first: Hash32; second: Hash32 } {
  const world = createWorld(testSpec(), undefined, undefined, engine);
  const first = world.chain.powKeyAt(1)!;
  ready.add(first);
  grow(world, EPOCH);
  return { world, first, second: world.chain.powKeyAt(EPOCH + 1)! };
}

beforeEach(() => ready.clear());

describe("snail blocks under data sets", () => {
  it("wait for theirs, then count; the sample can be read back", () => {
    const { world, first, second } = atBorder();
    expect(first).toBe(world.chain.canonicalHash(0));
    expect(second).toBe(world.chain.canonicalHash(SAMPLE_END));
    ready.add(second);
    const block = mineBlock(world);
    ready.delete(second);
    world.nowSeconds = block.header.timestamp;
    expect(receive(world, block)).toMatchObject([{ kind: "blockPending", cause: { why: "powDataSet", what: second } }]);
    expect(run(world, world.chain.step({ kind: "dataSetReady", powKey: first }))).toEqual([]);
    ready.add(second);
    expect(kinds(run(world, world.chain.step({ kind: "dataSetReady", powKey: second })))).toEqual([
      "storeBlock",
      "headChanged",
    ]);
    const sample = [...world.chain.powSample(second)];
    expect(sample).toEqual(Array.from({ length: SAMPLE_END }, (_, i) => world.chain.canonicalHash(SAMPLE_END - i)));
    expect([...world.chain.powSample(first)]).toEqual([first]);
    expect([...world.chain.powSample(hash("nobody"))]).toEqual([]);
    expect([...world.chain.powSample(world.chain.canonicalHash(5)!)]).toEqual([]);
  });

  it("are invalid by the data set of another epoch", () => {
    const { world, first, second } = atBorder();
    ready.add(second);
    const block = mineBlock(world, { powKey: first });
    world.nowSeconds = block.header.timestamp;
    expect(lastRejection(receive(world, block))).toBe("SNAIL_WORK_MISSING");
  });

  it("of a branch are proved by the branch's own sample", () => {
    const { world, second } = atBorder();
    const other = createWorld(world.spec, world.fast, undefined, engine);
    grow(other, EPOCH, "bb");
    const others = other.chain.powKeyAt(EPOCH + 1)!;
    expect(others).not.toBe(second);
    ready.add(second).add(others);
    grow(other, EPOCH + 2, "bb");
    // All of the branch's blocks but the last tie with ours or lose; the last makes it the best chain.
    for (let number = 1; number <= EPOCH + 2; number++) {
      const { block } = other.chain.entryByHash(other.chain.canonicalHash(number)!)!;
      world.nowSeconds = block.header.timestamp;
      expect(lastRejection(receive(world, block))).toBeUndefined();
    }
    expect(world.chain.head()).toEqual(other.chain.head());
    expect(world.chain.powKeyAt(EPOCH + 3)).toBe(others);
    // The one that lost can still be read: by its parents.
    expect([...world.chain.powSample(second)].length).toBe(SAMPLE_END);
  });

  it("without a known parent must show work by our data set, are not kept otherwise, and are never invalid for it", () => {
    const { world, second } = atBorder();
    ready.add(second);
    const behind = createWorld(world.spec, world.fast, undefined, engine);
    grow(world, EPOCH + 2);
    const block = world.chain.entryByHash(world.chain.head().hash)!.block;
    behind.nowSeconds = block.header.timestamp;
    // Our chain has not come to the sample: nothing says what the work is by.
    expect(kinds(receive(behind, block))).toEqual(["dropBlock"]);
    for (let number = 1; number <= EPOCH; number++)
      receive(behind, world.chain.entryByHash(world.chain.canonicalHash(number)!)!.block);
    const nonce = searchNonce(block.header, { block: false }, engine, second);
    const unworked = { ...block, header: { ...block.header, nonce } };
    expect(kinds(receive(behind, unworked))).toEqual(["dropBlock"]);
    ready.delete(second);
    expect(kinds(receive(behind, block))).toEqual(["dropBlock"]);
    ready.add(second);
    expect(receive(behind, block)).toMatchObject([
      { kind: "blockPending", cause: { why: "unknownParent" } },
      { kind: "requestBlock" },
    ]);
    expect(behind.chain.waitingBlocks).toBe(1);
    // In the first epoch, which begins at genesis, the data set is everybody's.
    const early = mineBlock(createWorld(world.spec, world.fast, undefined, engine));
    const orphan = { ...early, header: { ...early.header, parentHash: hash("unknown") } };
    expect(lastRejection(receive(behind, orphan))).toBe("SNAIL_WORK_MISSING");
  });
});

describe("fruits under data sets", () => {
  it("wait for theirs on their own, and make a block wait that packs them", () => {
    const { world, second } = atBorder();
    ready.add(second);
    const fruit = mineFruit(world, "a");
    const packer = mineBlock(world, { fruits: [fruit] });
    ready.delete(second);
    const pool = new FruitPool({ spec: world.spec, engine, fastView: world.fast, chain: world.chain });
    expect(pool.add(fruit, "peer")).toMatchObject({ kind: "waiting", cause: { why: "powDataSet", what: second } });
    expect(pool.onDataSetReady()).toEqual([]);
    ready.add(second);
    expect(pool.onDataSetReady()).toMatchObject([{ hash: hashFruit(fruit) }]);
    world.nowSeconds = packer.header.timestamp;
    expect(kinds(receive(world, packer))).toEqual(["storeBlock", "headChanged"]);
  });

  it("of the epoch before are judged by that epoch's data set", () => {
    const { world, first, second } = atBorder();
    ready.add(second);
    const before = createWorld(world.spec, world.fast, undefined, engine);
    before.nowSeconds = world.nowSeconds;
    for (let number = 1; number < EPOCH; number++)
      receive(before, world.chain.entryByHash(world.chain.canonicalHash(number)!)!.block);
    const fruit = mineFruit(before, "late");
    expect(fruit.header.number).toBe(EPOCH);
    const packer = mineBlock(world, { fruits: [fruit] });
    world.nowSeconds = packer.header.timestamp;
    expect(kinds(receive(world, packer))).toEqual(["storeBlock", "headChanged"]);
    const isWrong = ({ header }: Fruit) => !computePowWins(engine, sealHash(header), header.nonce, header, first).fruit;
    const names = Array.from({ length: 40 }, (_, i) => `wrong ${i}`);
    const wrong = names.map((name) => mineFruit(before, name, {}, { powKey: second })).find(isWrong)!;
    world.nowSeconds += 60;
    expect(lastRejection(receive(world, mineBlock(world, { fruits: [wrong] })))).toBe("FRUIT_WORK_MISSING");
  });

  it("that nobody can judge are not kept", () => {
    const { world, second } = atBorder();
    ready.add(second);
    const pool = new FruitPool({ spec: world.spec, engine, fastView: world.fast, chain: world.chain });
    const far = mineFruit(world, "far", { number: 3 * EPOCH }, { powKey: second });
    expect(pool.add(far, "peer")).toMatchObject({ kind: "refused", code: "FRUIT_NUMBER_WRONG", isFault: false });
    const strange = mineFruit(world, "strange", { pointerHash: hash("unknown") });
    expect(pool.add(strange, "peer")).toMatchObject({ kind: "waiting", cause: { why: "unknownPointer" } });
    const nonce = searchNonce(strange.header, { fruit: false }, engine, second);
    const unworked = { header: { ...strange.header, nonce } };
    expect(pool.add(unworked, "peer").kind).toBe("dropped");
    expect(pool.waitingFruits).toBe(1);
  });
});

describe("miner under data sets", () => {
  it("searches when the next block's data set is there, and names it", () => {
    const { world, second } = atBorder();
    const miner = new Miner({
      engine,
      fastView: world.fast,
      chain: world.chain,
      pool: { pick: () => [] },
      maxFruits: 4,
      payout: address("aa"),
      supports: [],
      startNonce: 0n,
    });
    const nowMs = world.nowSeconds * 1_000;
    expect(miner.step({ kind: "fastCommitted", anchor: world.fast.anchor(), nowMs })).toEqual([]);
    ready.add(second);
    const effects = miner.step({ kind: "headChanged", nowMs });
    expect(effects).toMatchObject([{ kind: "searchNonce", work: { powKey: second } }]);
    ready.delete(second);
    expect(miner.step({ kind: "nonceFound", workId: 1, nonce: 0n, nowMs })).toMatchObject([{ kind: "refuseNonce" }]);
  });
});
