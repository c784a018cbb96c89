import { addressOfPublicKey, type RecoverPublicKey } from "@festina/crypto";
import { EMPTY_BYTES, hexToBytes, padLeft } from "@festina/primitives";
import type { Compute } from "./computation.ts";
import { readPadded } from "./readPadded.ts";

const INPUT_BYTES = 128;
/** v is a word of 32 bytes, of which only the last may be other than zero. */
const V_END = 64;
const V_OF_EVEN = 27;

/** The signer's address of hash, v, r, s; nothing when there is none. High s is as good as low s here. */
export const createEcrecover =
  (recover: RecoverPublicKey): Compute =>
  (input) => {
    const data = readPadded(input, 0, INPUT_BYTES);
    const parity = (data[V_END - 1] as number) - V_OF_EVEN;
    if ((parity !== 0 && parity !== 1) || data.subarray(32, V_END - 1).some((byte) => byte !== 0)) return EMPTY_BYTES;
    const publicKey = recover(data.subarray(0, 32), data.subarray(V_END), parity);
    return publicKey === null ? EMPTY_BYTES : padLeft(hexToBytes(addressOfPublicKey(publicKey)), 32);
  };
