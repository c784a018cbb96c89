import { type ChainSpec, DEVNET_PRESET } from "@festina/chainspec";
import { createPrng } from "@festina/primitives";
import { decodeSnailBlock, encodeSnailBlock, hashFruit } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { FruitPool, keccakPowEngine, Miner, type MinerEffect, type MiningWork, SnailChain } from "../../src/index.ts";
import { address, createWorld, GENESIS_SECONDS, run, testSpec } from "../fakes.ts";

/** A whole miner on a virtual clock: chain, pool, miner and a searcher of `rate` hashes per second. */
function mineUntil(height: number, spec: ChainSpec, rate: number) {
  const world = createWorld(spec);
  const { chain, fast } = world;
  const pool = new FruitPool({ spec, engine: keccakPowEngine, fastView: fast, chain });
  const miner = new Miner({
    engine: keccakPowEngine,
    fastView: fast,
    chain,
    pool,
    maxFruits: spec.preset.maxFruits,
    payout: address("aa"),
    supports: [address("b1"), address("b2"), address("b3")],
    startNonce: 0n,
  });
  let work: MiningWork | null = null;
  let nonce = 0n;
  let nowMs = GENESIS_SECONDS * 1_000;
  let fruitsFound = 0;
  const perform = (effects: readonly MinerEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === "searchNonce") {
        work = effect.work;
        nonce = effect.work.startNonce;
      } else if (effect.kind === "cancelSearch") {
        work = null;
      } else if (effect.kind === "broadcastFruit") {
        fruitsFound++;
        expect(pool.add(effect.fruit, null).kind).toBe("admitted");
        perform(miner.step({ kind: "fruitPoolChanged", nowMs }));
      } else if (effect.kind === "broadcastBlock") {
        const nowSeconds = Math.floor(nowMs / 1_000);
        const changes = run(
          world,
          chain.step({ kind: "blockReceived", block: effect.block, from: "self", nowSeconds }),
        );
        for (const change of changes) {
          expect(change.kind === "storeBlock" || change.kind === "headChanged").toBe(true);
          if (change.kind !== "headChanged") continue;
          pool.onHeadChanged(change);
          perform(miner.step({ kind: "headChanged", nowMs }));
        }
      }
    }
  };
  perform(miner.step({ kind: "fastCommitted", anchor: fast.anchor(0), nowMs }));
  const random = createPrng(7);
  for (let hashes = 0; chain.head().number < height; hashes++) {
    expect(hashes).toBeLessThan(height * 400);
    nowMs += Math.floor(1_000 / rate);
    if (random.below(4) === 0) {
      const head = chain.head();
      // The committee follows two blocks behind the tip.
      const number = Math.max(0, head.number - 2);
      const pointer = { number, hash: chain.canonicalHash(number)! };
      fast.commit({ seconds: Math.floor(nowMs / 1_000), pointer, isBoundary: random.below(40) === 0 });
      run(world, chain.step({ kind: "fastCommitted", number: fast.head(), pointer }));
      pool.onFastCommitted();
      perform(miner.step({ kind: "fastCommitted", anchor: fast.anchor(), nowMs }));
    }
    perform(miner.step({ kind: "tick", nowMs }));
    const searched = work as MiningWork | null;
    if (searched === null) continue;
    // The searcher knows targets only.
    const tried = nonce++;
    const result = keccakPowEngine.compute(searched.sealHash, tried);
    const half = (from: number): bigint =>
      BigInt(`0x${[...result.subarray(from, from + 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
    if (half(0) <= searched.blockTarget || half(16) <= searched.fruitTarget) {
      perform(miner.step({ kind: "nonceFound", workId: searched.workId, nonce: tried, nowMs }));
    }
  }
  return { world, pool, fruitsFound, nowMs };
}

describe("mining end to end", () => {
  const { world, pool, fruitsFound, nowMs } = mineUntil(
    50,
    testSpec({ preset: DEVNET_PRESET, genesisDifficulty: 60n }),
    6,
  );
  const { chain, fast, spec } = world;
  const blocks = Array.from({ length: 50 }, (_, i) => chain.entryByHash(chain.canonicalHash(i + 1)!)!.block);

  it("mines 50 valid blocks near the target pace, and packs nearly every fruit once", () => {
    const packed = blocks.flatMap((block) => block.fruits);
    expect(new Set(packed.map(hashFruit)).size).toBe(packed.length);
    expect(packed.length).toBe(blocks.at(-1)!.header.packedFruits);
    expect(packed.length + pool.size).toBeGreaterThan(fruitsFound * 0.8);
    const scheduled = (packed.length / spec.preset.fruitsPerBlock) * spec.preset.snailTargetSeconds;
    const elapsed = nowMs / 1_000 - GENESIS_SECONDS;
    expect(elapsed / scheduled).toBeGreaterThan(0.8);
    expect(elapsed / scheduled).toBeLessThan(1.25);
  });

  it("supports the listed validators in turn and anchors ever newer fast blocks", () => {
    const supported = blocks.flatMap(({ fruits }) => fruits.map(({ header }) => header.supports));
    const counts = ["b1", "b2", "b3"].map((byte) => supported.filter((name) => name === address(byte)).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(supported.length * 0.1 + 3);
    const anchors = blocks.map(({ header }) => header.anchorNumber);
    expect([...anchors].sort((a, b) => a - b)).toEqual(anchors);
    expect(anchors.at(-1)).toBeGreaterThan(fast.head() - 20);
  });

  it("every block survives its encoding and is taken by a node that sees them for the first time", () => {
    const fresh = createWorld(spec, fast);
    fresh.nowSeconds = Math.floor(nowMs / 1_000);
    for (const block of blocks) {
      const decoded = decodeSnailBlock(encodeSnailBlock(block));
      expect(decoded.ok).toBe(true);
      if (!decoded.ok) continue;
      run(
        fresh,
        fresh.chain.step({ kind: "blockReceived", block: decoded.value, from: "p", nowSeconds: fresh.nowSeconds }),
      );
    }
    expect(fresh.chain.head()).toEqual(chain.head());
  });

  it("resumes from its store", () => {
    const { store } = world;
    const head = chain.head();
    const resumed = new SnailChain({ spec, engine: keccakPowEngine, fastView: fast, store, headHash: head.hash });
    expect(resumed.head()).toEqual(head);
    expect(resumed.miningContext()).toEqual(chain.miningContext());
    expect(resumed.canonicalHash(3)).toBe(chain.canonicalHash(3));
  });
});
