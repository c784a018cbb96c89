// The payload that answers `getPeers`: as whom the answering node sees the asker, and records of others.
import { encodeRlp, newBytes, type Result, readRlp } from "@festina/primitives";
import { formatIp, parseIp } from "./ipAddress.ts";
import { RECORD_BYTES_MAX } from "./nodeRecord.ts";

export interface PeerRecords {
  /** The address that the asker's connection comes from; `null` when it is not known. */
  readonly yourHost: string | null;
  /** Encoded; each is judged by itself, so that one of a newer version spoils nothing. */
  readonly records: readonly Uint8Array[];
}

export const RECORDS_PER_REPLY_MAX = 32;

export function encodePeerRecords({ yourHost, records }: PeerRecords): Uint8Array {
  const host = yourHost === null ? null : parseIp(yourHost);
  return encodeRlp([host ?? newBytes(0), [...records]]);
}

export function decodePeerRecords(bytes: Uint8Array): Result<PeerRecords, "DECODE_INVALID"> {
  return readRlp(bytes, "peerRecords", (reader) => {
    const host = reader.bytes("yourHost", { max: 16 });
    reader.expect(host.length === 0 || host.length === 4 || host.length === 16, "an address has 4 bytes or 16");
    const records = reader.many("records", RECORDS_PER_REPLY_MAX, (list) =>
      list.bytes("record", { max: RECORD_BYTES_MAX }),
    );
    return { yourHost: host.length === 0 ? null : formatIp(host), records };
  });
}
