import { toHash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { NewNodes } from "../src/trie/newNodes.ts";

const hashOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

describe("NewNodes", () => {
  it("finds a node by its hash, also one that came after somebody had looked", () => {
    const nodes = new NewNodes();
    nodes.add(hashOf(1), Uint8Array.of(1));
    expect([nodes.get(toHash32(hashOf(1))), nodes.get(toHash32(hashOf(2)))]).toEqual([Uint8Array.of(1), undefined]);
    nodes.add(hashOf(2), Uint8Array.of(2));
    expect([nodes.get(toHash32(hashOf(2))), nodes.size]).toEqual([Uint8Array.of(2), 2]);
    expect([...nodes].map(([hash, [byte]]) => [hash[0], byte])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});
