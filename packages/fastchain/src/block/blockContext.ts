import type { ChainSpec } from "@festina/chainspec";
import { ZERO_HASH } from "@festina/primitives";
import { type BlockContext, osakaWithout, type RuleSet } from "@festina/tvm";
import type { FastHeader } from "@festina/types";
import type { Ancestry } from "../ports.ts";

/** The machine's rules on this chain. */
export function rulesOfChain(spec: Pick<ChainSpec, "unlimitedCode" | "unlimitedTransactionGas">): RuleSet {
  return osakaWithout({ code: spec.unlimitedCode === true, transactionGas: spec.unlimitedTransactionGas === true });
}

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
    rules: rulesOfChain(spec),
    getBlockHash: (wanted) => ancestry.hashOf(wanted) ?? ZERO_HASH,
  };
}
