import {
  asciiToBytes,
  encodeRlp,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  type RlpReader,
  readRlp,
  rlpInteger,
} from "@festina/primitives";

/** The first frame of both sides: whether they belong to the same network, and how far each has come. */
export interface Handshake {
  readonly protocolVersion: number;
  readonly specHash: Hash32;
  readonly genesisHash: Hash32;
  readonly role: NodeRole;
  /** Name and version of the software, printable ASCII. For people only. */
  readonly agent: string;
  /** Newest committed fast block. */
  readonly headNumber: number;
  /** Tip of the selected snail chain. */
  readonly snailNumber: number;
  /** Numbers of what it understands beyond version 1, ascending; absent where there is none. Unknown ones mean nothing. */
  readonly capabilities?: readonly number[];
}

/** What nodes may do without. Numbers are never given to anything else. */
export const CAPABILITY = {
  /** Takes `compactPrePrepare`, and answers `getBlockTransactions`. */
  compactProposals: 1,
} as const;

export const NODE_ROLES = ["observer", "member", "miner"] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

/** Raised when a message changes its meaning or its place on the wire. */
export const PROTOCOL_VERSION = 1;

export const AGENT_CHARACTERS_MAX = 64;
const CAPABILITIES_MAX = 32;

export const HANDSHAKE_MISMATCHES = ["VERSION_MISMATCH", "GENESIS_MISMATCH", "SPEC_MISMATCH"] as const;
export type HandshakeMismatch = (typeof HANDSHAKE_MISMATCHES)[number];

/** @throws RangeError when `agent` is not ASCII */
export function encodeHandshake(handshake: Handshake): Uint8Array {
  return encodeRlp([
    rlpInteger(handshake.protocolVersion),
    hexToBytes(handshake.specHash),
    hexToBytes(handshake.genesisHash),
    rlpInteger(NODE_ROLES.indexOf(handshake.role)),
    asciiToBytes(handshake.agent.slice(0, AGENT_CHARACTERS_MAX)),
    rlpInteger(handshake.headNumber),
    rlpInteger(handshake.snailNumber),
    ...(handshake.capabilities === undefined ? [] : [handshake.capabilities.map(rlpInteger)]),
  ]);
}

export function decodeHandshake(bytes: Uint8Array): Result<Handshake, "DECODE_INVALID"> {
  return readRlp(bytes, "handshake", (reader) => {
    const protocolVersion = reader.number("protocolVersion");
    const specHash = reader.hash("specHash");
    const genesisHash = reader.hash("genesisHash");
    const role = NODE_ROLES[reader.number("role")];
    reader.expect(role !== undefined, "unknown role");
    const agent = reader.bytes("agent", { max: AGENT_CHARACTERS_MAX });
    // It ends up in logs and terminals: control characters could forge lines there.
    reader.expect(
      agent.every((byte) => byte >= 0x20 && byte < 0x7f),
      "agent is not printable ASCII",
    );
    const handshake = {
      protocolVersion,
      specHash,
      genesisHash,
      role: role as NodeRole,
      agent: String.fromCharCode(...agent),
      headNumber: reader.number("headNumber"),
      snailNumber: reader.number("snailNumber"),
    };
    return reader.remaining === 0 ? handshake : { ...handshake, capabilities: readCapabilities(reader) };
  });
}

/** What a mismatch is about: the protocol version in decimals, or a hash. */
export function comparedValue(handshake: Handshake, code: HandshakeMismatch): string {
  if (code === "VERSION_MISMATCH") return String(handshake.protocolVersion);
  return code === "GENESIS_MISMATCH" ? handshake.genesisHash : handshake.specHash;
}

function readCapabilities(reader: RlpReader): readonly number[] {
  const capabilities = reader.many("capabilities", CAPABILITIES_MAX, (list) => list.number("capability"));
  reader.expect(capabilities.length > 0, "capabilities are empty");
  reader.expect(
    capabilities.every((capability, at) => capability > (capabilities[at - 1] ?? 0)),
    "capabilities are not ascending",
  );
  return capabilities;
}

/** Whether the two may talk. The answer is the same on both sides. */
export function verifyHandshake(own: Handshake, theirs: Handshake): Result<void, HandshakeMismatch> {
  if (own.protocolVersion !== theirs.protocolVersion) {
    return fail("VERSION_MISMATCH", `protocol ${theirs.protocolVersion}, ours ${own.protocolVersion}`);
  }
  if (own.genesisHash !== theirs.genesisHash) return fail("GENESIS_MISMATCH", `genesis ${theirs.genesisHash}`);
  if (own.specHash !== theirs.specHash) return fail("SPEC_MISMATCH", `chain specification ${theirs.specHash}`);
  return ok(undefined);
}
