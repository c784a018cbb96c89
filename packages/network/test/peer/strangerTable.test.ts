import { describe, expect, it } from "@jest/globals";
import type { NodeId } from "../../src/nodeId.ts";
import { StrangerTable } from "../../src/peer/strangerTable.ts";
import { handshakeOf, hashOf } from "../samples.ts";

const own = handshakeOf();
const others = handshakeOf({ genesisHash: hashOf(9) });

function session(index: number) {
  return { nodeId: hashOf(index) as string as NodeId, remoteHost: "192.0.2.1", direction: "inbound" as const };
}

const note = (table: StrangerTable, index: number, nowMs: number, isConfigured = false) =>
  table.note(session(index), "GENESIS_MISMATCH", { own, theirs: others }, isConfigured, nowMs);

describe("strangers", () => {
  it("are told of once for each reason", () => {
    const table = new StrangerTable(0);
    expect(note(table, 1, 0)).toMatchObject({ theirs: others.genesisHash, ours: own.genesisHash, agent: own.agent });
    expect(note(table, 1, 1_000)).toBeNull();
    const version = { own, theirs: handshakeOf({ protocolVersion: 7 }) };
    expect(table.note(session(1), "VERSION_MISMATCH", version, false, 2_000)).toMatchObject({ theirs: "7" });
    expect(table.list(2_000)).toHaveLength(1);
  });

  it("who ended it first are listed without what they are", () => {
    const table = new StrangerTable(0);
    table.note(session(1), "SPEC_MISMATCH", { own, theirs: null }, false, 0);
    expect(table.list(0)).toMatchObject([{ theirs: null, ours: own.specHash, agent: null }]);
  });

  it("without end take bounded room and few words, and push out none that the operator named", () => {
    const table = new StrangerTable(0);
    expect(note(table, 10_000, 0, true)).not.toBeNull();
    let told = 0;
    for (let index = 0; index < 5_000; index++) if (note(table, index, index) !== null) told += 1;
    expect(told).toBe(8);
    expect(table.list(5_000)).toHaveLength(64);
    expect(table.list(5_000).some(({ isConfigured }) => isConfigured)).toBe(true);
    // What one of them used up the operator's own peers need not pay for.
    expect(note(table, 10_001, 5_000, true)).not.toBeNull();
  });

  it("named by the operator are bounded too", () => {
    const table = new StrangerTable(0);
    for (let index = 0; index < 512; index++) note(table, index, index, true);
    expect(table.list(512)).toHaveLength(64);
  });
});
