import type { Client } from "viem";
import { engineReport, hybridRequests, invitation, nodeStatus, peerReport, supply } from "../answer/nodeShapes.ts";
import { nullable } from "../answer/shape.ts";
import { ask, type BlockReference, blockParameter } from "./ask.ts";

/** The node itself, and what a block has beside its transactions. */
export function nodeActions(client: Client) {
  return {
    /** What the node is, knows and does. */
    getNodeStatus: () => ask(client, "festina_status", [], nodeStatus),

    /** Whom the node is connected to. */
    getPeers: () => ask(client, "net_peers", [], peerReport),

    /** What runs contracts, and what its compiler has done. */
    getEngine: () => ask(client, "festina_engine", [], engineReport),

    /** What another node needs to join. */
    getInvitation: () => ask(client, "festina_invitation", [], invitation),

    /** How many coins there are after a block, and why. */
    getSupply: (block: BlockReference = {}) => ask(client, "festina_supply", [blockParameter(block)], nullable(supply)),

    /** What the two chains tell each other beside a block. */
    getHybridRequests: (block: BlockReference = {}) =>
      ask(client, "festina_requests", [blockParameter(block)], nullable(hybridRequests)),
  };
}
