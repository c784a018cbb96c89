import { type Clock, type Hash32, hexToBytes } from "@festina/primitives";
import type { PowEngine } from "@festina/snailchain";
import { describe, expect, it } from "@jest/globals";
import type { PowDataSetMaker } from "../../src/adaptersPort.ts";
import { PowDataService } from "../../src/snail/powDataService.ts";

const key = (index: number): Hash32 => `0x${index.toString(16).padStart(64, "0")}` as Hash32;
const EPOCH = 100;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A chain whose data set for a number has the epoch as key, and a maker that does as it is told. */
function createWorld({ head = 0, sampled = 0, hashes = 3 } = {}) {
  const world = {
    head,
    sampled,
    ready: new Set<Hash32>(),
    kept: new Set<Hash32>(),
    made: [] as Hash32[],
    samples: [] as Uint8Array[],
    announced: [] as Hash32[],
    events: [] as string[],
    pauses: [] as number[],
    failures: 0,
    isClosed: false,
    /** Resolves a `make` that waits; `null` makes at once. */
    gate: null as Promise<void> | null,
  };
  const engine: PowEngine = {
    name: "test",
    dataSets: { isReady: (powKey) => world.ready.has(powKey) },
    compute: () => new Uint8Array(32),
  };
  const maker: PowDataSetMaker = {
    load: async (powKey) => {
      if (world.kept.has(powKey)) world.ready.add(powKey);
      return world.kept.has(powKey);
    },
    make: async (powKey, sample, onProgress) => {
      world.made.push(powKey);
      world.samples.push(sample);
      if (world.gate !== null) await world.gate;
      if (world.failures-- > 0) throw new Error("no thread");
      onProgress(0.5);
      world.ready.add(powKey);
    },
    close: async () => {
      world.isClosed = true;
    },
  };
  const clock: Clock = {
    nowMs: () => 0,
    setTimer: (delayMs, onElapsed) => {
      world.pauses.push(delayMs);
      setImmediate(onElapsed);
      return { cancel: () => undefined };
    },
  };
  const log = (event: string) => void world.events.push(event);
  const service = new PowDataService({
    engine,
    maker,
    chain: {
      head: () => ({ number: world.head, hash: key(0xff) }),
      powKeyAt: (number) => {
        const epoch = Math.floor((number - 1) / EPOCH);
        return epoch <= world.sampled ? key(epoch) : undefined;
      },
      *powSample(powKey) {
        if (powKey !== key(0xdead)) for (let index = hashes; index > 0; index--) yield key(index);
      },
    },
    epochBlocks: EPOCH,
    clock,
    log: { debug: log, info: log, warn: log, error: log },
    onReady: (powKey) => void world.announced.push(powKey),
  });
  return { world, service };
}

describe("the service that provides data sets", () => {
  it("makes the next block's, oldest hash first, and says so", async () => {
    const { world, service } = createWorld();
    service.onHead();
    await settle();
    expect(world.made).toEqual([key(0)]);
    expect(world.samples[0]).toEqual(new Uint8Array([1, 2, 3].flatMap((index) => [...hexToBytes(key(index))])));
    expect(world.announced).toEqual([key(0)]);
    expect(world.events).toEqual(["powDataSetMaking", "powDataSetProgress", "powDataSetReady"]);
    service.onHead();
    await settle();
    expect(world.made.length).toBe(1);
  });

  it("makes the next epoch's as soon as its sample is complete, long before it is needed", async () => {
    const { world, service } = createWorld({ head: 40 });
    service.onHead();
    await settle();
    expect(world.made).toEqual([key(0)]);
    world.sampled = 1;
    service.onHead();
    await settle();
    expect(world.made).toEqual([key(0), key(1)]);
  });

  it("takes what is kept, and reads long samples in turns", async () => {
    const { world, service } = createWorld({ hashes: 1_000 });
    world.kept.add(key(0));
    service.onHead();
    await settle();
    expect(world.made).toEqual([]);
    expect(world.announced).toEqual([key(0)]);
    service.want(key(7));
    await settle();
    expect(world.samples[0]?.length).toBe(32_000);
    expect(world.pauses.length).toBe(3);
  });

  it("makes one at a time, keeps few waiting, and forgets what the chain does not have", async () => {
    const { world, service } = createWorld();
    let open: () => void = () => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    for (let index = 10; index < 20; index++) service.want(key(index));
    await settle();
    expect(world.made).toEqual([key(10)]);
    expect(service.isBusy).toBe(true);
    open();
    await settle();
    // Four at most; then the chain's own, which is always asked for again.
    expect(world.made).toEqual([key(10), key(11), key(12), key(13), key(0)]);
    expect(service.isBusy).toBe(false);
    service.want(key(0xdead));
    await settle();
    expect(world.made.length).toBe(5);
    expect(world.announced).not.toContain(key(0xdead));
  });

  it("tries again after a failure, with a pause", async () => {
    const { world, service } = createWorld();
    world.failures = 2;
    service.onHead();
    await settle();
    expect(world.made).toEqual([key(0), key(0), key(0)]);
    expect(world.announced).toEqual([key(0)]);
    expect(world.events.filter((event) => event === "powDataSetFailed").length).toBe(2);
    expect(world.pauses).toEqual([5_000, 5_000]);
  });

  it("announces nothing once it is stopped", async () => {
    const { world, service } = createWorld();
    let open: () => void = () => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    service.onHead();
    await settle();
    await service.stop();
    expect(world.isClosed).toBe(true);
    open();
    await settle();
    service.onHead();
    await settle();
    expect(world.made).toEqual([key(0)]);
    expect(world.announced).toEqual([]);
  });
});
