// Every figure of a node that Prometheus may ask for. Dashboards and alarms name them, so a name is never changed.
import type { NodeStatus } from "@festina/rpc";

/** What gauges are read from, at the moment of a question. */
export interface MetricSource {
  readonly status: NodeStatus;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** Of the newest final block, Unix milliseconds. */
  readonly headTimeMs: number;
  /** The node's own validator, where it has one. */
  readonly ownAddress: string | null;
}

interface GaugeRow {
  readonly help: string;
  readonly read: (source: MetricSource) => number;
}

const seatsOf = (members: readonly { readonly seats: number }[]): number =>
  members.reduce((sum, { seats }) => sum + seats, 0);

export const GAUGES: Readonly<Record<string, GaugeRow>> = {
  festina_fast_height: { help: "Height of the newest final block.", read: ({ status }) => status.headNumber },
  festina_fast_age_seconds: {
    help: "Age of the newest final block.",
    read: ({ nowMs, headTimeMs }) => Math.max(0, nowMs - headTimeMs) / 1_000,
  },
  festina_epoch: { help: "Epoch of the sitting committee.", read: ({ status }) => status.epoch },
  festina_view: { help: "View of consensus within the epoch.", read: ({ status }) => status.view },
  festina_committee_members: { help: "Members of the committee.", read: ({ status }) => status.committee.length },
  festina_committee_seats: { help: "Seats of the committee.", read: ({ status }) => seatsOf(status.committee) },
  festina_quorum_seats: { help: "Seats that make a block final.", read: ({ status }) => status.quorumSeats },
  festina_missing_seats: {
    help: "Seats of members from which no vote has come lately.",
    read: ({ status }) => seatsOf(status.missing),
  },
  festina_own_seats: {
    help: "Seats that this node's validator holds.",
    read: ({ status, ownAddress }) => status.committee.find(({ address }) => address === ownAddress)?.seats ?? 0,
  },
  festina_snail_height: { help: "Height of the snail chain.", read: ({ status }) => status.snailNumber },
  festina_anchored_height: {
    help: "Fast block that the newest snail block anchors.",
    read: ({ status }) => status.anchoredNumber,
  },
  festina_anchor_lag_blocks: {
    help: "Final blocks that no snail block anchors yet.",
    read: ({ status }) => Math.max(0, status.headNumber - status.anchoredNumber),
  },
  festina_peers: { help: "Connected peers.", read: ({ status }) => status.peers },
  festina_pool_transactions: { help: "Transactions that wait.", read: ({ status }) => status.pooledTransactions },
  festina_pool_fruits: { help: "Fruits that wait for a block.", read: ({ status }) => status.pooledFruits },
  festina_hash_rate: {
    help: "Hashes per second of the node's own miner.",
    read: ({ status }) => status.hashRatePerSecond,
  },
};

export const COUNTERS = {
  festina_blocks_total: "Blocks that became final since the start.",
  festina_transactions_total: "Transactions in them.",
  festina_gas_total: "Gas that they used.",
  festina_events_total: "Lines of the log, by event and level.",
} as const;

/** By message, in frames of the protocol; read from the network at the moment of a question. */
export const TRAFFIC = {
  festina_sent_frames_total: { help: "Messages sent to peers, by kind.", figure: "sentFrames" },
  festina_sent_bytes_total: { help: "Bytes of them.", figure: "sentBytes" },
  festina_received_frames_total: { help: "Messages that came from peers, by kind.", figure: "receivedFrames" },
  festina_received_bytes_total: { help: "Bytes of them.", figure: "receivedBytes" },
} as const;

/** By what: see `heldCounts`. */
export const HELD = {
  name: "festina_held",
  help: "Things kept in memory that others can make the node keep, by kind.",
};
