// A fast block without its transactions: what the hybrid consensus needs of it, bound to the header by the requests' hash.
import { assert, decodeRlp, encodeRlp, fail, type Hash32, ok, type Result, readRlp } from "@festina/primitives";
import { REQUESTS_MAX } from "./fastBlock.ts";
import { type FastHeader, hashFastHeader, readFastHeader } from "./fastHeader.ts";
import { decodeHybridRequests, type HybridRequests } from "./hybridRequests.ts";

export interface FastOutline {
  readonly header: FastHeader;
  readonly hash: Hash32;
  readonly requests: HybridRequests;
}

/** rlp([header, requests]) from a stored envelope, whose transactions are not decoded. */
export function outlineOfEnvelope(envelope: Uint8Array): Uint8Array {
  const decoded = decodeRlp(envelope);
  assert(decoded.ok && !(decoded.value instanceof Uint8Array), "a stored envelope is a list");
  const [header, , requests] = decoded.value;
  assert(header !== undefined && requests !== undefined, "a stored envelope is whole");
  return encodeRlp([header, requests]);
}

/** Decodes and hashes; whether the header commits to the requests is for the rules. */
export function decodeFastOutline(bytes: Uint8Array): Result<FastOutline, "BLOCK_MALFORMED"> {
  const parts = readRlp(bytes, "fastOutline", (reader) => ({
    header: reader.list("header", readFastHeader),
    requests: reader.many("requests", REQUESTS_MAX, (list) => list.bytes("request")),
  }));
  if (!parts.ok) return fail("BLOCK_MALFORMED", parts.error.message);
  const requests = decodeHybridRequests(parts.value.requests);
  if (!requests.ok) return fail("BLOCK_MALFORMED", requests.error.message);
  const { header } = parts.value;
  return ok({ header, hash: hashFastHeader(header), requests: requests.value });
}
