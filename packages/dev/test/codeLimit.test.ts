import { afterEach, describe, expect, it } from "@jest/globals";
import { alice, devSpec, type RunningDev, startDev } from "./devFixture.ts";

/** RETURN 30,000 bytes of empty memory, in init code of 60,000 bytes. */
const LARGE_INIT_CODE = `0x6175305ff3${"00".repeat(59_995)}`;
const CREATION = { from: alice, data: LARGE_INIT_CODE, gas: "0x800000" };

describe("how long contracts may be on a development chain", () => {
  let dev: RunningDev;
  afterEach(() => dev.stop());

  it("is what gas pays for where its spec says so, also on the chain that goes on from a dump", async () => {
    dev = await startDev({ spec: devSpec({ isCodeUnlimited: true }) });
    const hash = await dev.call("eth_sendTransaction", CREATION);
    const receipt = await dev.call<{ status: string; contractAddress: string }>("eth_getTransactionReceipt", hash);
    expect(receipt.status).toBe("0x1");
    expect(await dev.call("eth_getCode", receipt.contractAddress, "latest")).toBe(`0x${"00".repeat(30_000)}`);
    expect(await dev.call("debug_traceTransaction", hash, { tracer: "callTracer" })).toMatchObject({
      to: receipt.contractAddress,
    });
    const other = await startDev();
    expect(await other.call("anvil_loadState", await dev.call("anvil_dumpState"))).toBe(true);
    const again = await other.call("eth_sendTransaction", CREATION);
    expect(await other.call("eth_getTransactionReceipt", again)).toMatchObject({ status: "0x1" });
    await other.stop();
  });

  it("is what Ethereum allows otherwise", async () => {
    dev = await startDev();
    await expect(dev.call("eth_sendTransaction", CREATION)).rejects.toThrow(/init code has 60000 of 49152/);
    const short = { ...CREATION, data: "0x6175305ff3" };
    const hash = await dev.call("eth_sendTransaction", short);
    expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x0" });
  });

  it("and how much gas a transaction may ask for, are the block's limits where the spec says so", async () => {
    const transfer = { from: alice, to: alice, gas: "0x1c9c380" };
    dev = await startDev();
    await expect(dev.call("eth_sendTransaction", transfer)).rejects.toThrow(/^transaction gas limit too high/);
    const other = await startDev({ spec: devSpec({ isTransactionGasUnlimited: true }) });
    const hash = await other.call("eth_sendTransaction", transfer);
    expect(await other.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1", gasUsed: "0x5208" });
    await expect(other.call("eth_sendTransaction", { ...transfer, gas: "0x1c9c381" })).rejects.toMatchObject({
      code: -32000,
    });
    // 20 million gas, as a loop of SSTOREs in new slots takes: PUSH0 JUMPDEST DUP1 DUP1 SSTORE PUSH1 1 ADD, on to 900
    const data = "0x5f5b8080556001018061038403600157";
    const estimate = await other.call<string>("eth_estimateGas", { from: alice, data });
    expect(Number(estimate)).toBeGreaterThan(2 ** 24);
    const used = await other.call("eth_sendTransaction", { from: alice, data, gas: estimate });
    expect(await other.call("eth_getTransactionReceipt", used)).toMatchObject({ status: "0x1" });
    expect(await other.call("eth_createAccessList", { from: alice, data })).not.toHaveProperty("error");
    await other.stop();
  });

  it("lets transactions be in everybody's name from the start, if wanted, and after a reset", async () => {
    dev = await startDev({ isImpersonatingAll: true });
    const sender = `0x${"ab".repeat(20)}`;
    for (let round = 0; round < 2; round++) {
      await dev.call("hardhat_setBalance", sender, "0xde0b6b3a7640000");
      const hash = await dev.call("eth_sendTransaction", { from: sender, to: alice, value: "0x1" });
      expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({ from: sender, status: "0x1" });
      await dev.call("hardhat_reset");
    }
  });
});
