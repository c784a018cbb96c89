import type { NodeId } from "@festina/network";
import type { Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { HeldByPeers } from "../../../src/sync/compact/heldByPeers.ts";

const peer = (index: number): NodeId => `0x${index.toString(16).padStart(64, "0")}` as NodeId;
const hash = (index: number): Hash32 => `0x${index.toString(16).padStart(64, "f")}` as Hash32;

describe("who has what", () => {
  it("is what was said of each, until the peer is gone", () => {
    const told = fc.record({ peer: fc.nat(12), hash: fc.nat(20), isGone: fc.nat(19).map((n) => n === 0) });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 200 }), (events) => {
        const held = new HeldByPeers();
        const model = new Map<number, Set<number>>();
        for (const event of events) {
          if (event.isGone) {
            held.onGone(peer(event.peer));
            model.delete(event.peer);
            continue;
          }
          held.add(peer(event.peer), hash(event.hash));
          model.set(event.peer, (model.get(event.peer) ?? new Set()).add(event.hash));
        }
        const wrong: string[] = [];
        for (let who = 0; who <= 12; who++)
          for (let what = 0; what <= 20; what++)
            if (held.has(peer(who), hash(what)) !== (model.get(who)?.has(what) ?? false)) wrong.push(`${who} ${what}`);
        expect(wrong).toEqual([]);
      }),
    );
  });

  it("is bounded: the oldest is forgotten, and of too many peers nothing is known", () => {
    const held = new HeldByPeers();
    for (let index = 0; index < 9_000; index++) held.add(peer(1), hash(index));
    expect(held.size).toBe(8_192);
    expect([held.has(peer(1), hash(0)), held.has(peer(1), hash(8_999))]).toEqual([false, true]);
    for (let index = 0; index < 300; index++) held.add(peer(index), hash(8_999));
    expect([held.has(peer(100), hash(8_999)), held.has(peer(200), hash(8_999))]).toEqual([true, false]);
    held.onGone(peer(100));
    held.add(peer(200), hash(8_999));
    expect([held.has(peer(100), hash(8_999)), held.has(peer(200), hash(8_999))]).toEqual([false, true]);
    // What took the place of something else begins with nobody.
    held.add(peer(2), hash(10_000));
    expect(held.has(peer(1), hash(10_000))).toBe(false);
  });
});
