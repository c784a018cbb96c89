// What a node says about itself, signed by its node key: who it is, on which chain, where it can be dialled, and which seat
// it holds. Small enough to be passed on by anybody.
import { sha256 } from "@festina/crypto";
import {
  asciiToBytes,
  concatBytes,
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
import { type NodeId, toNodeId } from "../nodeId.ts";
import { NODE_ROLES, type NodeRole } from "../wire/handshake.ts";
import { formatIp, isMappedIp, parseIp } from "./ipAddress.ts";

/** A literal IP address and a port: where a node listens. */
export interface RecordAddress {
  readonly host: string;
  readonly port: number;
}

/** A voting key, and its signature over the node id (kind `session`). */
export interface SeatProof {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

export interface NodeRecordContent {
  readonly genesisHash: Hash32;
  /** Of two records of a node the one with the higher number counts: Unix milliseconds, usually. */
  readonly sequence: number;
  readonly role: NodeRole;
  /** None for a node that cannot be dialled. The first is the one that is used. */
  readonly addresses: readonly RecordAddress[];
  readonly seat: SeatProof | null;
}

export interface NodeRecord extends NodeRecordContent {
  readonly nodeId: NodeId;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  /** As it travels. */
  readonly encoded: Uint8Array;
}

/** The node key, as records need it. */
export interface RecordKeys {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

export type RecordFailure = "DECODE_INVALID" | "RECORD_VERSION_UNKNOWN";

const VERSION = 1;
export const RECORD_BYTES_MAX = 768;
export const RECORD_ADDRESSES_MAX = 4;
/** Keys and signatures of every suite are shorter. */
const SEAT_BYTES_MAX = 160;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
const DOMAIN = asciiToBytes("festina node record");
/** What precedes an Ed25519 key in its SPKI form (RFC 8410), whose hash is the node id. */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

const nodeIdOf = (publicKey: Uint8Array): NodeId => toNodeId(sha256(concatBytes(SPKI_PREFIX, publicKey)));

function addressItem({ host, port }: RecordAddress) {
  const bytes = parseIp(host);
  if (bytes === null) throw new RangeError(`${host} is no literal IP address`);
  return [bytes, rlpInteger(port)];
}

function contentItems(publicKey: Uint8Array, content: NodeRecordContent) {
  const { genesisHash, sequence, role, addresses, seat } = content;
  return [
    rlpInteger(VERSION),
    publicKey,
    hexToBytes(genesisHash),
    rlpInteger(sequence),
    rlpInteger(NODE_ROLES.indexOf(role)),
    addresses.map(addressItem),
    seat === null ? [] : [seat.publicKey, seat.signature],
  ];
}

const messageOf = (publicKey: Uint8Array, content: NodeRecordContent): Uint8Array =>
  concatBytes(DOMAIN, encodeRlp(contentItems(publicKey, content)));

/** @throws RangeError when an address is not a literal one */
export function signNodeRecord(content: NodeRecordContent, { publicKey, sign }: RecordKeys): NodeRecord {
  const signature = sign(messageOf(publicKey, content));
  const encoded = encodeRlp([...contentItems(publicKey, content), signature]);
  return { ...content, nodeId: nodeIdOf(publicKey), publicKey, signature, encoded };
}

function readAddress(reader: RlpReader): RecordAddress {
  const bytes = reader.bytes("host", { max: 16 });
  reader.expect(bytes.length === 4 || bytes.length === 16, "an address has 4 bytes or 16");
  reader.expect(!isMappedIp(bytes), "an IPv4 address has 4 bytes");
  const port = reader.number("port");
  reader.expect(port > 0 && port <= 65_535, "no such port");
  return { host: formatIp(bytes), port };
}

function readSeat(reader: RlpReader): SeatProof {
  return {
    publicKey: reader.bytes("publicKey", { max: SEAT_BYTES_MAX }),
    signature: reader.bytes("signature", { max: SEAT_BYTES_MAX }),
  };
}

/** Total. Whether the signature holds is another question (`isRecordSigned`), and a dearer one. */
export function decodeNodeRecord(bytes: Uint8Array): Result<NodeRecord, RecordFailure> {
  if (bytes.length > RECORD_BYTES_MAX) return fail("DECODE_INVALID", `nodeRecord: ${bytes.length} bytes`);
  let version = VERSION;
  const record = readRlp(bytes, "nodeRecord", (reader) => {
    version = reader.number("version");
    reader.expect(version === VERSION, "another version");
    const publicKey = reader.bytes("publicKey", { exact: PUBLIC_KEY_BYTES });
    const genesisHash = reader.hash("genesisHash");
    const sequence = reader.number("sequence");
    const role = NODE_ROLES[reader.number("role")];
    if (role === undefined) return reader.refuse("unknown role");
    const addresses = reader.many("addresses", RECORD_ADDRESSES_MAX, (list) => list.list("address", readAddress));
    const [seat = null] = reader.list("seat", (item) => (item.remaining === 0 ? [] : [readSeat(item)]));
    const signature = reader.bytes("signature", { exact: SIGNATURE_BYTES });
    return { publicKey, genesisHash, sequence, role, addresses, seat, signature };
  });
  if (!record.ok) {
    return version > VERSION ? fail("RECORD_VERSION_UNKNOWN", `nodeRecord: version ${version}`) : record;
  }
  return ok({ ...record.value, nodeId: nodeIdOf(record.value.publicKey), encoded: bytes.slice() });
}

export function isRecordSigned(record: NodeRecord, verify: RecordKeys["verify"]): boolean {
  return verify(record.publicKey, messageOf(record.publicKey, record), record.signature);
}
