import { type Brand, fail, type Hex, ok, parseHash32, type Result, toHash32 } from "@festina/primitives";

/** SHA-256 of a node's public key (SPKI, DER) as hex: who a peer is, whatever its address. */
export type NodeId = Brand<Hex, "NodeId">;

/** Where to dial and whom to expect there: `node-id@host:port`, IPv6 hosts in brackets. */
export interface PeerAddress {
  readonly nodeId: NodeId;
  readonly host: string;
  readonly port: number;
}

const HOST_CHARACTERS_MAX = 253;
const ADDRESS_TEXT =
  /^(?<id>0x[0-9a-fA-F]{64})@(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<host>[^[\]:@/\s]+)):(?<port>[0-9]{1,5})$/;

/** From bytes that are known to be 32. @throws RangeError otherwise */
export function toNodeId(digest: Uint8Array): NodeId {
  return toHash32(digest) as Hex as NodeId;
}

/** From text of a user or peer. */
export function parseNodeId(text: unknown): Result<NodeId, "NODE_ID_INVALID"> {
  const hash = parseHash32(text);
  return hash.ok ? ok(hash.value as Hex as NodeId) : fail("NODE_ID_INVALID", "expected 0x and 64 hex digits");
}

/** From text of a user. */
export function parsePeerAddress(text: string): Result<PeerAddress, "PEER_ADDRESS_INVALID"> {
  const groups = text.length <= 512 ? ADDRESS_TEXT.exec(text)?.groups : undefined;
  const nodeId = parseNodeId(groups?.["id"]);
  const host = groups?.["six"] ?? groups?.["host"];
  const port = Number(groups?.["port"]);
  if (!nodeId.ok || host === undefined || host.length > HOST_CHARACTERS_MAX || port < 1 || port > 65_535) {
    return fail("PEER_ADDRESS_INVALID", "expected node-id@host:port");
  }
  return ok({ nodeId: nodeId.value, host, port });
}

export function formatPeerAddress(address: PeerAddress): string {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.nodeId}@${host}:${address.port}`;
}
