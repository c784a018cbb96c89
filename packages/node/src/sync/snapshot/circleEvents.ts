import type { NetworkEvents } from "@festina/network";
import type { Log } from "../../log.ts";
import { decodeStatus } from "../payloads.ts";
import type { PeerHeads } from "../peerHeads.ts";
import type { PeerCircle } from "./peerCircle.ts";

/** What a node that only asks hears of its peers: who is there, and how far they say they are. */
export function circleEvents(log: Log, circle: PeerCircle, heads: PeerHeads): NetworkEvents {
  return {
    peerUp: (peer) => {
      const { nodeId, handshake } = peer;
      log.info("peerUp", { nodeId, role: handshake.role });
      heads.onHeads(nodeId, { fastNumber: handshake.headNumber, snailNumber: handshake.snailNumber });
      circle.onUp(peer);
    },
    peerDown: (nodeId, reason) => {
      log.info("peerDown", { nodeId, code: reason.code });
      heads.onGone(nodeId);
      circle.onDown(nodeId);
    },
    message: (peer, type, payload) => {
      const status = type === "status" ? decodeStatus(payload) : null;
      if (status?.ok !== true) return;
      heads.onHeads(peer, status.value);
      circle.onHead(peer, status.value.fastNumber);
    },
  };
}
