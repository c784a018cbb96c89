import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatPeerAddress, parseNodeId, parsePeerAddress } from "../src/nodeId.ts";
import { nodeIdOf } from "./samples.ts";

const id = nodeIdOf(0xab);

describe("parsePeerAddress", () => {
  it("reads names, IPv4 and bracketed IPv6, and writes them back", () => {
    for (const host of ["127.0.0.1", "node.example", "::1"]) {
      const text = formatPeerAddress({ nodeId: id, host, port: 30_303 });
      expect(parsePeerAddress(text)).toEqual({ ok: true, value: { nodeId: id, host, port: 30_303 } });
    }
    expect(formatPeerAddress({ nodeId: id, host: "::1", port: 1 })).toBe(`${id}@[::1]:1`);
  });

  it("lower-cases the node id", () => {
    expect(parsePeerAddress(`0x${"AB".repeat(32)}@h:1`)).toMatchObject({ ok: true, value: { nodeId: id } });
  });

  it.each([
    "",
    `${id}`,
    `${id}@`,
    `${id}@host`,
    `${id}@host:0`,
    `${id}@host:65536`,
    `${id}@host:-1`,
    `${id}@::1:30303`,
    `${id}@ho st:1`,
    `${id}@host:1/path`,
    `${id}@a@b:1`,
    `${id.slice(0, -2)}@host:1`,
    `${id}@${"h".repeat(254)}:1`,
    "x".repeat(10_000),
  ])("refuses %j", (text) => {
    expect(parsePeerAddress(text)).toMatchObject({ ok: false, error: { code: "PEER_ADDRESS_INVALID" } });
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parsePeerAddress(text).ok === "boolean"));
  });
});

describe("parseNodeId", () => {
  it("takes 32 bytes of hex and nothing else", () => {
    expect(parseNodeId(id)).toEqual({ ok: true, value: id });
    expect(parseNodeId("0x00")).toMatchObject({ ok: false, error: { code: "NODE_ID_INVALID" } });
    expect(parseNodeId(7)).toMatchObject({ ok: false });
  });
});
