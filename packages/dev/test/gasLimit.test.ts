import { createMemoryStore } from "@festina/adapters";
import { RPC_CODE } from "@festina/rpc";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { alice, bob, devSpec, type RunningDev, startDev } from "./devFixture.ts";

const GENESIS_LIMIT = 30_000_000;
const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

describe("the gas limit of blocks", () => {
  let dev: RunningDev;
  const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);
  const limitOf = async (running: RunningDev, tag = "latest"): Promise<number> =>
    Number((await running.call<{ gasLimit: string }>("eth_getBlockByNumber", tag, false)).gasLimit);
  const send = (gas: number): Promise<string> =>
    call("eth_sendTransaction", { from: alice, to: bob, gas: quantity(gas) });

  beforeEach(async () => {
    dev = await startDev({ spec: devSpec({ isTransactionGasUnlimited: true }) });
  });
  afterEach(() => dev.stop());

  it.each(["evm", "anvil", "hardhat"])("%s_setBlockGasLimit holds from its block on", async (family) => {
    await expect(send(GENESIS_LIMIT + 1)).rejects.toThrow("exceeds block gas limit");
    expect(await call(`${family}_setBlockGasLimit`, quantity(50_000_000))).toBe(true);
    expect(await limitOf(dev)).toBe(50_000_000);
    expect(await limitOf(dev, "0x0")).toBe(GENESIS_LIMIT);
    const sent = await send(40_000_000);
    expect(await call("eth_getTransactionReceipt", sent)).toMatchObject({ status: "0x1" });
    expect(await limitOf(dev)).toBe(50_000_000);
    expect(await call("anvil_nodeInfo")).toMatchObject({ environment: { gasLimit: quantity(50_000_000) } });
  });

  it("goes back with the chain, and is what it was at the start after a reset", async () => {
    const snapshot = await call("evm_snapshot");
    await call("evm_setBlockGasLimit", quantity(40_000));
    await call("evm_mine");
    expect(await limitOf(dev)).toBe(40_000);
    await call("evm_revert", snapshot);
    await call("evm_mine");
    expect(await limitOf(dev)).toBe(GENESIS_LIMIT);
    await call("evm_setBlockGasLimit", quantity(40_000));
    await call("hardhat_reset");
    await call("evm_mine");
    expect(await limitOf(dev)).toBe(GENESIS_LIMIT);
  });

  it("lets go of what waits and has room in no block any more; the rest is mined", async () => {
    await call("evm_setAutomine", false);
    const large = await send(1_000_000);
    const behind = await send(21_000);
    await call("evm_setBlockGasLimit", quantity(100_000));
    expect(await call("eth_getTransactionByHash", large)).toBeNull();
    const again = await call("eth_sendTransaction", { from: alice, to: bob, gas: "0x5208", nonce: "0x0" });
    await call("evm_setAutomine", true);
    await call("evm_mine");
    for (const hash of [again, behind])
      expect(await call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  });

  it("is in dumps, and there when a chain is opened again", async () => {
    await call("evm_setBlockGasLimit", quantity(7_000_000));
    const other = await startDev();
    try {
      await other.call("anvil_loadState", await call("anvil_dumpState"));
      await other.call("evm_mine");
      expect(await limitOf(other)).toBe(7_000_000);
    } finally {
      await other.stop();
    }
    const store = createMemoryStore();
    const kept = Object.assign(store, { close: async () => undefined });
    const first = await startDev({ store: kept });
    await first.call("evm_setBlockGasLimit", quantity(8_000_000));
    await first.stop();
    const second = await startDev({ store: kept });
    try {
      await second.call("evm_mine");
      expect(await limitOf(second)).toBe(8_000_000);
    } finally {
      await second.stop();
    }
  });

  it.each([[], ["0x0"], ["0x5207"], ["0x10000000001"], ["zz"], [-1], [1.5], [null], [{}], [`0x${"f".repeat(64)}`]])(
    "is not %p",
    async (...params) => {
      for (const family of ["evm", "anvil", "hardhat"])
        await expect(call(`${family}_setBlockGasLimit`, ...params)).rejects.toMatchObject({
          code: RPC_CODE.invalidParams,
        });
      expect(await call("eth_blockNumber")).toBe("0x0");
    },
  );
});
