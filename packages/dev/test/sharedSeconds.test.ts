// `--allow-same-timestamp`: what is chosen as the next block's time may be the newest block's, as with Hardhat's option.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

describe("blocks that may share a second", () => {
  let dev: RunningDev;
  beforeAll(async () => {
    dev = await startDev({ sharesSeconds: true });
  });
  afterAll(() => dev.stop());
  const newest = (): Promise<{ timestamp: string; timestampMs: string }> =>
    dev.call("eth_getBlockByNumber", "latest", false);

  it("share one that was chosen, later by milliseconds", async () => {
    await dev.call("evm_mine", Number((await newest()).timestamp) + 100);
    const { timestamp, timestampMs } = await newest();
    await dev.call("evm_setNextBlockTimestamp", timestamp);
    await dev.call("eth_sendTransaction", { from: alice, to: bob });
    const next = await newest();
    expect(next.timestamp).toBe(timestamp);
    expect(Number(next.timestampMs)).toBeGreaterThan(Number(timestampMs));
    await dev.call("evm_mine", timestamp);
    expect(await newest()).toMatchObject({ timestamp });
  });

  it("do not go back behind the newest one", async () => {
    const earlier = `0x${(Number((await newest()).timestamp) - 1).toString(16)}`;
    for (const method of ["evm_setNextBlockTimestamp", "evm_mine"])
      await expect(dev.call(method, earlier)).rejects.toMatchObject({ code: -32602 });
  });
});
