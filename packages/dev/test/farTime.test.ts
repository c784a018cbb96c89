// Suites go beyond the times that contracts keep in 40 bits, to see what happens there.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

const BEYOND = 2 ** 40;

describe("a development chain in the far future", () => {
  let dev: RunningDev;
  beforeAll(async () => {
    dev = await startDev();
  });
  afterAll(() => dev.stop());
  const newest = (chain = dev): Promise<Record<string, string>> => chain.call("eth_getBlockByNumber", "latest", false);

  it("goes there and back", async () => {
    const before = await newest();
    const snapshot = await dev.call("evm_snapshot");
    await dev.call("evm_setNextBlockTimestamp", BEYOND);
    await dev.call("eth_sendTransaction", { from: alice, to: bob, value: "0x1" });
    expect(await newest()).toMatchObject({ timestamp: `0x${BEYOND.toString(16)}` });
    await dev.call("evm_mine", BEYOND + 9);
    expect(Number((await newest())["timestamp"])).toBe(BEYOND + 9);
    await dev.call("evm_revert", snapshot);
    expect(await newest()).toEqual(before);
  });

  it("is gone to by a step, but not by steps without end", async () => {
    const snapshot = await dev.call("evm_snapshot");
    for (let step = 0; step < 3; step++) await dev.call("evm_increaseTime", BEYOND);
    await dev.call("evm_mine");
    expect(Number((await newest())["timestamp"])).toBeGreaterThan(3 * BEYOND);
    await expect(dev.call("evm_increaseTime", 2 * BEYOND)).rejects.toMatchObject({ code: -32602 });
    await expect(dev.call("evm_increaseTime", 2 ** 42 + 1)).rejects.toMatchObject({ code: -32602 });
    await dev.call("evm_revert", snapshot);
  });

  it("is kept with what is dumped there", async () => {
    await dev.call("evm_mine", BEYOND);
    const other = await startDev();
    try {
      await other.call("anvil_loadState", await dev.call("anvil_dumpState"));
      expect(await newest(other)).toEqual(await newest());
      await other.call("eth_sendTransaction", { from: alice, to: bob });
      expect(Number((await newest(other))["timestamp"])).toBeGreaterThan(BEYOND);
    } finally {
      await other.stop();
    }
  });

  it.each(["evm_mine", "evm_setNextBlockTimestamp", "anvil_setTime"])(
    "%s goes no further than 2^42",
    async (method) => {
      await expect(dev.call(method, 2 ** 42 + 1)).rejects.toMatchObject({ code: -32602 });
    },
  );
});
