// Miners that only know the RPC, on a committee whose nodes mine nothing themselves.
import { type Address, type Hash32, ZERO_ADDRESS } from "@festina/primitives";
import type { MiningWork, ShareOutcome } from "@festina/rpc";
import { computePowWins, keccakPowEngine } from "@festina/snailchain";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { aSpec, CommitteeNetwork, OWNERS } from "../committee/committee.ts";

jest.setTimeout(60_000);

const MINER = `0x${"e1".repeat(20)}` as Address;
const OTHER = `0x${"e2".repeat(20)}` as Address;
const SUPPORTED = OWNERS[2] as Address;

/** The first nonce from `start` on that wins exactly this. */
function search(work: MiningWork, wanted: { readonly fruit: boolean; readonly block: boolean }, start = 0n): bigint {
  for (let nonce = start; ; nonce++) {
    const wins = computePowWins(keccakPowEngine, work.sealHash, nonce, work, work.powKey);
    if (wins.fruit === wanted.fruit && wins.block === wanted.block) return nonce;
  }
}

describe("the work desk", () => {
  const committee = new CommitteeNetwork(aSpec());
  const backend = () => committee.node(1).backend;
  const codeOf = async (workId: string, nonce: bigint): Promise<string | ShareOutcome> => {
    const won = await backend().miner.submitWork(workId, nonce);
    return won.ok ? won.value : won.error.code;
  };
  const getWork = (payout = MINER): MiningWork => {
    const work = backend().miner.getWork(payout, ZERO_ADDRESS);
    if (!work.ok) throw new Error(work.error.message);
    return work.value;
  };

  beforeAll(async () => {
    await committee.start(0, 1, 2, 3);
    await committee.until("a certified block", () => committee.height(1) >= 2);
  });
  afterAll(() => committee.stopAll());

  it("keeps both wins of one nonce, and tells wrong, repeated, stale and unknown shares apart", async () => {
    const work = getWork();
    expect(work).toMatchObject({ number: 1, workId: work.sealHash, powEngine: "keccak" });
    expect(getWork().workId).toBe(work.workId);
    expect(await codeOf(work.workId, search(work, { fruit: false, block: false }))).toBe("SHARE_WRONG");
    const onlyBlock = search(work, { fruit: false, block: true });
    const both = search(work, { fruit: true, block: true });
    const won = (await codeOf(work.workId, both)) as ShareOutcome;
    expect(backend().snail.byHash(won.block as Hash32)?.block.header).toMatchObject({ number: 1, payout: MINER });
    expect(backend().snail.fruitByHash(won.fruit as Hash32)?.fruit.header.payout).toBe(MINER);
    expect(await codeOf(work.workId, both)).toBe("SHARE_KNOWN");
    expect(await codeOf(work.workId, onlyBlock)).toBe("WORK_STALE");
    for (const workId of ["", "w1", `0x${"00".repeat(32)}`, "__proto__"])
      expect(await codeOf(workId, both)).toBe("WORK_UNKNOWN");
    // What was handed out and is old is stale, not unknown.
    for (let age = 0; age < 20; age++) {
      await committee.clock.advance(6_000);
      getWork();
    }
    expect(await codeOf(work.workId, search(work, { fruit: true, block: false }))).toBe("WORK_STALE");
  });

  it("tells subscribers of another tip at once, and everybody with the same addresses the same", async () => {
    const told: (MiningWork | null)[] = [];
    const others: (MiningWork | null)[] = [];
    const end = backend().miner.subscribe(MINER, SUPPORTED, (work) => told.push(work));
    const endOther = backend().miner.subscribe(MINER, SUPPORTED, (work) => others.push(work));
    if (!end.ok || !endOther.ok) throw new Error("no subscription");
    const before = told.at(-1) as MiningWork;
    expect(others).toEqual([before]);
    expect(before.number).toBe(backend().snail.head() + 1);
    const nonce = search(before, { fruit: true, block: true });
    expect(await codeOf(before.workId, nonce)).toMatchObject({ block: expect.any(String) });
    // No time has passed.
    const after = told.at(-1) as MiningWork;
    expect(after).toMatchObject({ number: before.number + 1, parentHash: expect.any(String) });
    expect(others.at(-1)).toEqual(after);
    // New anchors follow at their pace.
    const count = told.length;
    await committee.clock.advance(3_000);
    expect(told.length).toBeGreaterThan(count);
    expect((told.at(-1) as MiningWork).anchorNumber).toBeGreaterThan(before.anchorNumber);
    end.value();
    end.value();
    endOther.value();
    const silent = told.length;
    await committee.clock.advance(3_000);
    expect(told.length).toBe(silent);
  });

  it("has room for so many subscribed addresses; idle ones make way", () => {
    const ends: (() => void)[] = [];
    const address = (index: number) => `0x${index.toString(16).padStart(40, "0")}` as Address;
    for (let index = 1; index <= 64; index++) {
      const end = backend().miner.subscribe(address(index), ZERO_ADDRESS, () => undefined);
      if (end.ok) ends.push(end.value);
    }
    expect(ends).toHaveLength(64);
    expect(backend().miner.getWork(OTHER, ZERO_ADDRESS)).toMatchObject({ error: { code: "MINERS_TOO_MANY" } });
    expect(backend().miner.subscribe(OTHER, ZERO_ADDRESS, () => undefined)).toMatchObject({
      error: { code: "MINERS_TOO_MANY" },
    });
    for (const end of ends) end();
    expect(backend().miner.getWork(OTHER, ZERO_ADDRESS).ok).toBe(true);
  });

  it("pays: due when packed, paid once the pointer passes, and every wei is in the miner's account", async () => {
    const mineUntil = async (blocks: number): Promise<void> => {
      for (let mined = 0; mined < blocks; mined++) {
        await committee.clock.advance(2_000);
        const work = getWork();
        await codeOf(work.workId, search(work, { fruit: true, block: false }));
        await committee.clock.advance(1_000);
        const packing = getWork();
        await codeOf(packing.workId, search(packing, { fruit: false, block: true }));
      }
    };
    await mineUntil(4);
    const { snail, rewards, state, chain } = backend();
    const last = snail.head();
    expect(rewards.bySnailNumber(last)).toMatchObject({ snailNumber: last, fastNumber: null });
    const dueWei = rewards.bySnailNumber(last)?.payments.find(({ to }) => to === MINER)?.amountWei ?? 0n;
    await committee.until("the last block is paid", () => rewards.bySnailNumber(last)?.fastNumber !== null);
    let sumWei = 0n;
    const payers: number[] = [];
    for (let number = 1; number <= last; number++) {
      const pay = rewards.bySnailNumber(number);
      payers.push(pay?.fastNumber as number);
      sumWei += pay?.payments.find(({ to }) => to === MINER)?.amountWei ?? 0n;
    }
    expect(payers).toEqual([...new Set(payers)].sort((a, b) => a - b));
    expect(rewards.bySnailNumber(last)?.payments.find(({ to }) => to === MINER)?.amountWei).toBe(dueWei);
    expect(sumWei).toBeGreaterThan(0n);
    expect(state.balance(MINER, chain.head())).toBe(sumWei);
    expect(rewards.bySnailNumber(0)?.payments).toEqual([]);
    expect(rewards.bySnailNumber(last + 1)).toBeUndefined();
    const expected = rewards.expected();
    expect(expected.perFruitWei).toBeGreaterThan(expected.perPackedFruitWei);
    expect(expected.snailNumber).toBe(last + 1);
  });
});
