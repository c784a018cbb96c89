import { DEVNET_PRESET, MAINNET_PRESET } from "@festina/chainspec";
import { type Hash32, ZERO_HASH } from "@festina/primitives";
import {
  certificateHash,
  computeFruitsRoot,
  decodeSnailBlock,
  encodeSnailBlock,
  hashSnailHeader,
  type SnailBlock,
  type SnailHeader,
} from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  computeGapSecondsMax,
  createGenesisEntry,
  keccakPowEngine,
  type PowEngine,
  type Verdict,
  verifySnailBlock,
} from "../../src/index.ts";
import {
  certificateFor,
  createWorld,
  extend,
  GENESIS_SECONDS,
  hash,
  mineBlock,
  mineFruit,
  sizeBytes,
  testSpec,
  type World,
} from "../fakes.ts";

/** Ten fast blocks, three snail blocks that anchor some of them. */
function grownWorld(spec = testSpec()): World {
  const world = createWorld(spec);
  for (let i = 0; i < 3; i++) {
    for (let k = 0; k < 3; k++) world.fast.commit();
    extend(world);
  }
  world.fast.commit();
  return world;
}

function judge(world: World, block: SnailBlock, changes: { nowSeconds?: number; engine?: PowEngine } = {}): Verdict {
  return verifySnailBlock(block, {
    spec: world.spec,
    engine: changes.engine ?? keccakPowEngine,
    ancestry: {
      byHash: (wanted) => world.chain.entryByHash(wanted),
      ancestor: (tip, n) => world.chain.ancestor(tip, n),
      canonicalHash: (n) => world.chain.canonicalHash(n),
    },
    fastView: world.fast,
    nowSeconds: changes.nowSeconds ?? block.header.timestamp,
  });
}

const code = (verdict: Verdict): string => (verdict.kind === "invalid" ? verdict.code : verdict.kind);

describe("snail block rules: each test breaks one", () => {
  const world = grownWorld();
  const parent = world.chain.headEntry().block.header;
  const withHeader = (header: Partial<SnailHeader>): string => code(judge(world, mineBlock(world, { header })));

  it("takes a block that breaks none", () => {
    expect(judge(world, mineBlock(world))).toEqual({ kind: "valid" });
    expect(judge(world, mineBlock(world, { fruits: [mineFruit(world, "a"), mineFruit(world, "b")] })).kind).toBe(
      "valid",
    );
  });

  it("refuses header fields that its ancestors do not give", () => {
    expect(withHeader({ number: 0 })).toBe("SNAIL_NUMBER_WRONG");
    expect(withHeader({ number: 5 })).toBe("SNAIL_NUMBER_WRONG");
    expect(withHeader({ packedFruits: 1 })).toBe("SNAIL_PACKED_FRUITS_WRONG");
    expect(withHeader({ packedFruits: 1_000 })).toBe("SNAIL_PACKED_FRUITS_WRONG");
    expect(withHeader({ difficulty: parent.difficulty - 3n })).toBe("SNAIL_DIFFICULTY_WRONG");
    expect(withHeader({ timestamp: GENESIS_SECONDS })).toBe("SNAIL_TIME_TOO_OLD");
    expect(withHeader({ pointerHash: ZERO_HASH })).toBe("SNAIL_POINTER_WRONG");
    expect(withHeader({ fruitDifficulty: 1n })).toBe("SNAIL_POINTER_WRONG");
    expect(withHeader({ fruitsRoot: hash("other") })).toBe("SNAIL_FRUITS_ROOT_WRONG");
    expect(code(judge(world, mineBlock(world, { unworked: true })))).toBe("SNAIL_WORK_MISSING");
  });

  it("flaw 1: any change to a worked block is another, workless block", () => {
    const block = mineBlock(world);
    const difficulties = { ...block.header, payout: parent.pointerHash.slice(0, 42) as SnailHeader["payout"] };
    let refused = 0;
    for (let i = 0; i < 64; i++) {
      const changed = {
        ...block,
        header: { ...difficulties, supports: `0x${i.toString(16).padStart(40, "0")}` as never },
      };
      if (code(judge(world, changed)) === "SNAIL_WORK_MISSING") refused++;
    }
    // One in sixteen wins by luck at this difficulty.
    expect(refused).toBeGreaterThan(48);
    const resigned = certificateFor(block.header.anchorHash, { signers: Uint8Array.of(0b1111101) });
    expect(code(judge(world, { ...block, certificate: resigned }))).toBe("SNAIL_CERTIFICATE_WRONG");
  });

  it("binds the certificate to the anchor", () => {
    const anchor = world.fast.anchor();
    const sealed = (certificate: ReturnType<typeof certificateFor>): string =>
      code(judge(world, mineBlock(world, { anchor: { ...anchor, certificate } })));
    expect(sealed(certificateFor(anchor.hash, { kind: "prepared" }))).toBe("SNAIL_CERTIFICATE_WRONG");
    expect(sealed(certificateFor(hash("fast 3")))).toBe("SNAIL_CERTIFICATE_WRONG");
    expect(sealed(certificateFor(anchor.hash, { signature: new Uint8Array(96).fill(1) }))).toBe(
      "SNAIL_CERTIFICATE_INVALID",
    );
    expect(code(judge(world, mineBlock(world, { anchor: { ...anchor, certificate: null } })))).toBe(
      "SNAIL_CERTIFICATE_WRONG",
    );
  });

  it("lets the anchor never decrease, and takes only the committed block of that number", () => {
    expect(code(judge(world, mineBlock(world, { anchor: world.fast.anchor(2) })))).toBe("SNAIL_ANCHOR_DECREASES");
    const stray = { ...world.fast.anchor(), hash: hash("stray"), certificate: certificateFor(hash("stray")) };
    expect(code(judge(world, mineBlock(world, { anchor: stray })))).toBe("SNAIL_ANCHOR_NOT_COMMITTED");
    const unchanged = mineBlock(world, { anchor: world.fast.anchor(parent.anchorNumber) });
    expect(judge(world, unchanged).kind).toBe("valid");
  });

  it("waits for an unknown fast block and an unknown committee, never refuses them", () => {
    const ahead = { number: 99, hash: hash("99"), timeMs: 0, certificate: certificateFor(hash("99")) };
    const pending = { kind: "pending", cause: { why: "unknownFastBlock", what: 99 } };
    expect(judge(world, mineBlock(world, { anchor: ahead }))).toEqual(pending);
    world.fast.knowsCommittees = false;
    expect(judge(world, mineBlock(world)).kind).toBe("pending");
    world.fast.knowsCommittees = true;
  });

  it("judges a block from the future later, an orphan with its parent", () => {
    const block = mineBlock(world);
    expect(judge(world, block, { nowSeconds: block.header.timestamp - 15 }).kind).toBe("valid");
    expect(judge(world, block, { nowSeconds: block.header.timestamp - 16 })).toEqual({
      kind: "pending",
      cause: { why: "future", what: block.header.timestamp - 15 },
    });
    const orphan = mineBlock(world, { header: { parentHash: hash("nobody") } });
    expect(judge(world, orphan)).toEqual({ kind: "pending", cause: { why: "unknownParent", what: hash("nobody") } });
    const cheap = mineBlock(world, { header: { parentHash: hash("nobody") }, unworked: true });
    expect(code(judge(world, cheap))).toBe("SNAIL_WORK_MISSING");
  });

  it("is not earlier than its anchored fast block", () => {
    const late = grownWorld();
    const head = late.chain.headEntry().block.header;
    late.fast.commit({ seconds: head.timestamp + 100 });
    expect(code(judge(late, mineBlock(late, { header: { timestamp: head.timestamp + 99 } })))).toBe(
      "SNAIL_TIME_BEFORE_ANCHOR",
    );
    expect(judge(late, mineBlock(late, { header: { timestamp: head.timestamp + 100 } })).kind).toBe("valid");
  });

  it("descends from the snail block that its anchored fast block points to", () => {
    const strayed = grownWorld();
    strayed.fast.commit({ pointer: { number: 2, hash: hash("another branch") } });
    expect(code(judge(strayed, mineBlock(strayed)))).toBe("SNAIL_OFF_FAST_POINTER");
  });

  it("names the epoch boundary that its anchor is the first to reach or pass, and no other", () => {
    const bounded = grownWorld();
    const boundary = bounded.fast.commit({ isBoundary: true });
    bounded.fast.commit();
    const passing = mineBlock(bounded);
    expect(passing.header.boundaryHash).toBe(bounded.fast.blocks[boundary]!.hash);
    expect(judge(bounded, passing).kind).toBe("valid");
    expect(code(judge(bounded, mineBlock(bounded, { header: { boundaryHash: ZERO_HASH } })))).toBe(
      "SNAIL_BOUNDARY_WRONG",
    );
    extend(bounded);
    bounded.fast.commit();
    expect(mineBlock(bounded).header.boundaryHash).toBe(ZERO_HASH);
    const again = { boundaryHash: bounded.fast.blocks[boundary]!.hash };
    expect(code(judge(bounded, mineBlock(bounded, { header: again })))).toBe("SNAIL_BOUNDARY_WRONG");
  });

  it("checks the cheapest rules first: no work for a wrong field, no signatures without work", () => {
    let computed = 0;
    const counting: PowEngine = {
      name: "counting",
      compute: (seal, nonce) => {
        computed++;
        return keccakPowEngine.compute(seal, nonce);
      },
    };
    const before = world.fast.verifications;
    judge(world, mineBlock(world, { header: { difficulty: 5n } }), { engine: counting });
    judge(world, mineBlock(world, { header: { timestamp: 1 } }), { engine: counting });
    expect(computed).toBe(0);
    judge(world, mineBlock(world, { unworked: true }), { engine: counting });
    expect([computed, world.fast.verifications - before]).toEqual([1, 0]);
    const fruit = mineFruit(world, "stale", { number: 1 });
    judge(world, mineBlock(world, { fruits: [fruit] }), { engine: counting });
    // The block's own work; the fruit's fields were wrong, so its work was never computed.
    expect(computed).toBe(2);
  });

  it("flaw 2 and garbage: no bytes decode to a fruit with fruits inside, and decoders never throw", () => {
    const block = mineBlock(world, { fruits: [mineFruit(world, "f")] });
    const bytes = encodeSnailBlock(block);
    expect(decodeSnailBlock(bytes)).toEqual({ ok: true, value: block });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const mutated = bytes.slice();
        mutated[at] = mutated[at]! ^ flip;
        const decoded = decodeSnailBlock(mutated);
        // At this tiny difficulty a changed block may win by luck; it is then another block with work of its own.
        if (decoded.ok && judge(world, decoded.value).kind === "valid") {
          expect(hashSnailHeader(decoded.value.header)).not.toBe(hashSnailHeader(block.header));
        }
      }),
      { numRuns: 150 },
    );
    // Weight is the block's own difficulty, whatever it packs.
    const packing = extend(grownWorld(), {});
    expect(packing.header.difficulty).toBe(parent.difficulty);
  });
});

describe("fruits in a block", () => {
  const world = grownWorld();
  const packing = (fruits: SnailBlock["fruits"]): string => code(judge(world, mineBlock(world, { fruits })));

  it("flaw 8: many fruits may pin the same fast block, and none is due for any", () => {
    const sameAnchor = [mineFruit(world, "1"), mineFruit(world, "2"), mineFruit(world, "3")];
    expect(new Set(sameAnchor.map(({ header }) => header.anchorHash)).size).toBe(1);
    expect(packing(sameAnchor)).toBe("valid");
    expect(packing([])).toBe("valid");
  });

  it("packs each fruit once in an ancestry", () => {
    const fruit = mineFruit(world, "once");
    expect(packing([fruit, fruit])).toBe("FRUIT_ALREADY_PACKED");
    const later = grownWorld();
    const packed = mineFruit(later, "packed");
    extend(later, { fruits: [packed] });
    extend(later);
    expect(code(judge(later, mineBlock(later, { fruits: [packed] })))).toBe("FRUIT_ALREADY_PACKED");
  });

  it("flaw 3: every field of a fruit that is read is checked", () => {
    const fruit = (changes: Partial<SnailHeader>): SnailBlock["fruits"] => [mineFruit(world, "x", changes)];
    const genesis = createGenesisEntry(world.spec).hash;
    expect(packing(fruit({ pointerHash: hash("side chain") }))).toBe("FRUIT_POINTER_OFF_CHAIN");
    expect(packing(fruit({ number: 2 ** 40 }))).toBe("FRUIT_NUMBER_WRONG");
    expect(packing(fruit({ number: 0 }))).toBe("FRUIT_NUMBER_WRONG");
    expect(packing(fruit({ fruitDifficulty: 1n }))).toBe("FRUIT_DIFFICULTY_WRONG");
    expect(packing(fruit({ anchorNumber: 0 }))).toBe("FRUIT_ANCHOR_OUT_OF_RANGE");
    expect(packing(fruit({ anchorNumber: 50 }))).toBe("FRUIT_ANCHOR_OUT_OF_RANGE");
    expect(packing(fruit({ anchorHash: hash("stray") }))).toBe("FRUIT_ANCHOR_NOT_COMMITTED");
    expect(packing(fruit({ pointerHash: genesis, fruitDifficulty: 4n }))).toBe("valid");
    // The rest describes the block the search might have won: no rule, weight or pay reads it.
    const unread = {
      parentHash: ZERO_HASH,
      difficulty: 1n,
      packedFruits: 7,
      fruitsRoot: ZERO_HASH,
      boundaryHash: hash("b"),
    };
    expect(packing(fruit(unread))).toBe("valid");
  });

  it("flaw 3: a pointer on a side branch is no ancestor", () => {
    const forked = grownWorld();
    const twins = ["cc", "dd"].map((byte) => mineBlock(forked, { payout: `0x${byte.repeat(20)}` as never }));
    for (const block of twins) {
      forked.chain.step({ kind: "blockReceived", block, from: "p", nowSeconds: block.header.timestamp });
    }
    const hashes = twins.map(({ header }) => hashSnailHeader(header));
    const [onChain, beside] = hashes[0] === forked.chain.head().hash ? hashes : hashes.reverse();
    const pointingTo = (pointerHash: Hash32): string => {
      const fruit = mineFruit(forked, "s", { pointerHash, number: 5 });
      return code(judge(forked, mineBlock(forked, { fruits: [fruit] })));
    };
    expect(pointingTo(onChain!)).toBe("valid");
    expect(pointingTo(beside!)).toBe("FRUIT_POINTER_OFF_CHAIN");
  });

  it("flaw 4: a fruit's declared time changes neither its difficulty nor its validity", () => {
    for (const timestamp of [0, 1, GENESIS_SECONDS - 1, GENESIS_SECONDS * 2]) {
      const fruit = mineFruit(world, "t", { timestamp });
      expect(fruit.header.fruitDifficulty).toBe(mineFruit(world, "t").header.fruitDifficulty);
      expect(packing([fruit])).toBe("valid");
    }
  });

  it("goes stale by number alone", () => {
    const ageing = grownWorld();
    const fruit = mineFruit(ageing, "old");
    const { freshnessBlocks, pointerDepthBlocks } = ageing.spec.preset;
    // Mined on block 3, pointing to block 2: packable up to block 2 + freshness.
    expect(pointerDepthBlocks).toBe(1);
    while (ageing.chain.head().number < 2 + freshnessBlocks - 1) extend(ageing);
    expect(code(judge(ageing, mineBlock(ageing, { fruits: [fruit] })))).toBe("valid");
    extend(ageing);
    expect(code(judge(ageing, mineBlock(ageing, { fruits: [fruit] })))).toBe("FRUIT_STALE");
  });

  it("needs work, and no more fruits than the preset allows", () => {
    const fruit = mineFruit(world, "w");
    let nonce = 0n;
    while (code(judge(world, mineBlock(world, { fruits: [{ header: { ...fruit.header, nonce } }] }))) === "valid")
      nonce++;
    expect(packing([{ header: { ...fruit.header, nonce } }])).toBe("FRUIT_WORK_MISSING");
    const many = Array.from({ length: world.spec.preset.maxFruits + 1 }, (_, i) => mineFruit(world, `m${i}`));
    expect(packing(many.slice(1))).toBe("valid");
    const sealed = { packedFruits: world.spec.preset.maxFruits };
    expect(code(judge(world, mineBlock(world, { fruits: many, header: sealed })))).toBe("SNAIL_TOO_MANY_FRUITS");
  });
});

describe("parameters and sizes", () => {
  it("flaw 12: every pace and limit comes from the chain spec, which all nodes hash alike", () => {
    const strict = grownWorld(testSpec({ preset: { ...testSpec().preset, freshnessBlocks: 2 } }));
    const fruit = mineFruit(strict, "f");
    extend(strict);
    expect(code(judge(strict, mineBlock(strict, { fruits: [fruit] })))).toBe("FRUIT_STALE");
    const narrow = grownWorld(testSpec({ preset: { ...testSpec().preset, maxFruits: 4 } }));
    const five = Array.from({ length: 5 }, (_, i) => mineFruit(narrow, `${i}`));
    expect(code(judge(narrow, mineBlock(narrow, { fruits: five })))).toBe("SNAIL_TOO_MANY_FRUITS");
    expect(computeGapSecondsMax(testSpec({ preset: DEVNET_PRESET }))).toBe(120);
    expect(computeGapSecondsMax(testSpec({ preset: MAINNET_PRESET }))).toBe(172_800);
  });

  it("flaw 13: a block carries one certificate, and a fruit none", () => {
    const world = grownWorld();
    const fruits = Array.from({ length: 16 }, (_, i) => mineFruit(world, `${i}`));
    const block = mineBlock(world, { fruits });
    expect(encodeSnailBlock(block).length).toBeLessThan(sizeBytes(block.certificate!) + 17 * 420);
    expect(block.header.certificateHash).toBe(certificateHash(block.certificate!));
    expect(block.header.fruitsRoot).toBe(computeFruitsRoot(fruits));
  });

  it("a network that stood still does not make up for it with free blocks", () => {
    const spec = testSpec({ preset: DEVNET_PRESET, genesisDifficulty: 64n });
    const world = createWorld(spec);
    extend(world);
    const nightSeconds = 8 * 3_600;
    const timestamp = world.chain.headEntry().block.header.timestamp + nightSeconds;
    extend(world, { header: { timestamp } });
    expect(world.chain.headEntry().stalledSeconds).toBe(nightSeconds - computeGapSecondsMax(spec));
    // A gap counts as at most two half-lives: a quarter of the difficulty, not 2^-480 of it.
    expect(mineBlock(world).header.difficulty).toBeGreaterThanOrEqual(64n / 5n);
  });
});
