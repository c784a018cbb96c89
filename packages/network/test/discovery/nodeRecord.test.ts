import { createHash } from "node:crypto";
import { createPrng, encodeRlp } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { decodeNodeRecord, isRecordSigned, RECORD_BYTES_MAX, signNodeRecord } from "../../src/discovery/nodeRecord.ts";
import { decodePeerRecords, encodePeerRecords } from "../../src/discovery/peerRecords.ts";
import { GENESIS, keysOf, recordOf } from "./testRecords.ts";

const keys = keysOf(1);
const full = signNodeRecord(
  {
    genesisHash: GENESIS,
    sequence: 1_760_000_000_000,
    role: "member",
    addresses: [
      { host: "203.0.113.7", port: 30_303 },
      { host: "2001:db8:0:0:0:0:0:1", port: 1 },
    ],
    seat: { publicKey: new Uint8Array(96).fill(1), signature: new Uint8Array(96).fill(2) },
  },
  keys,
);

describe("node records", () => {
  it("come back as they were, under the id of their key, signed", () => {
    const decoded = decodeNodeRecord(full.encoded);
    expect(decoded).toEqual({ ok: true, value: full });
    expect(isRecordSigned(full, keys.verify)).toBe(true);
    expect(full.encoded.length).toBeLessThan(RECORD_BYTES_MAX);
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), keys.publicKey]);
    expect(full.nodeId).toBe(`0x${createHash("sha256").update(spki).digest("hex")}`);
  });

  it("do not hold with a bit changed anywhere", () => {
    for (let bit = 0; bit < full.encoded.length * 8; bit += 5) {
      const changed = full.encoded.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const decoded = decodeNodeRecord(changed);
      if (decoded.ok) expect([bit, isRecordSigned(decoded.value, keys.verify)]).toEqual([bit, false]);
    }
  });

  it("of another version are told from broken ones", () => {
    const later = decodeNodeRecord(encodeRlp([Uint8Array.of(2), full.publicKey]));
    expect(later).toMatchObject({ ok: false, error: { code: "RECORD_VERSION_UNKNOWN" } });
    expect(decodeNodeRecord(new Uint8Array(RECORD_BYTES_MAX + 1))).toMatchObject({ error: { code: "DECODE_INVALID" } });
  });

  it("are refused as a value, whatever the bytes", () => {
    const prng = createPrng(5);
    for (let round = 0; round < 2_000; round++) {
      const bytes = round % 2 === 0 ? prng.bytes(prng.below(900)) : full.encoded.slice();
      if (round % 2 === 1) for (let i = 0; i < 4; i++) bytes[prng.below(bytes.length)] = prng.below(256);
      expect(typeof decodeNodeRecord(bytes).ok).toBe("boolean");
      expect(typeof decodePeerRecords(bytes).ok).toBe("boolean");
    }
  });

  it("refuses wrapped IPv4 addresses, which would be second names", () => {
    const wrapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4);
    const record = encodeRlp([
      Uint8Array.of(1),
      full.publicKey,
      new Uint8Array(32),
      Uint8Array.of(1),
      new Uint8Array(0),
      [[wrapped, Uint8Array.of(9)]],
      [],
      full.signature,
    ]);
    expect(decodeNodeRecord(record)).toMatchObject({ error: { message: expect.stringContaining("4 bytes") } });
  });
});

describe("the answer to getPeers", () => {
  it("comes back as it was", () => {
    const answer = { yourHost: "198.51.100.4", records: [full.encoded, recordOf(2).encoded] };
    expect(decodePeerRecords(encodePeerRecords(answer))).toEqual({ ok: true, value: answer });
    expect(decodePeerRecords(encodePeerRecords({ yourHost: "memory", records: [] }))).toEqual({
      ok: true,
      value: { yourHost: null, records: [] },
    });
  });
});
