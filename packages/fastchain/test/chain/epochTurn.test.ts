// A whole turn of an epoch, and a second one, over a snail chain made for the purpose.
import { encodeReady, encodeRequestExit, VALIDATOR_REGISTRY, VALIDATOR_REGISTRY_SELECTORS } from "@festina/contracts";
import { windowOf } from "@festina/election";
import { type Address, bytesToBigint, type Hash32, hexToBytes } from "@festina/primitives";
import { systemCall } from "@festina/tvm";
import type { Committee, FastBlock, Fruit } from "@festina/types";
import { hashFastHeader, hashHybridRequests } from "@festina/types";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  decodeHybridState,
  type ExecutedBlock,
  encodeHybridState,
  pointerNumberMax,
  toBlockContext,
  totalSupplyWei,
} from "../../src/index.ts";
import { TestChain } from "./aChain.ts";
import { FakeSnail } from "./fakeSnail.ts";
import { aSpec, OWNER_KEYS, OWNERS, PAYOUTS } from "./members.ts";
import { aTransaction } from "./transactions.ts";

const SPEC = aSpec();
const { preset } = SPEC;
/** Fruits per snail block by supported validator: shares of 40, 30, 20 and 10 per cent. */
const SHARES = [4, 3, 2, 1];

function aHarvest(snail: FakeSnail): readonly Fruit[] {
  return SHARES.flatMap((count, index) => Array.from({ length: count }, () => snail.fruit(OWNERS[index] as Address)));
}

function seatsOf(committee: Committee): Record<string, number> {
  return Object.fromEntries(committee.members.map(({ address, seats }) => [address, seats]));
}

function toRegistry(owner: number, nonce: number, data: Uint8Array) {
  return aTransaction(nonce, { to: VALIDATOR_REGISTRY, data }, OWNER_KEYS[owner] as Uint8Array);
}

/** One more snail block, and a fast block that points to it. */
async function advance(chain: TestChain, wish: Parameters<TestChain["add"]>[0] = {}): Promise<ExecutedBlock> {
  const { number } = chain.head.header;
  const certificate = number > chain.head.certifiedNumber ? chain.certificateFor(number) : null;
  const anchor = { number, hash: chain.head.hash };
  return chain.add({ snailBlock: chain.snail.mine(anchor, aHarvest(chain.snail)), certificate, ...wish });
}

/** Everybody re-makes a changed block's commitments, so that only the change itself is wrong. */
function reseal(block: FastBlock, requests: Partial<FastBlock["requests"]>): FastBlock {
  const changed = { ...block.requests, ...requests };
  const header = { ...block.header, requestsHash: hashHybridRequests(changed) };
  return { ...block, header, hash: hashFastHeader(header), requests: changed };
}

async function registryEpoch({ states, head, environment, ancestry }: TestChain): Promise<number> {
  const answer = await systemCall({
    to: VALIDATOR_REGISTRY,
    data: hexToBytes(VALIDATOR_REGISTRY_SELECTORS.currentEpoch),
    view: states.open(head.header.stateRoot),
    block: toBlockContext(head.header, SPEC, ancestry),
    engine: environment.engine,
  });
  return answer.kind === "success" ? Number(bytesToBigint(answer.output)) : -1;
}

describe("a turn of the epoch", () => {
  let chain: TestChain;
  /** One node that executes everything, and one that holds no snail bodies and trusts certificates. */
  let voter: TestChain;
  let follower: TestChain;
  let freezing: ExecutedBlock;
  let boundary: ExecutedBlock;
  let first: ExecutedBlock;

  const followAll = async (): Promise<void> => {
    for (const [node, trust] of [
      [voter, "proposed"],
      [follower, "committed"],
    ] as const) {
      for (let number = node.head.header.number + 1; number <= chain.head.header.number; number++) {
        const taken = await node.take((chain.entries[number] as ExecutedBlock).block, trust);
        if (!taken.ok) throw new Error(`${trust} ${number}: ${taken.error.code} ${taken.error.message}`);
      }
      expect(encodeHybridState(node.head)).toEqual(encodeHybridState(chain.head));
    }
  };

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
    voter = await TestChain.create(SPEC, chain.snail);
    follower = await TestChain.create(SPEC, new FakeSnail());
    const frozenAt = windowOf(1, preset).last + preset.confirmDepthBlocks;
    while (chain.head.pointer.number < frozenAt - 1) await advance(chain);
    expect(chain.head.election.phase).toBe("collecting");
    expect(chain.head.candidates).toEqual([]);
    freezing = await advance(chain);
  });

  it("freezes the window and the candidates once the pointer is deep enough", () => {
    expect(chain.head.election).toMatchObject({
      phase: "frozen",
      epoch: 1,
      frozenHeight: freezing.block.header.number,
    });
    expect(chain.head.candidates.map(({ address }) => address)).toEqual([...OWNERS]);
    expect(chain.head.candidates.every(({ isLeaving, readyAt }) => !isLeaving && readyAt === 0)).toBe(true);
  });

  it("takes the seed from a block after the freeze, and keeps the pointer from running two windows ahead", async () => {
    // The last owner leaves after it was frozen in: its seats become void.
    const seed = await advance(chain, { transactions: [toRegistry(3, 0, encodeRequestExit())] });
    expect(chain.refusals).toEqual([]);
    expect(seed.executed[0]?.receipt.succeeded).toBe(true);
    expect(chain.head.election).toMatchObject({ phase: "seeded", beacon: seed.block.header.beacon });
    expect(pointerNumberMax(chain.head, preset)).toBe(windowOf(2, preset).last);
    await advance(chain);
    const beyond = chain.snail.mine({ number: 1, hash: chain.hybridAt(1).hash });
    expect(chain.head.pointer.number).toBe(windowOf(2, preset).last);
    const idle = await chain.build();
    if (!idle.ok) throw new Error(idle.error.message);
    const tooFar = chain.verify(reseal(idle.value.block, { pointer: beyond.header }));
    expect(!tooFar.ok && tooFar.error.code).toBe("POINTER_TOO_FAR");
  });

  it("ends the epoch with the first block late enough after the freeze", async () => {
    const early = await chain.build();
    expect(early.ok && early.value.block.requests.handover).toBeNull();
    await chain.add();
    const certificate = chain.certificateFor(chain.head.header.number - 1);
    boundary = await chain.add({ afterMs: preset.handoverLookaheadMs, certificate });
    const { handover } = boundary.block.requests;
    expect(handover?.epoch).toBe(1);
    // 40, 30 and 20 of 100; the ten seats of the one who left are given to nobody.
    expect(seatsOf(handover as Committee)).toEqual({ [OWNERS[0]]: 40, [OWNERS[1]]: 30, [OWNERS[2]]: 20 });
    expect(chain.head).toMatchObject({ committee: { epoch: 1 }, previousCommittee: { epoch: 0 } });
    expect(chain.head.epochBaseHash).toBe(boundary.block.hash);
    expect(chain.head.election).toMatchObject({ phase: "collecting", epoch: 2 });
    // The certificate that the block carries was the old committee's; the new one begins with none.
    expect(chain.head.participation.certificates).toBe(0);
    expect(await registryEpoch(chain)).toBe(1);
  });

  it("has no other last block: a block that does not hand over, or names others, is refused", async () => {
    await followAllBut(1);
    const { block } = boundary;
    const without = voter.verify(reseal(block, { handover: null }));
    expect(!without.ok && without.error.code).toBe("HANDOVER_MISPLACED");
    const mine = { epoch: 1, members: (block.requests.handover as Committee).members.slice(0, 1) };
    const other = await voter.take(reseal(block, { handover: mine }));
    expect(!other.ok && other.error.code).toBe("EXECUTION_HANDOVER");
    await followAll();
  });

  async function followAllBut(count: number): Promise<void> {
    for (let number = voter.head.header.number + 1; number <= chain.head.header.number - count; number++) {
      const taken = await voter.take((chain.entries[number] as ExecutedBlock).block);
      if (!taken.ok) throw new Error(taken.error.message);
    }
  }

  it("opens the next epoch only with COMMITTED of the last block, by the old committee", async () => {
    const last = boundary.block.header.number;
    first = await chain.add();
    expect(first.block.requests.certificate?.blockHash).toBe(boundary.block.hash);
    expect(first.hybrid.certifiedNumber).toBe(last);
    const none = voter.verify(reseal(first.block, { certificate: null }));
    expect(!none.ok && none.error.code).toBe("CERTIFICATE_BOUNDARY_MISSING");
    // Valid, of an ancestor not yet certified on chain, and still not the one that finalises the epoch.
    const older = voter.verify(reseal(first.block, { certificate: voter.certificateFor(last - 1) }));
    expect(!older.ok && older.error.code).toBe("CERTIFICATE_BOUNDARY_MISSING");
    const few = voter.verify(reseal(first.block, { certificate: voter.certificateFor(last, [0, 1]) }));
    expect(!few.ok && few.error.code).toBe("CERTIFICATE_INVALID");
    await followAll();
  });

  it("belongs to the new committee: its leader proposes, its certificates count, the old one's do not", async () => {
    const { committee } = chain.head;
    expect(PAYOUTS.slice(0, 3)).toContain(first.block.header.coinbase);
    expect(chain.head.participation.certificates).toBe(0);
    await chain.add({ certificate: chain.certificateFor(first.block.header.number) });
    expect(chain.head.participation.certificates).toBe(1);
    expect([...chain.head.participation.signed.keys()].sort()).toEqual(
      committee.members.map(({ address }) => address).sort(),
    );
    await followAll();
  });

  it("seats only who said ready in the next window", async () => {
    // A window opened while the last election was pending; two owners say ready in it, one does not.
    await chain.add({ transactions: [toRegistry(0, 0, encodeReady()), toRegistry(1, 0, encodeReady())] });
    expect(chain.refusals).toEqual([]);
    chain.snail.blocks.splice(chain.head.pointer.number + 1);
    while (chain.head.election.phase === "collecting") await advance(chain);
    await advance(chain, { snailBlock: null });
    const second = await chain.add({ afterMs: preset.handoverLookaheadMs });
    const { handover } = second.block.requests;
    expect(handover?.epoch).toBe(2);
    expect(handover?.members.map(({ address }) => address).sort()).toEqual([OWNERS[0], OWNERS[1]].sort());
    expect(handover?.members.reduce((sum, { seats }) => sum + seats, 0)).toBe(100);
    await followAll();
  });

  it("keeps the supply, and its hybrid state survives storage at every block", () => {
    expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));
    for (const { hybrid } of chain.entries) {
      const decoded = decodeHybridState(encodeHybridState(hybrid));
      expect(decoded.ok && decoded.value).toEqual(hybrid);
    }
  });
});

describe("a boundary without the fruits of the window", () => {
  it("is neither built nor judged, but followed when a certificate vouches for it", async () => {
    const chain = await TestChain.create(SPEC);
    while (chain.head.election.phase !== "seeded") await advance(chain);
    const boundary = await chain.build({ afterMs: preset.handoverLookaheadMs });
    if (!boundary.ok) throw new Error(boundary.error.message);
    chain.snail.missing.add(chain.snail.hashOnBranch(2, chain.head.pointer.hash) as Hash32);
    const again = await chain.build({ afterMs: preset.handoverLookaheadMs });
    expect(!again.ok && again.error.code).toBe("ELECTION_BODIES_MISSING");
    const judged = await chain.take(boundary.value.block);
    expect(!judged.ok && judged.error.code).toBe("EXECUTION_BODIES_MISSING");
    expect((await chain.take(boundary.value.block, "committed")).ok).toBe(true);
  });
});
