import { parseIp, type RecordAddress } from "@festina/network";

/** `host:port` with a literal address; IPv6 in brackets. `null` for anything else. */
export function parseAnnounced(text: string): RecordAddress | null {
  const groups = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const host = groups?.["six"] ?? groups?.["four"] ?? "";
  const port = Number(groups?.["port"]);
  return parseIp(host) === null || !(port >= 1 && port <= 65_535) ? null : { host, port };
}
