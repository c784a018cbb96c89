/**
 * Every message of the protocol: its number on the wire, its class (which lane it is sent in and which allowance it is
 * received under), its place in a conversation, and the most bytes its payload may have. Payloads are opaque here.
 */
export const MESSAGE_CLASSES = ["consensus", "control", "blocks", "fruits", "transactions"] as const;
export type MessageClass = (typeof MESSAGE_CLASSES)[number];

interface MessageSpec {
  readonly number: number;
  readonly class: MessageClass;
  /** `session`: the network's own. `push`: no answer. `request` and `reply` carry a request id. */
  readonly kind: "session" | "push" | "request" | "reply";
  readonly payloadBytesMax: number;
  /** Of a request: what answers it. */
  readonly reply?: string;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Room for a hash list of one announcement or request: 2,048 hashes and their list. */
const HASHES_BYTES_MAX = 72 * KIBIBYTE;

export const MESSAGES = {
  handshake: { number: 0x01, class: "control", kind: "session", payloadBytesMax: KIBIBYTE },
  ping: { number: 0x02, class: "control", kind: "session", payloadBytesMax: 8 },
  pong: { number: 0x03, class: "control", kind: "session", payloadBytesMax: 8 },
  /** Answers a request that gets no other answer. */
  refused: { number: 0x04, class: "control", kind: "reply", payloadBytesMax: 1 },
  /** Heads of both chains, now and then. */
  status: { number: 0x05, class: "control", kind: "push", payloadBytesMax: KIBIBYTE },

  /** Which validator's node this is, with proof. */
  member: { number: 0x06, class: "control", kind: "push", payloadBytesMax: KIBIBYTE },

  prePrepare: { number: 0x10, class: "consensus", kind: "push", payloadBytesMax: 8 * MEBIBYTE },
  vote: { number: 0x11, class: "consensus", kind: "push", payloadBytesMax: KIBIBYTE },
  /** The largest suite concatenates 65 bytes for each of 1,024 members. */
  certificate: { number: 0x12, class: "consensus", kind: "push", payloadBytesMax: 96 * KIBIBYTE },
  /** Two conflicting certificates at most. */
  evidence: { number: 0x13, class: "consensus", kind: "push", payloadBytesMax: 256 * KIBIBYTE },
  getCertificate: {
    number: 0x14,
    class: "consensus",
    kind: "request",
    payloadBytesMax: 64,
    reply: "requestedCertificate",
  },
  requestedCertificate: { number: 0x15, class: "consensus", kind: "reply", payloadBytesMax: 96 * KIBIBYTE },
  /** A proposed block that is not committed yet: a vote waits for it, hence its class. */
  getBlockByHash: { number: 0x16, class: "consensus", kind: "request", payloadBytesMax: 64, reply: "requestedBlock" },
  requestedBlock: { number: 0x17, class: "consensus", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },
  /** As `prePrepare`, with hashes of transactions; to peers with the capability. */
  compactPrePrepare: { number: 0x18, class: "consensus", kind: "push", payloadBytesMax: 8 * MEBIBYTE },
  /** Places in a proposed block: 20,000 of them. */
  getBlockTransactions: {
    number: 0x19,
    class: "consensus",
    kind: "request",
    payloadBytesMax: 64 * KIBIBYTE,
    reply: "blockTransactions",
  },
  blockTransactions: { number: 0x1a, class: "consensus", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },

  getFastBlocks: { number: 0x20, class: "blocks", kind: "request", payloadBytesMax: 64, reply: "fastBlocks" },
  fastBlocks: { number: 0x21, class: "blocks", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },
  newSnailBlock: { number: 0x22, class: "blocks", kind: "push", payloadBytesMax: 4 * MEBIBYTE },
  getSnailHeaders: { number: 0x23, class: "blocks", kind: "request", payloadBytesMax: 128, reply: "snailHeaders" },
  snailHeaders: { number: 0x24, class: "blocks", kind: "reply", payloadBytesMax: 2 * MEBIBYTE },
  getSnailBlocks: { number: 0x25, class: "blocks", kind: "request", payloadBytesMax: 128, reply: "snailBlocks" },
  snailBlocks: { number: 0x26, class: "blocks", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },

  /** Hashes only. */
  newFruits: { number: 0x30, class: "fruits", kind: "push", payloadBytesMax: HASHES_BYTES_MAX },
  fruits: { number: 0x31, class: "fruits", kind: "push", payloadBytesMax: MEBIBYTE },
  getFruits: {
    number: 0x32,
    class: "fruits",
    kind: "request",
    payloadBytesMax: HASHES_BYTES_MAX,
    reply: "requestedFruits",
  },
  requestedFruits: { number: 0x33, class: "fruits", kind: "reply", payloadBytesMax: MEBIBYTE },

  /** Hashes only. */
  newTransactions: { number: 0x40, class: "transactions", kind: "push", payloadBytesMax: HASHES_BYTES_MAX },
  transactions: { number: 0x41, class: "transactions", kind: "push", payloadBytesMax: 2 * MEBIBYTE },
  getTransactions: {
    number: 0x42,
    class: "transactions",
    kind: "request",
    payloadBytesMax: HASHES_BYTES_MAX,
    reply: "requestedTransactions",
  },
  requestedTransactions: { number: 0x43, class: "transactions", kind: "reply", payloadBytesMax: 2 * MEBIBYTE },

  /** The sender's own, signed. */
  record: { number: 0x50, class: "control", kind: "push", payloadBytesMax: KIBIBYTE },
  getPeers: { number: 0x51, class: "control", kind: "request", payloadBytesMax: 0, reply: "peerRecords" },
  /** Room for 32 records and their list. */
  peerRecords: { number: 0x52, class: "control", kind: "reply", payloadBytesMax: 32 * KIBIBYTE },
  /** One hash: of a block that others were sent whole. */
  newSnailHash: { number: 0x53, class: "blocks", kind: "push", payloadBytesMax: 64 },

  /** State and history for a node that begins: accounts, storages and codes under their hashes, blocks without execution. */
  getAccounts: { number: 0x60, class: "blocks", kind: "request", payloadBytesMax: 128, reply: "accounts" },
  accounts: { number: 0x61, class: "blocks", kind: "reply", payloadBytesMax: 2 * MEBIBYTE },
  getSlots: { number: 0x62, class: "blocks", kind: "request", payloadBytesMax: 8 * KIBIBYTE, reply: "slots" },
  slots: { number: 0x63, class: "blocks", kind: "reply", payloadBytesMax: 4 * MEBIBYTE },
  getCodes: { number: 0x64, class: "blocks", kind: "request", payloadBytesMax: 4 * KIBIBYTE, reply: "codes" },
  codes: { number: 0x65, class: "blocks", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },
  getFastOutlines: { number: 0x66, class: "blocks", kind: "request", payloadBytesMax: 64, reply: "fastOutlines" },
  fastOutlines: { number: 0x67, class: "blocks", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },
  getFinishedBlocks: { number: 0x68, class: "blocks", kind: "request", payloadBytesMax: 64, reply: "finishedBlocks" },
  finishedBlocks: { number: 0x69, class: "blocks", kind: "reply", payloadBytesMax: 8 * MEBIBYTE },
} as const satisfies Record<string, MessageSpec>;

export type MessageType = keyof typeof MESSAGES;

type OfKind<Kind extends MessageSpec["kind"]> = {
  [Type in MessageType]: (typeof MESSAGES)[Type]["kind"] extends Kind ? Type : never;
}[MessageType];

export type PushType = OfKind<"push">;
export type RequestType = OfKind<"request">;
export type ReplyType = OfKind<"reply">;

const BY_NUMBER = new Map(
  Object.entries(MESSAGES).map(([type, spec]): [number, MessageType] => [spec.number, type as MessageType]),
);

export function messageTypeOfNumber(number: number): MessageType | undefined {
  return BY_NUMBER.get(number);
}

/** All of them, for whoever keeps something of each. */
export const MESSAGE_TYPES = Object.keys(MESSAGES) as readonly MessageType[];

function kindOf(type: MessageType): MessageSpec["kind"] {
  return MESSAGES[type].kind;
}

export function isPushType(type: MessageType): type is PushType {
  return kindOf(type) === "push";
}

export function isRequestType(type: MessageType): type is RequestType {
  return kindOf(type) === "request";
}

/** Requests and replies carry an id. */
export function carriesRequestId(type: MessageType): boolean {
  return kindOf(type) === "request" || kindOf(type) === "reply";
}
