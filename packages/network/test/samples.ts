import type { Hash32 } from "@festina/primitives";
import { type NodeId, toNodeId } from "../src/nodeId.ts";
import type { Handshake } from "../src/wire/handshake.ts";
import { PROTOCOL_VERSION } from "../src/wire/handshake.ts";

/** Ids order like their numbers. */
export function nodeIdOf(number: number): NodeId {
  return toNodeId(new Uint8Array(32).fill(number));
}

export function hashOf(number: number): Hash32 {
  return `0x${number.toString(16).padStart(64, "0")}` as Hash32;
}

export function handshakeOf(changes: Partial<Handshake> = {}): Handshake {
  return {
    protocolVersion: PROTOCOL_VERSION,
    specHash: hashOf(1),
    genesisHash: hashOf(2),
    role: "member",
    agent: "festina/test",
    headNumber: 7,
    snailNumber: 3,
    ...changes,
  };
}
