// Who stands on a block that does not know of it: by the chain spec first, then by recovery.
import { createMemoryStore } from "@festina/adapters";
import type { CommitteeRestart } from "@festina/chainspec";
import type { SeatedRecovery } from "@festina/fastchain";
import type { Address, Hash32 } from "@festina/primitives";
import { MetaStore, WriteBatch } from "@festina/storage";
import { describe, expect, it } from "@jest/globals";
import { SeatedRestarts } from "../../src/chain/seatedRestarts.ts";

const RULES = { stallBlocks: 4, coolDownBlocks: 6, sinceSnailBlock: 0 };
const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const member = { address: address("aa"), payout: address("bb"), publicKey: "0x01", seats: 4 } as const;
const recovery = (blockNumber: number, epoch: number, cycle = 1): SeatedRecovery => ({
  blockNumber,
  blockHash: hash(`0${blockNumber}`),
  epoch,
  members: [member],
  cycle,
  cutNumber: 50 + blockNumber,
  cutHash: hash("cc"),
});
const byHand = (blockNumber: number, epoch: number): CommitteeRestart => ({
  blockNumber,
  blockHash: hash(`0${blockNumber}`),
  epoch,
  members: [],
});
const seated = (restarts: readonly CommitteeRestart[] = []) =>
  new SeatedRestarts({ restarts, recovery: RULES }, new MetaStore(createMemoryStore()));

describe("seated restarts", () => {
  it("keep what stands below the head, and replace or take back what stands on it", () => {
    const restarts = seated();
    restarts.seat(recovery(4, 1), 4);
    restarts.seat(recovery(7, 2), 7);
    restarts.seat(recovery(7, 3, 2), 7);
    expect(restarts.recoveries.map(({ epoch }) => epoch)).toEqual([1, 3]);
    expect(restarts.after(hash("07"))?.epoch).toBe(3);
    restarts.seat(null, 7);
    expect(restarts.recoveries.map(({ epoch }) => epoch)).toEqual([1]);
    expect(restarts.after(hash("07"))).toBeUndefined();
  });

  it("give way to people who name the base or a later block, not to those of a later epoch", () => {
    const restarts = seated([byHand(6, 2)]);
    expect(restarts.overrules(6, 2)).toBe(true);
    expect(restarts.overrules(4, 2)).toBe(true);
    expect(restarts.overrules(4, 5)).toBe(true);
    // A recovery of the past, in the epoch before.
    expect(restarts.overrules(4, 1)).toBe(false);
    expect(restarts.overrules(7, 3)).toBe(false);
  });

  it("know the epochs they began, and those that came to nothing", () => {
    const restarts = seated();
    restarts.seat(recovery(4, 3, 2), 4);
    const here = (): boolean => true;
    expect(restarts.epoch(3, here)).toMatchObject({ firstBlock: 5, committee: { epoch: 3, members: [{ seats: 4 }] } });
    expect(restarts.epoch(2, here)).toEqual({ firstBlock: 5, committee: { epoch: 2, members: [] } });
    expect(restarts.epoch(1, here)).toBeUndefined();
    expect(restarts.epoch(3, () => false)).toBe("absent");
  });

  it("pin blocks above a recovery to its cut until their pointer has passed it", () => {
    const restarts = seated();
    restarts.seat(recovery(4, 1), 4);
    const pointer = (number: number) => ({ number, hash: hash("dd") });
    expect(restarts.pin(4, pointer(9))).toEqual(pointer(9));
    expect(restarts.pin(5, pointer(9))).toEqual({ number: 54, hash: hash("cc") });
    expect(restarts.pin(9, pointer(54))).toEqual(pointer(54));
  });

  it("last from the first block of their committee on, and are not forgotten", async () => {
    const store = createMemoryStore();
    const meta = new MetaStore(store);
    const restarts = new SeatedRestarts({ restarts: [], recovery: RULES }, meta);
    restarts.seat(recovery(4, 1), 4);
    for (const [number, isKept] of [
      [4, false],
      [5, true],
    ] as const) {
      const batch = new WriteBatch();
      restarts.save(batch, number);
      await store.write(batch.operations, { sync: true });
      expect(meta.recoveries() !== undefined).toBe(isKept);
    }
    const again = new SeatedRestarts({ restarts: [], recovery: RULES }, meta);
    again.load();
    expect(again.recoveries).toEqual(restarts.recoveries);
    expect(() => new SeatedRestarts({ restarts: [] }, meta).load()).toThrow("recovered once");
  });
});
