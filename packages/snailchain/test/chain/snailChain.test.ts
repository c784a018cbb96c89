import { hashSnailHeader, type SnailBlock } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeSnailRecord, encodeSnailRecord, keccakPowEngine, SnailChain } from "../../src/index.ts";
import {
  address,
  createWorld,
  extend,
  kinds,
  lastRejection,
  mineBlock,
  receive,
  run,
  testSpec,
  type World,
} from "../fakes.ts";

const idOf = (block: SnailBlock) => hashSnailHeader(block.header);

/** Two worlds over one fast chain, so that branches can be mined apart and then meet. */
function twinWorlds(): [World, World] {
  const here = createWorld();
  return [here, createWorld(here.spec, here.fast)];
}

describe("fork choice", () => {
  it("flaw 7: of equal work the lowest hash wins, in whatever order blocks arrive", () => {
    const [here, there] = twinWorlds();
    const siblings = ["c1", "c2", "c3", "c4"].map((byte) => mineBlock(here, { payout: address(byte) }));
    const lowest = siblings.map(idOf).sort()[0];
    for (const block of siblings) here.nowSeconds = there.nowSeconds = block.header.timestamp;
    for (const block of siblings) receive(here, block);
    for (const block of [...siblings].reverse()) receive(there, block);
    expect([here.chain.head().hash, there.chain.head().hash]).toEqual([lowest, lowest]);
  });

  it("moves to more work with a plan from the old tip to the new one", () => {
    const [here, there] = twinWorlds();
    const shared = extend(here);
    there.nowSeconds = shared.header.timestamp;
    receive(there, shared);
    const mine = [extend(here, { payout: address("c1") }), extend(here, { payout: address("c2") })];
    const theirs = ["d1", "d2", "d3"].map((byte) => extend(there, { payout: address(byte) }));
    here.nowSeconds = there.nowSeconds;
    const effects = theirs.flatMap((block) => receive(here, block));
    const move = effects.find((effect) => effect.kind === "headChanged" && effect.reverted.length > 0);
    const plan = move?.kind === "headChanged" ? move : undefined;
    expect(here.chain.head().hash).toBe(idOf(theirs[2]!));
    expect(plan?.reverted.map((entry) => entry.hash)).toEqual([idOf(mine[1]!), idOf(mine[0]!)]);
    const applied = plan!.applied.map((entry) => entry.hash);
    expect(applied).toEqual(theirs.slice(0, applied.length).map(idOf));
    for (const number of [1, 2, 3, 4]) expect(here.chain.canonicalHash(number)).toBe(there.chain.canonicalHash(number));
    expect(here.store.canonical).toEqual(there.store.canonical);
  });

  it("random arrival orders of a random tree end at the same tip (property)", () => {
    const source = createWorld();
    const blocks: SnailBlock[] = [];
    for (let i = 0; i < 6; i++) {
      for (const byte of ["e1", "e2"]) blocks.push(mineBlock(source, { payout: address(byte) }));
      source.nowSeconds = blocks.at(-1)!.header.timestamp;
      for (const block of blocks.slice(-2)) receive(source, block);
    }
    const order = fc.shuffledSubarray(blocks, { minLength: blocks.length });
    fc.assert(
      fc.property(order, (shuffled) => {
        const world = createWorld(source.spec, source.fast);
        world.nowSeconds = source.nowSeconds;
        for (const block of shuffled) receive(world, block);
        expect(world.chain.head()).toEqual(source.chain.head());
        expect(world.chain.waitingBlocks).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  it("flaw 10: a heavier chain without the committed pointer is a hazard, and we stay", () => {
    const [here, there] = twinWorlds();
    const kept = extend(here, { payout: address("c1") });
    const pointer = { number: 1, hash: idOf(kept) };
    const theirs = ["d1", "d2", "d3"].map((byte) => extend(there, { payout: address(byte) }));
    here.fast.commit({ pointer });
    run(here, here.chain.step({ kind: "fastCommitted", number: here.fast.head(), pointer }));
    here.nowSeconds = there.nowSeconds;
    const effects = theirs.flatMap((block) => receive(here, block));
    expect(here.chain.head().hash).toBe(idOf(kept));
    const hazards = effects.filter((effect) => effect.kind === "hazard");
    expect(hazards).toHaveLength(1);
    expect(hazards[0]).toMatchObject({ checkpoint: pointer, head: idOf(kept) });
    expect(extend(here).header.number).toBe(2);
  });

  it("takes the heaviest chain with the committed pointer, even when it has less work", () => {
    const [here, there] = twinWorlds();
    const mine = [extend(here, { payout: address("c1") }), extend(here, { payout: address("c2") })];
    const theirs = extend(there, { payout: address("d1") });
    receive(here, theirs);
    expect(here.chain.head().hash).toBe(idOf(mine[1]!));
    const pointer = { number: 1, hash: idOf(theirs) };
    here.fast.commit({ pointer });
    const effects = run(here, here.chain.step({ kind: "fastCommitted", number: here.fast.head(), pointer }));
    expect(kinds(effects)).toEqual(["headChanged"]);
    expect(here.chain.head()).toEqual(pointer);
    expect(here.store.canonical.has(2)).toBe(false);
  });

  /** Two blocks with number 1, the first of which would be left for the second. */
  function rivals(world: World): [SnailBlock, SnailBlock] {
    const [first, second] = ["c1", "c2"].map((byte) => mineBlock(world, { payout: address(byte) }));
    return idOf(first!) < idOf(second!) ? [second!, first!] : [first!, second!];
  }

  it("does not leave an older pointer while the newest is on its way", () => {
    const [here, there] = twinWorlds();
    const [kept, rival] = rivals(there);
    here.nowSeconds = there.nowSeconds = Math.max(kept.header.timestamp, rival.header.timestamp);
    receive(there, kept);
    receive(here, kept);
    const child = extend(there);
    for (const block of [kept, child]) {
      const pointer = { number: block.header.number, hash: idOf(block) };
      here.fast.commit({ pointer });
      run(here, here.chain.step({ kind: "fastCommitted", number: here.fast.head(), pointer }));
    }
    expect(kinds(receive(here, rival))).toEqual(["storeBlock", "hazard"]);
    expect(here.chain.head().hash).toBe(idOf(kept));
    here.nowSeconds = there.nowSeconds;
    receive(here, child);
    expect(here.chain.head().hash).toBe(idOf(child));
  });

  it("moves to an older pointer that comes while the newest is on its way", () => {
    const [here, there] = twinWorlds();
    const [kept, rival] = rivals(there);
    here.nowSeconds = there.nowSeconds = Math.max(kept.header.timestamp, rival.header.timestamp);
    receive(there, kept);
    const child = extend(there);
    receive(here, rival);
    for (const block of [kept, child]) {
      const pointer = { number: block.header.number, hash: idOf(block) };
      here.fast.commit({ pointer });
      run(here, here.chain.step({ kind: "fastCommitted", number: here.fast.head(), pointer }));
    }
    expect(here.chain.head().hash).toBe(idOf(rival));
    expect(kinds(receive(here, kept))).toEqual(["storeBlock", "requestBlock", "headChanged"]);
    expect(here.chain.head().hash).toBe(idOf(kept));
    here.nowSeconds = there.nowSeconds;
    receive(here, child);
    expect(here.chain.head().hash).toBe(idOf(child));
  });

  it("asks for an unknown pointer, keeps serving, and moves once it arrives", () => {
    const [here, there] = twinWorlds();
    extend(here, { payout: address("c1") });
    const theirs = extend(there, { payout: address("d1") });
    const pointer = { number: 1, hash: idOf(theirs) };
    here.fast.commit({ pointer });
    const effects = here.chain.step({ kind: "fastCommitted", number: here.fast.head(), pointer });
    expect(effects).toContainEqual({ kind: "requestBlock", hash: pointer.hash, from: null });
    expect(kinds(effects)).toContain("hazard");
    const again = here.chain.step({ kind: "tick", nowSeconds: here.nowSeconds + 6 });
    expect(kinds(again)).toEqual(["requestBlock"]);
    receive(here, theirs);
    expect(here.chain.head()).toEqual(pointer);
  });
});

describe("blocks that wait", () => {
  it("an unknown fast block makes a block wait until it is committed", () => {
    const whole = createWorld();
    whole.fast.commit();
    whole.fast.commit();
    const view = whole.fast.prefix(1);
    const world = createWorld(whole.spec, whole.fast, view);
    const block = extend(whole);
    world.nowSeconds = whole.nowSeconds;
    expect(kinds(receive(world, block))).toEqual(["blockPending"]);
    expect(receive(world, block)).toEqual([]);
    view.upTo = 2;
    const effects = world.chain.step({ kind: "fastCommitted", number: 2, pointer: world.chain.checkpoint });
    expect(kinds(effects)).toEqual(["storeBlock", "headChanged"]);
  });

  it("a block from the future becomes valid when its time comes", () => {
    const world = createWorld();
    const block = mineBlock(world);
    world.nowSeconds = block.header.timestamp - 16;
    expect(kinds(receive(world, block))).toEqual(["blockPending"]);
    expect(kinds(world.chain.step({ kind: "tick", nowSeconds: world.nowSeconds + 1 }))).toEqual([
      "storeBlock",
      "headChanged",
    ]);
  });

  it("orphans ask for the one parent that nobody has, and connect whole", () => {
    const [here, there] = twinWorlds();
    const blocks = Array.from({ length: 12 }, () => extend(there));
    here.nowSeconds = there.nowSeconds;
    const requests = [...blocks]
      .slice(1)
      .reverse()
      .flatMap((block) => receive(here, block));
    expect(requests.filter(({ kind }) => kind === "requestBlock")).toHaveLength(11);
    expect(here.chain.waitingBlocks).toBe(11);
    receive(here, blocks[0]!);
    expect(here.chain.head()).toEqual(there.chain.head());
    expect(here.chain.waitingBlocks).toBe(0);
  });

  it("are bounded per source, in number and in age", () => {
    const [here, there] = twinWorlds();
    extend(there);
    const orphans = Array.from({ length: 300 }, (_, i) =>
      mineBlock(there, { payout: `0x${i.toString(16).padStart(40, "0")}` as never }),
    );
    here.nowSeconds = orphans[0]!.header.timestamp;
    for (const block of orphans.slice(0, 100)) receive(here, block, "flood");
    expect(here.chain.waitingBlocks).toBe(64);
    orphans.forEach((block, i) => {
      receive(here, block, `peer ${i % 10}`);
    });
    expect(here.chain.waitingBlocks).toBe(256);
    const dropped = here.chain.step({ kind: "tick", nowSeconds: here.nowSeconds + 601 });
    expect(kinds(dropped).every((kind) => kind === "dropBlock")).toBe(true);
    expect(here.chain.waitingBlocks).toBe(0);
  });

  it("refuses children of an invalid block, and blames each sender", () => {
    const [here, there] = twinWorlds();
    // A rule broken only in the eyes of `here`: it is told that the certificate does not verify.
    there.fast.commit();
    const bad = extend(there);
    const child = extend(there);
    here.nowSeconds = there.nowSeconds;
    const { verifyCommitted } = here.fast;
    here.fast.verifyCommitted = () => "invalid";
    receive(here, child, "carol");
    const effects = receive(here, bad, "bob");
    here.fast.verifyCommitted = verifyCommitted;
    const rejected = effects.flatMap((effect) => (effect.kind === "rejectBlock" ? [[effect.from, effect.code]] : []));
    expect(rejected).toEqual([
      ["bob", "SNAIL_CERTIFICATE_INVALID"],
      ["carol", "SNAIL_PARENT_INVALID"],
    ]);
    expect(lastRejection(receive(here, bad, "dave"))).toBe("SNAIL_CERTIFICATE_INVALID");
  });

  it("a false body does not spoil the true one with the same header", () => {
    const [here, there] = twinWorlds();
    there.fast.commit();
    const block = extend(there);
    here.nowSeconds = there.nowSeconds;
    expect(lastRejection(receive(here, { ...block, certificate: null }))).toBe("SNAIL_CERTIFICATE_WRONG");
    receive(here, block);
    expect(here.chain.head().hash).toBe(idOf(block));
  });
});

describe("memory", () => {
  it("leaves old blocks to the store and still reorganises below them", () => {
    const spec = testSpec({ genesisDifficulty: 4n });
    const [here, there] = [createWorld(spec), createWorld(spec)];
    const length = 170;
    const mine = Array.from({ length }, () => extend(here, { payout: address("c1"), header: {} }));
    const theirs = Array.from({ length: length + 60 }, () => extend(there, { payout: address("d1") }));
    expect(here.store.records.size).toBe(length);
    here.nowSeconds = there.nowSeconds;
    for (const block of theirs) receive(here, block);
    expect(here.chain.head()).toEqual(there.chain.head());
    for (const number of [1, 5, 100, length]) {
      expect(here.chain.canonicalHash(number)).toBe(idOf(theirs[number - 1]!));
    }
    expect(here.store.reads).toBeGreaterThan(0);
    expect(here.chain.ancestor(idOf(mine.at(-1)!), 3)).toBe(idOf(mine[2]!));
    const resumed = new SnailChain({
      spec,
      engine: keccakPowEngine,
      fastView: here.fast,
      store: here.store,
      headHash: here.chain.head().hash,
    });
    expect(resumed.miningContext()).toEqual(here.chain.miningContext());
  });

  it("saves records as one encoding, and garbage does not decode", () => {
    const world = createWorld();
    world.fast.commit();
    extend(world);
    const { block, totalDifficulty, stalledSeconds } = world.chain.headEntry();
    const bytes = encodeSnailRecord({ block, totalDifficulty, stalledSeconds });
    expect(decodeSnailRecord(bytes)).toEqual({ ok: true, value: { block, totalDifficulty, stalledSeconds } });
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeSnailRecord(bytes.slice(0, length)).ok).toBe(false);
    expect(
      () =>
        new SnailChain({
          spec: world.spec,
          engine: keccakPowEngine,
          fastView: world.fast,
          store: { blockByHash: () => undefined, canonicalHash: () => undefined },
          headHash: world.chain.head().hash,
        }),
    ).toThrow("holds the head");
  });
});
