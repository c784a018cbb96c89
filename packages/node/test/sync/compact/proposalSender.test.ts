import type { Network } from "@festina/network";
import { decodeCompactPrePrepare, decodePrePrepare, toCompact } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { HeldByPeers } from "../../../src/sync/compact/heldByPeers.ts";
import { ProposalSender } from "../../../src/sync/compact/proposalSender.ts";
import { blockOf, idOf, proposalOf, QuietNetwork, transfers } from "./compactWorld.ts";

const BLOCK = blockOf(transfers(10));
const MESSAGE = proposalOf(BLOCK);

function begin({ isCompact = true, block = BLOCK } = {}) {
  const network = new QuietNetwork();
  const held = new HeldByPeers();
  const sender = new ProposalSender({
    ...{ network: () => network as unknown as Network, held, isCompact },
    block: (hash) => (hash === block.hash ? block : undefined),
  });
  const has = (peer: number, from: number, to: number): void => {
    for (const { hash } of BLOCK.transactions.slice(from, to)) held.add(idOf(peer), hash);
  };
  return { network, held, sender, has };
}

describe("a proposal that goes out", () => {
  it("is short to who has its transactions, with those whole that a peer lacks, and whole where most are new", () => {
    const { network, sender, has } = begin();
    has(1, 0, 10);
    has(2, 0, 10);
    has(3, 2, 10);
    sender.broadcast(MESSAGE);
    const told = network.sent.map(({ type, to, payload }) => {
      const decoded = type === "prePrepare" ? decodePrePrepare(payload) : decodeCompactPrePrepare(payload);
      return [type, to, decoded.ok && decoded.value];
    });
    expect(told).toEqual([
      ["compactPrePrepare", [idOf(1), idOf(2)], toCompact(MESSAGE, BLOCK, [])],
      ["compactPrePrepare", [idOf(3)], toCompact(MESSAGE, BLOCK, [0, 1])],
      ["prePrepare", [idOf(4)], MESSAGE],
    ]);
    expect(network.sent[0]?.payload.length).toBeLessThan((network.sent[2]?.payload.length ?? 0) * 0.65);
  });

  it("is remembered as sent, so that once more it is short for all; a peer that comes back may have lost it", () => {
    const { network, held, sender } = begin();
    sender.broadcast(MESSAGE);
    sender.broadcast(MESSAGE);
    held.onGone(idOf(2));
    sender.broadcast(MESSAGE);
    const all = [1, 2, 3, 4].map(idOf);
    expect(network.sent.map(({ type, to }) => [type, to])).toEqual([
      ["prePrepare", all],
      ["compactPrePrepare", all],
      ["compactPrePrepare", all.filter((id) => id !== idOf(2))],
      ["prePrepare", [idOf(2)]],
    ]);
    expect(sender.recent(BLOCK.hash)).toBe(BLOCK);
  });

  it("is whole for peers without the capability, without transactions, and where it is switched off", () => {
    const { network, sender, has } = begin();
    for (const peer of [1, 2, 3, 4]) has(peer, 0, 10);
    for (const [index, capabilities] of [
      [0, undefined],
      [1, [2, 9]],
    ] as const)
      network.connected[index] = { ...network.connected[index], handshake: { capabilities } } as never;
    sender.broadcast(MESSAGE);
    expect(network.sent.map(({ type, to }) => [type, to])).toEqual([
      ["prePrepare", [idOf(1), idOf(2)]],
      ["compactPrePrepare", [idOf(3), idOf(4)]],
    ]);
    const empty = blockOf([]);
    for (const other of [begin({ isCompact: false }), begin({ block: empty })]) {
      other.has(1, 0, 10);
      other.sender.broadcast(other.sender === undefined ? MESSAGE : proposalOf(empty));
      expect(other.network.sent.map(({ type, to }) => [type, to.length])).toEqual([["prePrepare", 4]]);
    }
  });
});
