import type { NetworkLogEvent } from "@festina/network";
import type { Log } from "../log.ts";

/** What the network tells becomes lines of the node's log: what an operator should act on is a warning, the rest is for debugging. */
export function networkLog(log: Log): (event: NetworkLogEvent) => void {
  return (event) => {
    if (event.kind === "bookDiscarded") log.warn("addressBookDiscarded", { code: event.code });
    else if (event.kind === "stranger") {
      const { nodeId, host, direction, isConfigured, code, theirs, ours, agent } = event.stranger;
      log.warn("peerOfOtherNetwork", { peer: nodeId, host, direction, isConfigured, code, theirs, ours, agent });
    } else log.debug(`network.${event.kind}`, { facts: JSON.stringify(event) });
  };
}
