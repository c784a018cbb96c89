import { describe, expect, it } from "@jest/globals";
import { address } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const MINER = address("42");

describe("pay", () => {
  it("of an address: what final blocks paid, or what is due, with the fruits it is for", async () => {
    const { backend, call } = createMethods();
    const block = { snailNumber: "0x1", fastNumber: "0x3", amount: "0x5a", fruits: "0x1", isPacker: true };
    const answer = { address: MINER, paid: "0x5a", due: "0x0", paidTo: "0x1", blocks: [block] };
    expect(await call("snail_getRewards", MINER, "0x1", "latest")).toEqual(answer);
    expect(await call("snail_getRewards", MINER, "earliest", "0x400")).toEqual(answer);
    backend.paidIn = null;
    expect(await call("snail_getRewards", MINER, "0x1", "0x1")).toEqual({
      address: MINER,
      paid: "0x0",
      due: "0x5a",
      paidTo: null,
      blocks: [{ ...block, fastNumber: null }],
    });
    const none = { address: address("77"), paid: "0x0", due: "0x0", blocks: [] };
    expect(await call("snail_getRewards", address("77"), "0x1", "latest")).toMatchObject(none);
    expect(await call("snail_getRewards", MINER, "0x2", "0x1")).toMatchObject({ paid: "0x0", blocks: [] });
    expect(await call("snail_getRewards", MINER, "0x2", "latest")).toMatchObject({ blocks: [], paidTo: null });
  });

  it("of a snail block: every payment", async () => {
    const { call } = createMethods();
    expect(await call("snail_getBlockRewards", "latest")).toMatchObject({
      snailNumber: "0x1",
      fastNumber: "0x3",
      payments: [{ to: MINER, amount: "0x5a" }],
    });
    expect(await call("snail_getBlockRewards", "earliest")).toMatchObject({ fastNumber: null, payments: [] });
    expect(await call("snail_getBlockRewards", "0x2")).toBeNull();
  });

  it("to be expected: by fruit, by block, and by hour at a rate", async () => {
    const { call } = createMethods();
    const rates = { perFruit: "0x41", perPackedFruit: "0xa", perBlock: "0x32", fruitsPerBlock: "0xa" };
    const work = { snailNumber: "0x2", difficulty: "0x3e8", fruitDifficulty: "0x64" };
    expect(await call("snail_expectedReward")).toEqual({ ...work, ...rates, perHour: null });
    // 7,200 hashes: 72 fruits of 65, and 7.2 blocks of 50 with ten packed fruits of 10.
    const perHour = `0x${(72 * 65 + 7.2 * 150).toString(16)}`;
    expect(await call("snail_expectedReward", "0x2")).toMatchObject({ perHour });
    expect(await call("snail_expectedReward", 0)).toMatchObject({ perHour: "0x0" });
  });

  it.each<[string, unknown[], number]>([
    ["snail_getRewards", [], -32602],
    ["snail_getRewards", [MINER], -32602],
    ["snail_getRewards", [MINER, "0x1"], -32602],
    ["snail_getRewards", [MINER, "pending", "latest"], -32602],
    ["snail_getRewards", ["0x1", "0x1", "latest"], -32602],
    ["snail_getRewards", [MINER, "0x1", -1], -32602],
    ["snail_getBlockRewards", [], -32602],
    ["snail_getBlockRewards", [MINER], -32602],
    ["snail_expectedReward", ["fast"], -32602],
    ["snail_expectedReward", [`0x${"f".repeat(64)}`], -32602],
  ])("%s refuses %j", async (method, params, code) => {
    const { call } = createMethods();
    await expect(call(method, ...params)).rejects.toMatchObject({ code });
  });

  it("covers a bounded range of blocks in one answer", async () => {
    const { backend, call } = createMethods();
    Object.assign(backend.snail, { head: () => 5_000 });
    await expect(call("snail_getRewards", MINER, "0x1", "0x401")).rejects.toMatchObject({ code: -32005 });
    expect(await call("snail_getRewards", MINER, "0x1", "0x400")).toMatchObject({ paid: "0x5a" });
  });
});
