import type { Hash32 } from "@festina/primitives";

/** A proof-of-work function: a consensus-critical plugin kind, named by `chainSpec.powEngine`. Pure: same input, same bytes. */
export interface PowEngine {
  readonly name: string;
  /** 32 bytes. `nonce` is an unsigned 64-bit integer. */
  compute(sealHash: Hash32, nonce: bigint): Uint8Array;
}
