// Whom the fake node is connected to.
import type { PeerReport } from "../src/index.ts";

const NODE_ID = `0x${"0d".repeat(32)}` as const;
const PEER_ID = `0x${"0e".repeat(32)}` as const;

export const PEERS: PeerReport = {
  nodeId: NODE_ID,
  addresses: [`${NODE_ID}@192.0.2.1:30000`],
  inbound: 1,
  outbound: 0,
  book: { heardOf: 7, reached: 3, members: 2 },
  peers: [
    {
      ...{ nodeId: PEER_ID, role: "miner", agent: "festina/0.1.0", direction: "inbound", host: "192.0.2.5" },
      ...{ isConfigured: false, isSeated: true, connectedMs: 5_000, roundTripMs: 1.25, framesLost: 0, points: 0 },
    },
  ],
  strangers: [
    {
      ...{ nodeId: `0x${"0f".repeat(32)}`, host: "192.0.2.6", direction: "outbound", isConfigured: true, agoMs: 400 },
      ...{
        code: "GENESIS_MISMATCH",
        theirs: `0x${"01".repeat(32)}`,
        ours: `0x${"02".repeat(32)}`,
        agent: "festina/0.1.0",
      },
    },
  ],
};
