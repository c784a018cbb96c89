// What nodes hold at the end of a run: a small chain of two blocks that point to two snail blocks, and what is wrong in it.
import type { Address, Hash32 } from "@festina/primitives";
import { type Fruit, hashFruit, hashSnailHeader, NO_REQUESTS, type SnailBlock, type SnailHeader } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { type JudgedNode, judgeNodes } from "../../src/check/judgeNodes.ts";
import { NodeWatch } from "../../src/check/nodeWatch.ts";

type Backend = JudgedNode["backend"];

const hashOf = (byte: number): Hash32 => `0x${byte.toString(16).padStart(2, "0").repeat(32)}` as Hash32;
const NOBODY = `0x${"00".repeat(20)}` as Address;
const FRESH_BLOCKS = 1;

function header(number: number, parentHash: Hash32, changes: Partial<SnailHeader> = {}): SnailHeader {
  return {
    number,
    parentHash,
    timestamp: number,
    payout: NOBODY,
    supports: NOBODY,
    anchorNumber: number,
    anchorHash: hashOf(1),
    certificateHash: hashOf(2),
    boundaryHash: hashOf(3),
    fruitsRoot: hashOf(4),
    packedFruits: 1,
    difficulty: 1n,
    pointerHash: hashOf(5),
    fruitDifficulty: 1n,
    nonce: BigInt(number),
    ...changes,
  };
}

const first: SnailBlock = { header: header(1, hashOf(9)), fruits: [], certificate: null } as unknown as SnailBlock;
const firstHash = hashSnailHeader(first.header);
const fruitOf = (changes: Partial<SnailHeader>): Fruit => ({
  header: header(2, firstHash, { pointerHash: firstHash, anchorNumber: 1, nonce: 77n, ...changes }),
});

interface Flaw {
  readonly fruits?: readonly Fruit[];
  /** Of the second block. */
  readonly pointer?: SnailHeader;
  readonly hasSnailBlocks?: boolean;
  readonly sumWei?: bigint;
  readonly balanceWei?: bigint;
}

function backendOf({ fruits = [fruitOf({})], pointer, hasSnailBlocks = true, sumWei = 90n, balanceWei = 5n }: Flaw) {
  const second: SnailBlock = { ...first, header: header(2, firstHash), fruits };
  const pointers = [first.header, pointer ?? second.header];
  const snailBlocks = new Map([first, second].map((block) => [hashSnailHeader(block.header), block]));
  const supply = { genesisWei: 100n, rewardsWei: 10n, baseFeeBurnedWei: 20n, slashBurnedWei: 0n };
  return {
    chain: {
      head: () => 2,
      supply: () => ({ ...supply, selfDestructBurnedWei: 0n }),
      blockByNumber: (number: number) => {
        const requests = { ...NO_REQUESTS, pointer: pointers[number - 1] ?? null };
        return number === 0 ? undefined : { block: { header: { stateRoot: hashOf(number) }, requests } };
      },
    },
    state: {
      accountRange: () => ({ accounts: [{ balanceWei: sumWei }], next: null }),
      proof: () => ({ balanceWei }),
    },
    snail: {
      byHash: (hash: Hash32) => {
        const block = hasSnailBlocks ? snailBlocks.get(hash) : undefined;
        return block === undefined ? undefined : { block, hash, totalDifficulty: 1n };
      },
    },
    committee: { byEpoch: () => undefined },
  } as unknown as Backend;
}

function judge(...flaws: readonly Flaw[]) {
  const watch = new NodeWatch({ faulty: new Set(), nowMs: () => 0, processOf: () => undefined });
  const nodes = flaws.map((flaw, process) => ({ process, backend: backendOf(flaw) }));
  const counts = judgeNodes(nodes, { freshnessBlocks: FRESH_BLOCKS }, watch);
  return { counts, broken: watch.violations.map(({ invariant, what }) => `${invariant}: ${what}`) };
}

describe("what nodes hold at the end", () => {
  it("is in order where everything adds up", () => {
    expect(judge({}, {})).toEqual({ counts: { snailBlocks: 2, fruits: 1 }, broken: [] });
  });

  it("breaks I6 where one block has two states, I7 where balances are not what was made and not burned", () => {
    expect(judge({}, { balanceWei: 6n }).broken[0]).toMatch(/^I6: process 1 has the state /);
    expect(judge({ sumWei: 91n }).broken).toEqual(["I7: at 2 the balances of process 0 differ by 1 wei"]);
  });

  it("breaks I10 with a fruit that counts twice, is stale, or anchors more than its packer", () => {
    const fruit = fruitOf({});
    const twice = judge({ fruits: [fruit, fruit] });
    expect(twice.broken).toEqual([`I10: fruit ${hashFruit(fruit)} is packed twice`]);
    const lost = judge({ fruits: [fruitOf({ pointerHash: hashOf(6) })] });
    expect(lost.broken).toEqual([expect.stringMatching(/^I10: fruit .* points to undefined and is packed by 2$/)]);
    const eager = judge({ fruits: [fruitOf({ anchorNumber: 3 })] });
    expect(eager.broken).toEqual([
      expect.stringMatching(/^I10: fruit .* has an anchor newer than that of its packer 2$/),
    ]);
  });

  it("breaks I11 with a pointer that leaves blocks out or goes to another branch, or to what nobody has", () => {
    for (const pointer of [header(3, firstHash), header(2, hashOf(8))])
      expect(judge({ pointer }).broken[0]).toMatch(/^I11: block 2 points to snail block \d /);
    expect(judge({ hasSnailBlocks: false }).broken).toEqual([
      "I11: process 0 lacks snail block 1, to which block 1 points",
    ]);
  });
});
