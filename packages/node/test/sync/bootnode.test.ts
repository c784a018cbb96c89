import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { FestinaNode } from "../../src/index.ts";
import { aDisk, aSpec, CommitteeNetwork } from "../committee/committee.ts";

const network = new CommitteeNetwork(aSpec(), [], new Map(), true);
const disk = aDisk();
let follower: FestinaNode | null = null;
const followerNode = (): FestinaNode => {
  if (follower === null) throw new Error("the follower does not run");
  return follower;
};
const followed = (): number => followerNode().backend.chain.head();

beforeAll(() => network.start(0, 1, 2, 3), 60_000);
afterAll(async () => {
  void follower?.stop();
  await network.stopAll();
}, 60_000);

describe("nodes that know one bootnode", () => {
  it("find each other: members are linked to all members, and make blocks", async () => {
    const reports = () => [0, 1, 2, 3].map((index) => network.node(index).backend.peers());
    await network.until("members are linked", () => reports().every(({ peers }) => peers.length === 3));
    await network.until("blocks are final", () => network.height(3) >= 3);
    for (const { peers, book } of reports()) {
      expect(peers.every(({ isSeated, isConfigured }) => isSeated && !isConfigured)).toBe(true);
      expect(book?.members).toBeGreaterThanOrEqual(3);
    }
  }, 60_000);

  it("take in one that comes later, which gets the blocks", async () => {
    follower = await network.follower(disk, {});
    await network.until("the follower has the blocks", () => followed() >= network.height(0) && followed() > 3);
    await network.until("it has found the others", () => followerNode().backend.peers().peers.length === 4);
  }, 60_000);

  it("need the bootnode no more", async () => {
    await network.stop(0);
    const height = network.height(1);
    await network.until("blocks go on", () => network.height(1) > height + 2 && followed() > height + 2);
    expect(followerNode().backend.peers().peers.length).toBe(3);
  }, 60_000);
});
