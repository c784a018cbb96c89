import type { Hash32 } from "@festina/primitives";

/** A proof-of-work function: a consensus-critical plugin kind, named by `chainSpec.powEngine`. Same input, same bytes. */
export interface PowEngine {
  readonly name: string;
  /** Present when results depend on data that belong to the height (`computePowKey`). */
  readonly dataSets?: PowDataSets;
  /**
   * 32 bytes. `nonce` is an unsigned 64-bit integer. `powKey` names a data set that is ready; engines without data sets
   * ignore it. @throws InvariantError when it is not ready
   */
  compute(sealHash: Hash32, nonce: bigint, powKey: Hash32): Uint8Array;
}

/** What was proved with a data set that is still being made can be judged later; it is never invalid for that. */
export interface PowDataSets {
  isReady(powKey: Hash32): boolean;
}
