// SHA-256 and RIPEMD-160 by the OpenSSL inside Node. A build of Node without one of them throws here, and the next engine runs.
import { createHash, hash } from "node:crypto";
import { padLeft } from "@festina/primitives";
import type { Computation, Compute } from "./computation.ts";

/** Some tenth of a millisecond. */
const PIECE_BYTES = 65_536;

const hashBy =
  (algorithm: "sha256" | "ripemd160"): Compute =>
  (input) =>
    input.length <= PIECE_BYTES ? padLeft(hash(algorithm, input, "buffer"), 32) : hashInPieces(algorithm, input);

function* hashInPieces(algorithm: string, input: Uint8Array): Computation {
  const state = createHash(algorithm);
  for (let at = 0; at < input.length; at += PIECE_BYTES) {
    state.update(input.subarray(at, at + PIECE_BYTES));
    yield;
  }
  return padLeft(state.digest(), 32);
}

export const sha256: Compute = hashBy("sha256");
export const ripemd160: Compute = hashBy("ripemd160");
