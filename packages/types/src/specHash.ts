import { type ChainSpec, canonicalText } from "@festina/chainspec";
import { keccakHash } from "@festina/crypto";
import { asciiToBytes, type Hash32 } from "@festina/primitives";

/** Two nodes with different spec hashes refuse each other in the handshake. */
export function specHash(spec: ChainSpec): Hash32 {
  return keccakHash(asciiToBytes(canonicalText(spec)));
}

/** What a chain begins with does not change when its committee has to be restarted later, or may be by itself. */
export function genesisSpecHash({ recovery: _later, ...spec }: ChainSpec): Hash32 {
  return specHash({ ...spec, restarts: [] });
}
