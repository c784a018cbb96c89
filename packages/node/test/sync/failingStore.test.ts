// A disk that refuses while a node catches up: what is in memory would be ahead of it.
import { OperationError } from "@festina/primitives";
import { type KeyValueStore, TABLE } from "@festina/storage";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { FestinaNode } from "../../src/index.ts";
import { aDisk, aSpec, CommitteeNetwork, type Kept } from "../committee/committee.ts";

const BLOCKS = 30;

/** Takes everything but blocks, and the first ones of these. */
function failing(store: KeyValueStore, blocksTaken: number): KeyValueStore {
  let blocks = 0;
  return {
    get: (key) => store.get(key),
    entries: (range) => store.entries(range),
    close: () => store.close(),
    write: async (batch, options) => {
      if (batch.some(({ key }) => key[0] === TABLE.fastBlock)) blocks += 1;
      // The genesis is one.
      if (blocks > blocksTaken + 1) throw new OperationError("STORE_FAILED", "no space left on device");
      return store.write(batch, options);
    },
  };
}

describe("a node whose store fails while it catches up", () => {
  const net = new CommitteeNetwork(aSpec());
  let node: FestinaNode | null = null;

  beforeAll(async () => {
    await net.start(0, 1, 2, 3);
    await net.until("blocks are there", () => net.height() >= BLOCKS, 120_000);
  }, 60_000);

  afterAll(async () => {
    void node?.stop();
    await net.stopAll();
  });

  it("ends, and says why", async () => {
    const { store, disk } = aDisk();
    const kept: Kept = { disk, store: failing(store, 5) };
    node = await net.follower(kept, { sync: { mode: "replay" } });
    let reason: unknown = null;
    void node.failed.then((error) => {
      reason = error;
    });
    await net.until("it gives up", () => reason !== null);
    expect(reason).toMatchObject({ code: "STORE_FAILED" });
    const [told] = net.events("syncFailed");
    expect(told?.facts).toMatchObject({ what: "fast chain", message: expect.stringContaining("no space left") });
    expect(net.events("fatal")).not.toEqual([]);
    // Nobody was told of a block that is not on the disk.
    const committed = net.events("blockCommitted").filter((line) => line.node === told?.node);
    expect(Math.max(0, ...committed.map(({ facts }) => Number(facts["number"])))).toBeLessThanOrEqual(5);
  }, 60_000);
});
