import { bytesToHex, fail, hexToBytes, isHex, ok, type Result } from "@festina/primitives";
import { type Certificate, decodeCertificate, encodeCertificate } from "@festina/types";

/** A file of final blocks: a line that names the network, then a line per block, all JSON. */
export const HISTORY_FORMAT = "festina-history";
export const HISTORY_VERSION = 1;

export interface HistoryBlock {
  readonly number: number;
  readonly envelope: Uint8Array;
  /** COMMITTED of exactly this block, where the exporting node held it. */
  readonly certificate: Certificate | null;
}

export function formatHistoryHeader(chainSpec: string): string {
  return JSON.stringify({ format: HISTORY_FORMAT, version: HISTORY_VERSION, chainSpec });
}

/** The text of the chain spec inside. */
export function parseHistoryHeader(line: string): Result<string, "HISTORY_INVALID"> {
  try {
    const { format, version, chainSpec } = JSON.parse(line) as Record<string, unknown>;
    if (format !== HISTORY_FORMAT || typeof chainSpec !== "string")
      return fail("HISTORY_INVALID", "not a history file");
    if (version !== HISTORY_VERSION) return fail("HISTORY_INVALID", `history version ${String(version)} is not known`);
    return ok(chainSpec);
  } catch {
    return fail("HISTORY_INVALID", "not a history file");
  }
}

export function formatHistoryBlock({ number, envelope, certificate }: HistoryBlock): string {
  return JSON.stringify({
    number,
    envelope: bytesToHex(envelope),
    certificate: certificate === null ? null : bytesToHex(encodeCertificate(certificate)),
  });
}

export function parseHistoryBlock(line: string): Result<HistoryBlock, "HISTORY_INVALID"> {
  try {
    const { number, envelope, certificate } = JSON.parse(line) as Record<string, unknown>;
    if (!Number.isSafeInteger(number) || !isHex(envelope)) return fail("HISTORY_INVALID", "a block line is damaged");
    const block = { number: number as number, envelope: hexToBytes(envelope) };
    if (certificate === null) return ok({ ...block, certificate: null });
    const decoded = isHex(certificate) ? decodeCertificate(hexToBytes(certificate)) : null;
    if (decoded === null || !decoded.ok)
      return fail("HISTORY_INVALID", `the certificate of block ${String(number)} is damaged`);
    return ok({ ...block, certificate: decoded.value });
  } catch {
    return fail("HISTORY_INVALID", "a block line is damaged");
  }
}
