// Nodes that the operator named as a way in. Few and chosen: never forgotten, and dialled only by who has hardly a link.
import { computeBackoffMs } from "../dial/backoff.ts";
import type { NodeId, PeerAddress } from "../nodeId.ts";
import type { DiscoveryLimits } from "./discoveryLimits.ts";

interface Bootnode {
  readonly address: PeerAddress;
  failures: number;
  dialAtMs: number;
}

export class Bootnodes {
  readonly #limits: DiscoveryLimits;
  readonly #nodes: ReadonlyMap<NodeId, Bootnode>;

  constructor(addresses: readonly PeerAddress[], limits: DiscoveryLimits) {
    this.#limits = limits;
    this.#nodes = new Map(addresses.map((address) => [address.nodeId, { address, failures: 0, dialAtMs: 0 }]));
  }

  due(nowMs: number): readonly PeerAddress[] {
    return [...this.#nodes.values()].filter(({ dialAtMs }) => nowMs >= dialAtMs).map(({ address }) => address);
  }

  succeeded(nodeId: NodeId): void {
    const bootnode = this.#nodes.get(nodeId);
    if (bootnode !== undefined) bootnode.failures = 0;
  }

  failed(nodeId: NodeId, nowMs: number, random: number): void {
    const bootnode = this.#nodes.get(nodeId);
    if (bootnode === undefined) return;
    const { retryMsMin, askMsMax } = this.#limits;
    bootnode.dialAtMs = nowMs + computeBackoffMs(bootnode.failures, retryMsMin, askMsMax, random);
    bootnode.failures += 1;
  }
}
