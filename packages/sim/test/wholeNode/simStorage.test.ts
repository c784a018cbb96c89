import { describeDisk, describeKeyValueStore } from "@festina/storage/testing";
import { describe, expect, it } from "@jest/globals";
import { SimStore } from "../../src/wholeNode/simStore.ts";
import { SimDisk } from "../../src/world/disk.ts";
import { FaultCounts } from "../../src/world/faultCounts.ts";
import { createStreams } from "../../src/world/streams.ts";

const key = (value: number): Uint8Array => Uint8Array.of(value);

function aStore(seed: number) {
  const streams = createStreams(seed);
  const disk = new SimDisk(streams("disk"), new FaultCounts());
  return { disk, store: new SimStore(streams("store"), disk) };
}

describeDisk("a simulated disk", () => new SimDisk(createStreams(1)("disk"), new FaultCounts()));
describeKeyValueStore("a simulated store", async () => {
  let isClosed = false;
  const opened = aStore(1).store.open(() => isClosed);
  return {
    ...opened,
    close: async () => {
      isClosed = true;
    },
  };
});

describe("a simulated store that crashes", () => {
  it("keeps what was synced and a prefix of what was not, whole batches only", async () => {
    const kept = new Set<number>();
    for (let seed = 1; seed <= 60; seed++) {
      const { store } = aStore(seed);
      const opened = store.open(() => false);
      await opened.write([{ type: "put", key: key(0), value: key(9) }], { sync: true });
      for (let batch = 1; batch <= 3; batch++) {
        await opened.write([
          { type: "put", key: key(batch), value: key(batch) },
          { type: "put", key: key(10 + batch), value: key(batch) },
          { type: "del", key: key(0) },
          { type: "put", key: key(0), value: key(batch) },
        ]);
      }
      store.crash();
      const found = [1, 2, 3].filter((batch) => opened.get(key(batch)) !== undefined);
      expect(found).toEqual([1, 2, 3].slice(0, found.length));
      expect([1, 2, 3].filter((batch) => opened.get(key(10 + batch)) !== undefined)).toEqual(found);
      expect(opened.get(key(0))).toEqual(key(found.length === 0 ? 9 : found.length));
      kept.add(found.length);
    }
    expect([...kept].sort()).toEqual([0, 1, 2, 3]);
  });

  it("refuses writes on a full disk and syncs on a broken one, and takes nothing from the dead", async () => {
    const { store, disk } = aStore(1);
    let isDead = false;
    const opened = store.open(() => isDead);
    disk.isSyncBroken = true;
    await expect(opened.write([{ type: "put", key: key(1), value: key(1) }], { sync: true })).rejects.toThrow("failed");
    await opened.write([{ type: "put", key: key(2), value: key(1) }]);
    disk.isFull = true;
    await expect(opened.write([{ type: "put", key: key(3), value: key(1) }])).rejects.toThrow("failed");
    disk.isFull = false;
    isDead = true;
    void opened.write([{ type: "put", key: key(4), value: key(1) }]);
    expect([1, 2, 3, 4].map((value) => opened.get(key(value)) !== undefined)).toEqual([false, true, false, false]);
  });

  it("comes back as it was on another day", async () => {
    const { store } = aStore(1);
    const opened = store.open(() => false);
    await opened.write([{ type: "put", key: key(1), value: key(1) }]);
    const image = store.image();
    await opened.write([{ type: "put", key: key(1), value: key(2) }]);
    store.restore(image);
    expect(opened.get(key(1))).toEqual(key(1));
  });
});
