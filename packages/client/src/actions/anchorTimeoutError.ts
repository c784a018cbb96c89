import { BaseError } from "viem";

/** A block was not anchored in time. It is final all the same: anchoring takes miners. */
export class AnchorTimeoutError extends BaseError {
  readonly code = "ANCHOR_TIMEOUT";

  constructor(blockNumber: bigint, timeoutMs: number) {
    super(`Block ${blockNumber} was not anchored within ${timeoutMs} ms; is anybody mining?`, {
      name: "AnchorTimeoutError",
    });
  }
}
