import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { DEFAULT_DISCOVERY_LIMITS, type DiscoveryLimits } from "../../src/discovery/discoveryLimits.ts";
import { type NodeRecord, type RecordKeys, signNodeRecord } from "../../src/discovery/nodeRecord.ts";
import type { SeatPort } from "../../src/discovery/seatedNodes.ts";
import type { NodeRole } from "../../src/wire/handshake.ts";
import { hashOf } from "../samples.ts";

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
export const GENESIS = hashOf(2);

function privateKeyOf(seed: number): KeyObject {
  const secret = Buffer.alloc(32);
  secret.writeUInt32BE(seed);
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: "der", type: "pkcs8" });
}

/** Ed25519 keys by number. */
export function keysOf(seed: number): RecordKeys {
  const privateKey = privateKeyOf(seed);
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return {
    publicKey: Uint8Array.from(spki.subarray(SPKI_PREFIX.length)),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
    verify: (publicKey, message, signature) => {
      const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
      return verify(null, message, key, signature);
    },
  };
}

export function recordOf(
  seed: number,
  changes: {
    readonly host?: string;
    readonly port?: number;
    readonly sequence?: number;
    readonly role?: NodeRole;
    readonly seat?: NodeRecord["seat"];
  } = {},
  keys = keysOf(seed),
): NodeRecord {
  const {
    host = `5.${seed >> 8}.${seed & 0xff}.1`,
    port = 30_000,
    sequence = 1,
    role = "observer",
    seat = null,
  } = changes;
  return signNodeRecord({ genesisHash: GENESIS, sequence, role, addresses: [{ host, port }], seat }, keys);
}

/** Thousands of records that nobody verifies: the signatures are nonsense. */
export function fakeRecord(seed: number, host: string, port = 30_000): NodeRecord {
  const publicKey = new Uint8Array(32).fill(7);
  new DataView(publicKey.buffer).setUint32(0, seed);
  return recordOf(seed, { host, port }, { publicKey, sign: () => new Uint8Array(64), verify: () => true });
}

/** A committee whose members are the given voting keys; a seat's signature is true when it equals its key. */
export function seatsOf(state: { epoch: number; keys: readonly number[]; own: number | null }): SeatPort {
  return {
    epoch: () => state.epoch,
    verify: (_nodeId, { publicKey, signature }) => {
      if (!state.keys.includes(publicKey[0] ?? -1)) return "notSeated";
      return publicKey[0] === signature[0] ? "seated" : "forged";
    },
    ownKey: () => (state.own === null ? null : (`0x0${state.own}` as const)),
  };
}

export const NO_SEATS = seatsOf({ epoch: 0, keys: [], own: null });

export const limitsOf = (changes: Partial<DiscoveryLimits> = {}): DiscoveryLimits => ({
  ...DEFAULT_DISCOVERY_LIMITS,
  ...changes,
});
