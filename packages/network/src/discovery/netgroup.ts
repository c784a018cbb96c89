// Which addresses count as one party, and who may speak of which: an attacker has many addresses, but few networks.
import { formatIp, parseIp } from "./ipAddress.ts";

/** From nearest to farthest. `unusable`: nobody can be dialled there. */
export type AddressScope = "loopback" | "private" | "public" | "unusable";

const RANK: Readonly<Record<AddressScope, number>> = { loopback: 0, private: 1, public: 2, unusable: -1 };

function scopeOfFour([a = 0, b = 0]: Uint8Array): AddressScope {
  if (a === 127) return "loopback";
  if (a === 0 || a >= 224) return "unusable";
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128);
  return isPrivate ? "private" : "public";
}

function scopeOfSix(bytes: Uint8Array): AddressScope {
  const [a = 0, b = 0] = bytes;
  if (bytes.subarray(0, 15).every((byte) => byte === 0)) return bytes[15] === 1 ? "loopback" : "unusable";
  if (a === 0xff) return "unusable";
  return (a & 0xfe) === 0xfc || (a === 0xfe && (b & 0xc0) === 0x80) ? "private" : "public";
}

/** @param bytes four or sixteen */
export function scopeOfIp(bytes: Uint8Array): AddressScope {
  return bytes.length === 4 ? scopeOfFour(bytes) : scopeOfSix(bytes);
}

/** What is no literal address counts as far away. */
export function scopeOfHost(host: string): AddressScope {
  const bytes = parseIp(host);
  return bytes === null ? "public" : scopeOfIp(bytes);
}

/**
 * Whether a peer at `from` may name this address, and be told it: never one that is nearer than the peer itself. A stranger
 * could otherwise have us knock at the doors of our own machine or house.
 */
export function maySpeakOf(from: AddressScope, address: AddressScope): boolean {
  return RANK[address] >= RANK[from] && address !== "unusable";
}

/** How many ports of this machine count as one party. */
const LOOPBACK_PORTS = 64;

/**
 * Addresses of one party: /16 of IPv4, /32 of IPv6. This machine is a party per 64 ports, so that a whole network runs on it.
 * Without `port` it is one, whatever the port a caller comes from.
 */
export function netgroupOf(host: string, port?: number): string {
  const bytes = parseIp(host);
  if (bytes === null) return "name";
  if (scopeOfIp(bytes) === "loopback")
    return port === undefined ? "loopback" : `loopback:${Math.floor(port / LOOPBACK_PORTS)}`;
  return bytes.length === 4 ? `${bytes[0]}.${bytes[1]}` : formatIp(bytes).split(":").slice(0, 2).join(":");
}

/** Limits per party do not bind on this machine: whoever sends from it is inside already. */
export function isLoopback(host: string): boolean {
  return scopeOfHost(host) === "loopback";
}

/** Whether two texts name one address. */
export function isSameHost(a: string, b: string): boolean {
  const [left, right] = [parseIp(a), parseIp(b)];
  return left === null || right === null ? a === b : formatIp(left) === formatIp(right);
}
