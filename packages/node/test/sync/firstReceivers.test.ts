import type { Network, NodeId, PeerInfo } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import { EMPTY_FRUITS_ROOT, encodeSnailBlock, hashSnailHeader, type SnailBlock } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { CompactProposals } from "../../src/sync/compact/compactProposals.ts";
import { firstReceivers } from "../../src/sync/firstReceivers.ts";
import { encodeHashes } from "../../src/sync/payloads.ts";
import { PeerNetwork } from "../../src/sync/peerNetwork.ts";

const idOf = (index: number): NodeId => `0x${index.toString(16).padStart(64, "0")}` as NodeId;
const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
const peers = (count: number): readonly NodeId[] => Array.from({ length: count }, (_, index) => idOf(index));
const address = `0x${"11".repeat(20)}` as SnailBlock["header"]["payout"];
const BLOCK: SnailBlock = {
  header: {
    ...{ number: 4, parentHash: hash("41"), timestamp: 1, payout: address, supports: address, anchorNumber: 12 },
    ...{ anchorHash: hash("43"), certificateHash: hash("44"), boundaryHash: hash("00"), packedFruits: 40 },
    ...{ fruitsRoot: EMPTY_FRUITS_ROOT, difficulty: 1_000n, pointerHash: hash("45"), fruitDifficulty: 100n, nonce: 1n },
  },
  fruits: [],
  certificate: null,
};

/** Nothing is proposed here. */
const NO_PROPOSALS = {} as CompactProposals;

/** What a node with so many peers sends of a block that the first of them brought. */
function announce(count: number): ReadonlyMap<string, readonly NodeId[]> {
  const sent = new Map<string, readonly NodeId[]>();
  const connected = peers(count);
  const network = {
    peers: () => connected.map((nodeId) => ({ nodeId })),
    broadcast: (type: string, _payload: Uint8Array, filter: (peer: PeerInfo) => boolean) => {
      const receivers = connected.filter((nodeId) => filter({ nodeId } as PeerInfo));
      sent.set(type, receivers);
      return receivers.length;
    },
  } as unknown as Network;
  const none = (): void => undefined;
  new PeerNetwork(() => network, NO_PROPOSALS, none, none).announceBlock(BLOCK, idOf(0));
  return sent;
}

describe("a snail block", () => {
  it("goes whole to everybody where there are few", () => {
    expect([...announce(9)]).toEqual([["newSnailBlock", peers(9).slice(1)]]);
  });

  it("goes whole to some of many, by its hash to the rest, and not back", () => {
    const sent = announce(101);
    const whole = sent.get("newSnailBlock") ?? [];
    const told = sent.get("newSnailHash") ?? [];
    expect(whole).toHaveLength(20);
    expect(new Set([...whole, ...told]).size).toBe(100);
    expect([...whole, ...told]).not.toContain(idOf(0));
  });

  it("goes to others first than the one before", () => {
    const [a, b] = [hash("01"), hash("02")].map((each) => [...firstReceivers(each, peers(100))].sort());
    expect(a).not.toEqual(b);
    expect([...firstReceivers(hash("01"), peers(100))].sort()).toEqual(a);
  });

  it("is asked for once its hash was told, unless the block itself has come", () => {
    const asked: Hash32[] = [];
    const none = (): void => undefined;
    const network = new PeerNetwork(() => ({}) as Network, NO_PROPOSALS, none, none);
    const inputs = { onSnailHash: (told: Hash32) => void asked.push(told), onSnailBlock: none };
    network.dispatch(idOf(1), "newSnailBlock", encodeSnailBlock(BLOCK), inputs as never);
    for (const told of [hash("01"), hashSnailHeader(BLOCK.header)])
      network.dispatch(idOf(1), "newSnailHash", encodeHashes([told]), inputs as never);
    expect(asked).toEqual([hash("01")]);
  });
});
