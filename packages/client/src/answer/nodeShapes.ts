// What a node tells of itself, of its peers, and of blocks beyond what Ethereum has words for. Amounts in wei.
import { evidence, member } from "./committeeShapes.ts";
import {
  address,
  anything,
  bytes,
  flag,
  hash,
  integer,
  list,
  mapOf,
  nullable,
  object,
  optional,
  quantity,
  real,
  text,
  type ValueOf,
  words,
} from "./shape.ts";
import { certificate, payment } from "./snailShapes.ts";

const role = words("member", "observer", "miner");
const mismatch = {
  code: words("VERSION_MISMATCH", "GENESIS_MISMATCH", "SPEC_MISMATCH"),
  theirs: nullable(text),
  ours: text,
} as const;
const ahead = nullable(object({ nodeId: bytes, number: integer, by: integer }));
const sync = object({
  stage: words("headers", "blocks", "state", "tables", "replay"),
  done: integer,
  /** From 0 to 1; `null` while it is not known. */
  share: nullable(real),
  perSecond: real,
  secondsLeft: nullable(real),
  highestNumber: integer,
});

const sent = object({
  hash,
  from: address,
  nonce: integer,
  waitingMs: real,
  sentAgain: integer,
  /** Why it was not sent when it was due last. */
  problem: nullable(text),
  isGivenUp: flag,
});

export const nodeStatus = object({
  role,
  nodeId: bytes,
  headNumber: integer,
  headHash: hash,
  epoch: integer,
  view: integer,
  committee: list(object({ address, seats: integer })),
  quorumSeats: integer,
  /** Members of which no vote has come lately; `silentMs` is `null` when none has come at all. */
  missing: list(object({ address, seats: integer, silentMs: nullable(real) })),
  snailNumber: integer,
  snailHash: hash,
  anchoredNumber: integer,
  peers: integer,
  otherNetworks: list(object({ ...mismatch, peers: integer, message: text })),
  /** The peer that says it is furthest on each chain. */
  ahead: object({ fast: ahead, snail: ahead }),
  pooledTransactions: integer,
  pooledFruits: integer,
  hashRatePerSecond: real,
  recovery: nullable(text),
  /** One sentence: what goes on, or why nothing does. */
  doing: text,
  /** While something is being caught up with. */
  sync: optional(sync),
  /** The lowest block that is there with its transactions, while older ones are being fetched. */
  heldFrom: optional(integer),
  /** The lowest block whose state is there, where old ones were left behind. */
  statesFrom: optional(integer),
  /** Of a light node: what was sent through it and is in no block yet. */
  sent: optional(list(sent)),
});
export type NodeStatus = ValueOf<typeof nodeStatus>;

export const engineReport = object({
  name: text,
  compiler: nullable(
    object({
      compiled: integer,
      refused: mapOf(integer),
      evicted: integer,
      waiting: integer,
      compileMs: real,
      liveModules: integer,
      liveBytes: integer,
      gasInterpreted: real,
      gasCompiled: real,
    }),
  ),
});
export type EngineReport = ValueOf<typeof engineReport>;

export const invitation = object({ specHash: hash, chainSpec: mapOf(anything), peers: list(text) });
/** What another node needs to join. */
export type Invitation = ValueOf<typeof invitation>;

export const peerReport = object({
  nodeId: bytes,
  addresses: list(text),
  inbound: integer,
  outbound: integer,
  book: nullable(object({ heardOf: integer, reached: integer, members: integer })),
  peers: list(
    object({
      nodeId: bytes,
      role,
      agent: text,
      direction: words("inbound", "outbound"),
      host: text,
      isConfigured: flag,
      isSeated: flag,
      connectedMs: real,
      roundTripMs: nullable(real),
      framesLost: integer,
      points: real,
    }),
  ),
  /** Turned away lately: they belong to another network, or speak another version. */
  strangers: list(
    object({
      ...mismatch,
      nodeId: bytes,
      host: text,
      direction: words("inbound", "outbound"),
      isConfigured: flag,
      agent: nullable(text),
      agoMs: real,
    }),
  ),
});
export type PeerReport = ValueOf<typeof peerReport>;

export const finality = object({
  block: quantity,
  /** Final by the committee; and buried by the snail chain as well. */
  grade: words("committed", "anchored"),
  /** The block whose certificate makes it final; `null` where that is still to come. */
  certifiedBy: nullable(quantity),
  /** The snail block that names it or a later one, and how deep that lies; `null` before. */
  snailNumber: nullable(quantity),
  snailHash: nullable(hash),
  depth: nullable(quantity),
});
export type Finality = ValueOf<typeof finality>;

export const supply = object({
  block: quantity,
  genesis: quantity,
  rewards: quantity,
  baseFeeBurned: quantity,
  slashBurned: quantity,
  selfDestructBurned: quantity,
  /** genesis + rewards - what was burned. */
  total: quantity,
});
export type Supply = ValueOf<typeof supply>;

export const hybridRequests = object({
  /** The snail block that the pointer has moved to. */
  snailNumber: nullable(quantity),
  certificate: nullable(certificate),
  rewards: list(payment),
  evidence: list(evidence),
  /** To the committee of the next epoch. */
  handover: nullable(object({ epoch: quantity, members: list(member) })),
});
/** What the two chains tell each other beside a block. */
export type HybridRequests = ValueOf<typeof hybridRequests>;
