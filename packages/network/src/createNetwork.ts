import { checkNetworkLimits, DEFAULT_NETWORK_LIMITS } from "./limits.ts";
import type { Network, NetworkOptions } from "./network.ts";
import { PeerManager } from "./peerManager.ts";

/** Nothing is opened before `start`. @throws InvariantError when the limits contradict each other */
export function createNetwork(options: NetworkOptions): Network {
  const limits = { ...DEFAULT_NETWORK_LIMITS, ...options.limits };
  checkNetworkLimits(limits);
  return new PeerManager(options, limits);
}
