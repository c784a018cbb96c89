// Why nothing happens, as a node that follows a committee without quorum tells it.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { FestinaNode } from "../../src/index.ts";
import { aDisk, aSpec, CommitteeNetwork, MEMBER_ADDRESSES, OWNERS } from "../committee/committee.ts";

const CLAIMED = 1_000_000;

describe("the status of a node on a chain that stands still", () => {
  const net = new CommitteeNetwork(aSpec());
  let follower: FestinaNode | null = null;
  const status = () => (follower as FestinaNode).backend.status();
  let boaster = "";

  beforeAll(async () => {
    await net.start(0, 1, 2, 3);
    boaster = await net.peer(60, CLAIMED, () => undefined);
    follower = await net.follower(aDisk(), { sync: { mode: "replay" } }, [...MEMBER_ADDRESSES, boaster]);
    await net.until("it follows", () => status().headNumber >= 3);
  }, 60_000);

  afterAll(async () => {
    void follower?.stop();
    await net.stopAll();
  });

  it("names the peer that says it is ahead, and by how much", () => {
    const nodeId = boaster.split("@")[0];
    const { ahead, headNumber } = status();
    expect(ahead.fast).toEqual({ nodeId, number: CLAIMED, by: CLAIMED - headNumber });
  });

  it("names the members that are silent, and how far the anchor lags, and still who is ahead", async () => {
    await net.stop(2, 3);
    await net.until("the silence is noticed", () => status().missing.length === 2, 120_000);
    await net.clock.advance(20_000, () => false);
    const { doing, missing, headNumber, anchoredNumber } = status();
    expect(missing.map(({ address }) => address)).toEqual([OWNERS[2], OWNERS[3]]);
    expect(anchoredNumber).toBe(0);
    expect(doing).toContain("the committee has lost its quorum");
    expect(doing).toMatch(new RegExp(`missing: ${OWNERS[2]} \\(silent for \\d+ s\\), ${OWNERS[3]}`));
    expect(doing).toContain(`says it is at block ${CLAIMED}, ${CLAIMED - headNumber} ahead of us`);
  }, 60_000);
});
