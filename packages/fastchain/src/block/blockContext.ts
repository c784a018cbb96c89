import type { ChainSpec } from "@festina/chainspec";
import { ZERO_HASH } from "@festina/primitives";
import type { BlockContext } from "@festina/tvm";
import type { FastHeader } from "@festina/types";
import type { Ancestry } from "../ports.ts";

/** What contracts see of the block: its header's fields. */
export function toBlockContext(
  header: Pick<FastHeader, "number" | "timestamp" | "gasLimit" | "baseFeePerGasWei" | "coinbase" | "beacon">,
  spec: ChainSpec,
  ancestry: Ancestry,
): BlockContext {
  const { number, timestamp, gasLimit, baseFeePerGasWei, coinbase, beacon } = header;
  return {
    number,
    timestamp,
    gasLimit,
    baseFeePerGasWei,
    coinbase,
    prevRandao: beacon,
    chainId: spec.chainId,
    getBlockHash: (wanted) => ancestry.hashOf(wanted) ?? ZERO_HASH,
  };
}
