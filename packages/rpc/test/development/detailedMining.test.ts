import { describe, expect, it } from "@jest/globals";
import { minedDetails } from "../../src/development/detailedMining.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";

describe("the blocks that were made", () => {
  it("are those that were there when they were asked for, though more come meanwhile", async () => {
    const backend = new FakeBackend();
    const heads = [2, 3, 4];
    const chain = { ...backend.chain, head: () => heads.shift() ?? 4 };
    const shown = await minedDetails(Object.assign(backend, { chain }), 0);
    expect(shown.map(({ number }) => number)).toEqual(["0x1", "0x2"]);
  });
});
