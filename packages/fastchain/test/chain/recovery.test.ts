// Who follows a committee that the snail chain has cut off.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  decodeRecoveries,
  drawRecovery,
  encodeRecoveries,
  type HybridState,
  type RecoveryCut,
  restartedState,
  type SeatedRecovery,
  toBlockContext,
} from "../../src/index.ts";
import { TestChain } from "./aChain.ts";
import { aSpec, OWNERS } from "./members.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 4, confirmDepthBlocks: 2, minValidators: 2 });
const WINDOW = { first: 3, last: 6 };

/** A chain whose snail blocks carry fruits for the validators named, and the cut above them. */
async function stalled(supported: readonly (readonly number[])[]): Promise<{ chain: TestChain; cut: RecoveryCut }> {
  const chain = await TestChain.create(SPEC);
  for (let number = 1; number <= 3; number++) await chain.add();
  const anchor = { number: 3, hash: chain.head.hash };
  for (const names of supported)
    chain.snail.mine(
      anchor,
      names.map((index) => chain.snail.fruit(OWNERS[index] as (typeof OWNERS)[0])),
    );
  const { number } = chain.snail.mine(anchor).header;
  return { chain, cut: { cycle: 1, number, hash: tipHash(chain), window: WINDOW } };
}

/** Of what is the tip now; another block is mined on it. */
function tipHash({ snail }: TestChain): RecoveryCut["hash"] {
  return snail.mine({ number: 3, hash: snail.genesisHash }).header.parentHash;
}

async function draw({ chain, cut }: { chain: TestChain; cut: RecoveryCut }): Promise<SeatedRecovery | string> {
  const { head, environment } = chain;
  const view = environment.states.open(head.header.stateRoot);
  const block = toBlockContext(head.header, SPEC, { hashOf: () => undefined, timeMsOf: () => undefined });
  const drawn = await drawRecovery(head, cut, view, block, environment);
  return drawn.ok ? drawn.value : drawn.error.code;
}

const seatsOf = (drawn: SeatedRecovery | string) =>
  typeof drawn === "string"
    ? drawn
    : Object.fromEntries(drawn.members.map(({ address, seats }) => [OWNERS.indexOf(address), seats]));

describe("drawRecovery", () => {
  it("seats validators by the fruits of its window, and of no other block", async () => {
    const drawn = await draw(await stalled([[3], [3], [0, 1], [0], [1, 0], [0], [3, 3, 3]]));
    // Four of six shares of 100 seats, rounded as the seed has it.
    expect([
      { 0: 66, 1: 34 },
      { 0: 67, 1: 33 },
    ]).toContainEqual(seatsOf(drawn));
    expect(drawn).toMatchObject({ blockNumber: 3, epoch: 1, cycle: 1 });
  });

  it("draws from the cut: another one, other places; and each cycle in an epoch of its own", async () => {
    const world = await stalled([[], [], [0, 1, 2], [], [], []]);
    const orders = new Set<string>();
    for (let nonce = 0; nonce < 12; nonce++) {
      const drawn = await draw({ ...world, cut: { ...world.cut, cycle: 3, hash: tipHash(world.chain) } });
      if (typeof drawn === "string") throw new Error(drawn);
      expect(drawn.epoch).toBe(3);
      // 100 seats for three alike: whoever chooses the seed wins one.
      for (const { seats } of drawn.members) expect([33, 34]).toContain(seats);
      orders.add(drawn.members.map(({ address }) => OWNERS.indexOf(address)).join(" "));
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it("lets the sitting committee try again where too few are spoken for", async () => {
    const world = await stalled([[], [], [2], [], [], []]);
    const drawn = await draw(world);
    expect(seatsOf(drawn)).toEqual({ 0: 25, 1: 25, 2: 25, 3: 25 });
    expect(drawn).toMatchObject({ epoch: 1 });
  });

  it("cannot be drawn while a snail block of its window is not here", async () => {
    const world = await stalled([[], [], [0, 1], [], [], []]);
    const missing = world.chain.snail.hashOnBranch(4, world.cut.hash);
    if (missing === undefined) throw new Error("block 4 is below the cut");
    world.chain.snail.missing.add(missing);
    expect(await draw(world)).toBe("ELECTION_BODIES_MISSING");
  });
});

describe("the state after a recovery", () => {
  it("has its committee, and asks for a fresh ready() in the next window", async () => {
    const world = await stalled([[], [], [0, 1], [], [], []]);
    const drawn = await draw({ ...world, cut: { ...world.cut, cycle: 2 } });
    if (typeof drawn === "string") throw new Error(drawn);
    const { head } = world.chain;
    const opened: HybridState = { ...head, nextWindowHeight: 2 };
    const after = restartedState(opened, { restarts: [drawn] });
    expect(after.committee).toEqual({ epoch: 2, members: drawn.members });
    expect(after).toMatchObject({
      previousCommittee: head.committee,
      epochBaseNumber: 3,
      election: { phase: "collecting", epoch: 3, windowStartHeight: 4 },
    });
    // The chain spec's entries follow at once, and only the chain's own epoch counts.
    const { cycle: _none, ...byHand } = drawn;
    expect(restartedState(opened, { restarts: [byHand] })).toBe(opened);
  });
});

describe("remembered recoveries", () => {
  const member = { address: OWNERS[0], payout: OWNERS[1], publicKey: "0x0102", seats: 3 } as const;
  const recovery = (cycle: number): SeatedRecovery => ({
    blockNumber: 9,
    blockHash: `0x${"0b".repeat(32)}` as SeatedRecovery["blockHash"],
    epoch: 4,
    members: [member],
    cycle,
    cutNumber: 77,
    cutHash: `0x${"0c".repeat(32)}` as SeatedRecovery["blockHash"],
  });

  it("survive their encoding", () => {
    for (const list of [[], [recovery(1)], [recovery(1), { ...recovery(2), blockNumber: 10 }]])
      expect(decodeRecoveries(encodeRecoveries(list))).toEqual({ ok: true, value: list });
  });

  it("are refused when damaged, and never throw", () => {
    expect(decodeRecoveries(encodeRecoveries([recovery(0)])).ok).toBe(false);
    expect(decodeRecoveries(encodeRecoveries([{ ...recovery(1), members: [] }])).ok).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeRecoveries(bytes);
        if (decoded.ok) expect(encodeRecoveries(decoded.value)).toEqual(bytes);
      }),
    );
  });
});
