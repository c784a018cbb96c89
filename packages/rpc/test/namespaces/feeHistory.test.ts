import { describe, expect, it } from "@jest/globals";
import { createMethods } from "./methodFixture.ts";

const { backend, call } = createMethods();

describe("fees", () => {
  it("are offered from the next base fee and a default tip", async () => {
    expect(await call("eth_gasPrice")).toBe("0x77359400");
    expect(await call("eth_maxPriorityFeePerGas")).toBe("0x3b9aca00");
  });

  it("have a history with one base fee more than blocks", async () => {
    expect(await call("eth_feeHistory", "0x2", "0x2", [])).toEqual({
      oldestBlock: "0x1",
      baseFeePerGas: ["0x3b9aca00", "0x3b9aca00", "0x3b9aca00"],
      gasUsedRatio: [42_000 / 30_000_000, 80_000 / 30_000_000],
      baseFeePerBlobGas: ["0x1", "0x1", "0x1"],
      blobGasUsedRatio: [0, 0],
    });
  });

  it("have percentiles by gas used", async () => {
    const history = (await call("eth_feeHistory", 2, "latest", [0, 50, 100])) as { reward: string[][] };
    expect(history.reward).toEqual([
      ["0x3b9aca00", "0x3b9aca00", "0x3b9aca00"],
      ["0x0", "0x0", "0x0"],
    ]);
    const [executed, ...others] = backend.records[1]!.transactions;
    const cheap = { ...executed!, effectiveGasPriceWei: 1_000_000_007n };
    backend.records[1] = { ...backend.records[1]!, transactions: [...others, cheap] };
    const mixed = (await call("eth_feeHistory", 1, "0x1", [0, 50, 51, 100])) as { reward: string[][] };
    expect(mixed.reward).toEqual([["0x7", "0x7", "0x3b9aca00", "0x3b9aca00"]]);
  });

  it("stop at the genesis and at a thousand blocks", async () => {
    expect(await call("eth_feeHistory", "0x400", "0x1")).toMatchObject({ oldestBlock: "0x0" });
    expect(await call("eth_feeHistory", "0xffffff", "latest")).toMatchObject({ oldestBlock: "0x0" });
    expect(await call("eth_feeHistory", "0x0", "latest")).toMatchObject({ gasUsedRatio: [] });
    expect(await call("eth_feeHistory", "2", "latest")).toEqual(await call("eth_feeHistory", "0x2", "latest"));
  });

  it.each<[unknown[], number]>([
    [[], -32602],
    [["many", "latest"], -32602],
    [["-2", "latest"], -32602],
    [["9".repeat(400), "latest"], -32602],
    [["0x1", "latest", [50, 40]], -32000],
    [["0x1", "latest", [101]], -32000],
    [["0x1", "latest", [-1]], -32000],
    [["0x1", "latest", ["50"]], -32602],
    [["0x1", "latest", Array(101).fill(1)], -32000],
    [["0x1", "0x9"], -32000],
  ])("are not asked for with %j", async (params, code) => {
    await expect(call("eth_feeHistory", ...params)).rejects.toMatchObject({ code });
  });
});
