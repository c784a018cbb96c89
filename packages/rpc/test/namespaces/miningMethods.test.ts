import { ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { address, word } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const { call } = createMethods();
const MINER = address("42");

describe("mining methods", () => {
  it("hand out work with all that a searcher needs", async () => {
    const work = await call("snail_getWork", MINER);
    expect(work).toEqual({
      workId: "w1",
      sealHash: word("5ea1"),
      blockTarget: "0x1",
      fruitTarget: "0x10",
      powEngine: "keccak",
      powKey: ZERO_HASH,
      number: "0x2",
      parentHash: word("51"),
      anchorNumber: "0x3",
      difficulty: "0x3e8",
      fruitDifficulty: "0x64",
    });
    for (const supports of [address("21"), null, undefined])
      expect(await call("snail_getWork", MINER, supports)).toEqual(work);
  });

  it("take nonces of 64 bits, and tell both wins of one", async () => {
    expect(await call("snail_submitWork", "w1", "0x0")).toEqual({ fruit: word("f1"), block: word("b1") });
    expect(await call("snail_submitWork", "w1", "0xffffffffffffffff")).toEqual({ fruit: word("f1"), block: null });
    await expect(call("snail_submitWork", "w1", "0x10000000000000000")).rejects.toMatchObject({
      data: { code: "NONCE_INVALID" },
    });
    await expect(call("snail_submitWork", "w2", "0x0")).rejects.toMatchObject({ data: { code: "WORK_UNKNOWN" } });
  });

  it("give what a data set is made from", async () => {
    expect(await call("snail_getPowSample", word("da7a"))).toBe(`0x${"03".repeat(64)}`);
    expect(await call("snail_getPowSample", ZERO_HASH)).toBeNull();
  });

  it.each<[string, unknown[], object]>([
    ["snail_getWork", [ZERO_ADDRESS], { code: -32000, data: { code: "WORK_UNAVAILABLE" } }],
    ["snail_getWork", [], { code: -32602 }],
    ["snail_getWork", ["0x12"], { code: -32602 }],
    ["snail_getWork", [MINER, "nobody"], { code: -32602 }],
    ["snail_getPowSample", [], { code: -32602 }],
    ["snail_getPowSample", ["0x1"], { code: -32602 }],
    ["snail_submitWork", [], { code: -32602 }],
    ["snail_submitWork", [1, "0x0"], { code: -32602 }],
    ["snail_submitWork", ["w1"], { code: -32602 }],
    ["snail_submitWork", ["w1", -1], { code: -32602 }],
    ["snail_submitWork", ["w1", {}], { code: -32602 }],
  ])("%s refuses %j", async (method, params, error) => {
    await expect(call(method, ...params)).rejects.toMatchObject(error);
  });
});
