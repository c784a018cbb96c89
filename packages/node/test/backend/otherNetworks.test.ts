import type { Network, NodeId } from "@festina/network";
import { describe, expect, it } from "@jest/globals";
import { otherNetworks } from "../../src/backend/otherNetworks.ts";
import { describeLoneliness } from "../../src/backend/status.ts";

type Stranger = ReturnType<Network["strangers"]>[number];

const stranger = (index: number, changes: Partial<Stranger> = {}): Stranger => ({
  ...{ nodeId: `0x${index}` as NodeId, host: "h", direction: "outbound", isConfigured: true, agent: null, seenMs: 0 },
  ...{ code: "GENESIS_MISMATCH", theirs: "0xaa", ours: "0xbb" },
  ...changes,
});

describe("other networks", () => {
  it("are counted, the largest first, and named", () => {
    const version = { code: "VERSION_MISMATCH", theirs: "2", ours: "1" } as const;
    const groups = otherNetworks([stranger(1, version), stranger(2), stranger(3), stranger(4)]);
    expect(groups.map(({ peers, message }) => [peers, message])).toEqual([
      [3, "3 peers belong to another network: genesis 0xaa, ours 0xbb"],
      [1, "1 peer speaks another protocol version: version 2, ours 1"],
    ]);
    expect(otherNetworks([stranger(1, { code: "SPEC_MISMATCH", theirs: null })])[0]?.message).toBe(
      "1 peer goes by another chain spec: ours is 0xbb",
    );
  });

  it("are told of as far as anybody reads", () => {
    expect(
      otherNetworks(Array.from({ length: 60 }, (_, index) => stranger(index, { theirs: `${index}` }))),
    ).toHaveLength(8);
    expect(otherNetworks([])).toEqual([]);
  });

  it("are why nothing happens while nobody of our own is there", () => {
    const others = otherNetworks([stranger(1)]);
    expect(describeLoneliness({ peers: 0, otherNetworks: others })).toMatch(
      /^waiting for peers of this network: 1 peer belongs/,
    );
    expect(describeLoneliness({ peers: 1, otherNetworks: others })).toBeNull();
    expect(describeLoneliness({ peers: 0, otherNetworks: [] })).toBeNull();
  });
});
