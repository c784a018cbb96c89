import type { NodeId } from "@festina/network";
import { describe, expect, it } from "@jest/globals";
import { PeerHeads } from "../../src/sync/peerHeads.ts";

const [a, b] = ["0xa", "0xb"] as readonly string[] as readonly [NodeId, NodeId];
const heads = (fastNumber: number, snailNumber: number) => ({ fastNumber, snailNumber });

describe("heads of peers", () => {
  it("name who is furthest on each chain, while it is connected", () => {
    const peers = new PeerHeads();
    expect(peers.ahead(heads(0, 0))).toEqual({ fast: null, snail: null });
    peers.onHeads(a, heads(10, 3));
    peers.onHeads(b, heads(12, 1));
    expect(peers.ahead(heads(9, 2))).toEqual({
      fast: { nodeId: b, number: 12, by: 3 },
      snail: { nodeId: a, number: 3, by: 1 },
    });
    peers.onHeads(b, heads(9, 1));
    expect(peers.ahead(heads(9, 3))).toEqual({ fast: { nodeId: a, number: 10, by: 1 }, snail: null });
    peers.onGone(a);
    expect(peers.ahead(heads(9, 3))).toEqual({ fast: null, snail: null });
  });

  it("at our own height are nothing to tell of", () => {
    const peers = new PeerHeads();
    peers.onHeads(a, heads(10, 3));
    expect(peers.ahead(heads(10, 3))).toEqual({ fast: null, snail: null });
  });
});
