import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

let fixture: RpcFixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe("what is on its way", () => {
  it("lists fruits that wait", async () => {
    expect(await fixture.result("fruit_getWaiting")).toMatchObject([{ anchorNumber: "0x0", packedIn: null }]);
    expect(await fixture.result("fruit_getWaiting", "0x0")).toEqual([]);
    expect((await fixture.ask("fruit_getWaiting", 101)).error?.code).toBe(-32602);
    expect((await fixture.ask("fruit_getWaiting", "many")).error?.code).toBe(-32602);
  });

  it("tells how far an election is", async () => {
    expect(await fixture.result("committee_getElection")).toMatchObject({
      epoch: "0x2",
      phase: "collecting",
      window: { first: "0x1", last: "0x6" },
      frozenFrom: "0x8",
      frozenHeight: null,
      weights: [{ fruits: 1, weight: "0x64" }],
    });
  });
});
