import { ZERO_ADDRESS } from "@festina/primitives";
import { hashSnailHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { FruitPool, keccakPowEngine, Miner, type MinerEffect, type MiningWork } from "../../src/index.ts";
import { address, createWorld, extend, GENESIS_SECONDS, hash, receive, type World } from "../fakes.ts";

const START_MS = GENESIS_SECONDS * 1_000 + 5_000;

function createMiner(world: World, supports: readonly ReturnType<typeof address>[] = []): Miner {
  return new Miner({
    engine: keccakPowEngine,
    fastView: world.fast,
    chain: world.chain,
    pool: new FruitPool({ spec: world.spec, engine: keccakPowEngine, fastView: world.fast, chain: world.chain }),
    maxFruits: world.spec.preset.maxFruits,
    payout: address("aa"),
    supports,
    startNonce: 1n << 40n,
  });
}

function workOf(effects: readonly MinerEffect[]): MiningWork {
  const effect = effects.find(({ kind }) => kind === "searchNonce");
  if (effect?.kind !== "searchNonce") throw new Error("no work");
  return effect.work;
}

/** A nonce by what it wins, from the targets alone. */
function find(work: MiningWork, wanted: { block: boolean; fruit: boolean }): bigint {
  for (let nonce = work.startNonce; ; nonce++) {
    const bytes = keccakPowEngine.compute(work.sealHash, nonce);
    const half = (from: number): bigint => BigInt(`0x${Buffer.from(bytes.subarray(from, from + 16)).toString("hex")}`);
    if (half(0) <= work.blockTarget === wanted.block && half(16) <= work.fruitTarget === wanted.fruit) return nonce;
  }
}

const start = (world: World) => ({ kind: "fastCommitted", anchor: world.fast.anchor(), nowMs: START_MS }) as const;

describe("miner", () => {
  it("flaw 6: a nonce that wins both yields both, a block without fruits is a block", () => {
    const world = createWorld();
    const miner = createMiner(world);
    const work = workOf(miner.step(start(world)));
    expect(work.startNonce).toBe(1n << 40n);
    const outcome = (block: boolean, fruit: boolean): string[] => {
      const nonce = find(work, { block, fruit });
      return miner.step({ kind: "nonceFound", workId: work.workId, nonce, nowMs: START_MS }).map(({ kind }) => kind);
    };
    expect(outcome(true, true)).toEqual(["broadcastFruit", "broadcastBlock"]);
    expect(outcome(true, false)).toEqual(["broadcastBlock"]);
    expect(outcome(false, true)).toEqual(["broadcastFruit"]);
    expect(outcome(false, false)).toEqual(["refuseNonce"]);
    const unknown = { kind: "nonceFound", workId: 99, nonce: 0n, nowMs: START_MS } as const;
    const wrong = { ...unknown, workId: work.workId };
    expect(miner.step(unknown)).toEqual([{ kind: "refuseNonce", code: "WORK_UNKNOWN" }]);
    for (const nonce of [find(work, { block: false, fruit: false }), 1n << 64n, -1n])
      expect(miner.step({ ...wrong, nonce })).toEqual([{ kind: "refuseNonce", code: "SHARE_WRONG" }]);
  });

  it("follows a new tip at once, and bursts of fast blocks twice a second", () => {
    const world = createWorld();
    const miner = createMiner(world);
    miner.step(start(world));
    let works = 0;
    for (let ms = 1; ms <= 2_000; ms++) {
      world.fast.commit();
      const effects = miner.step({ kind: "fastCommitted", anchor: world.fast.anchor(), nowMs: START_MS + ms });
      works += effects.length;
    }
    expect(works).toBe(4);
    extend(world);
    expect(workOf(miner.step({ kind: "headChanged", nowMs: START_MS + 2_001 })).workId).toBe(6);
    expect(miner.step({ kind: "tick", nowMs: START_MS + 2_400 })).toEqual([]);
    expect(miner.step({ kind: "tick", nowMs: START_MS + 7_001 })).toHaveLength(1);
  });

  it("a find in replaced work still makes a fruit, and a block only on the same tip", () => {
    const world = createWorld();
    const miner = createMiner(world);
    const first = workOf(miner.step(start(world)));
    const nonce = find(first, { block: true, fruit: true });
    miner.step({ kind: "tick", nowMs: START_MS + 6_000 });
    const found = { kind: "nonceFound", workId: first.workId, nonce, nowMs: START_MS + 6_001 } as const;
    const effects = miner.step(found);
    expect(effects.map(({ kind }) => kind)).toEqual(["broadcastFruit", "broadcastBlock"]);
    for (const effect of effects) {
      if (effect.kind !== "broadcastBlock") continue;
      world.nowSeconds = effect.block.header.timestamp;
      receive(world, effect.block, "self");
      expect(world.chain.head().hash).toBe(hashSnailHeader(effect.block.header));
    }
    miner.step({ kind: "headChanged", nowMs: START_MS + 6_100 });
    expect(miner.step(found).map(({ kind }) => kind)).toEqual(["broadcastFruit"]);
    const onlyBlock = find(first, { block: true, fruit: false });
    expect(miner.step({ ...found, nonce: onlyBlock })).toEqual([{ kind: "refuseNonce", code: "WORK_STALE" }]);
  });

  it("tells what it searches for now", () => {
    const world = createWorld();
    const miner = createMiner(world);
    expect(miner.currentWork).toBeNull();
    const work = workOf(miner.step(start(world)));
    expect(miner.currentWork).toMatchObject({ ...work, header: { number: 1, payout: address("aa") } });
    world.fast.commit({ pointer: { number: 1, hash: hash("elsewhere") } });
    miner.step({ kind: "fastCommitted", anchor: world.fast.anchor(), nowMs: START_MS + 600 });
    expect(miner.currentWork).toBeNull();
  });

  it("supports its validators in turn, one fruit each", () => {
    const world = createWorld();
    const listed = [address("b1"), address("b2"), address("b3")];
    const miner = createMiner(world, listed);
    let work = workOf(miner.step(start(world)));
    const supported: string[] = [];
    for (let i = 0; i < 6; i++) {
      const nonce = find(work, { block: false, fruit: true });
      const effects = miner.step({ kind: "nonceFound", workId: work.workId, nonce, nowMs: START_MS + i });
      for (const effect of effects) if (effect.kind === "broadcastFruit") supported.push(effect.fruit.header.supports);
      work = workOf(effects);
    }
    expect(supported).toEqual([...listed, ...listed]);
    const nobody = createMiner(world);
    const plain = workOf(nobody.step(start(world)));
    const [effect] = nobody.step({
      kind: "nonceFound",
      workId: plain.workId,
      nonce: find(plain, { block: false, fruit: true }),
      nowMs: START_MS,
    });
    expect(effect?.kind === "broadcastFruit" && effect.fruit.header.supports).toBe(ZERO_ADDRESS);
  });

  it("stops while its best chain does not fit the committed fast chain, and dates no block before its anchor", () => {
    const world = createWorld();
    const miner = createMiner(world);
    expect(miner.step({ kind: "tick", nowMs: START_MS })).toEqual([]);
    miner.step(start(world));
    world.fast.commit({ pointer: { number: 1, hash: hash("elsewhere") } });
    const stray = { kind: "fastCommitted", anchor: world.fast.anchor(), nowMs: START_MS + 600 } as const;
    expect(miner.step(stray)).toEqual([{ kind: "cancelSearch" }]);
    expect(miner.step({ kind: "tick", nowMs: START_MS + 6_000 })).toEqual([]);

    const late = createWorld();
    late.fast.commit({ seconds: GENESIS_SECONDS + 500 });
    const lateMiner = createMiner(late);
    const work = workOf(lateMiner.step({ kind: "fastCommitted", anchor: late.fast.anchor(), nowMs: START_MS }));
    const nonce = find(work, { block: true, fruit: false });
    const [effect] = lateMiner.step({ kind: "nonceFound", workId: work.workId, nonce, nowMs: START_MS });
    expect(effect?.kind === "broadcastBlock" && effect.block.header.timestamp).toBe(GENESIS_SECONDS + 500);
  });
});
