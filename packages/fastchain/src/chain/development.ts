import type { ChainSpec } from "@festina/chainspec";
import { type Address, hexToBytes } from "@festina/primitives";
import { readAccount, type StateView } from "@festina/tvm";
import type { AccountChange, DevelopmentRequest } from "@festina/types";
import { computeNextBaseFee } from "./baseFee.ts";
import type { HybridState } from "./hybridState.ts";

/** Wei that came to be and wei that ceased to be because balances were set. */
export interface SupplyChange {
  readonly mintedWei: bigint;
  readonly burnedWei: bigint;
}

/** What a block's header has to say where its developer may have a say. */
export function blockTerms(
  parent: Pick<HybridState, "header">,
  payout: Address,
  request: DevelopmentRequest | undefined,
  spec: ChainSpec,
): { readonly gasLimit: bigint; readonly baseFeePerGasWei: bigint; readonly coinbase: Address } {
  return {
    gasLimit: request?.gasLimit ?? (spec.development === true ? parent.header.gasLimit : spec.preset.fastGasLimit),
    baseFeePerGasWei: request?.baseFeePerGasWei ?? computeNextBaseFee(parent.header, spec),
    coinbase: request?.coinbase ?? payout,
  };
}

function setAccount(view: StateView, { address, balanceWei, nonce, code, storage }: AccountChange): bigint {
  const before = readAccount(view, address);
  const after = { ...before, balanceWei: balanceWei ?? before.balanceWei, nonce: nonce ?? before.nonce };
  view.putAccount(address, after);
  if (code !== null) view.putCode(address, hexToBytes(code));
  for (const [slot, value] of storage) view.putStorage(address, slot, value);
  return after.balanceWei - before.balanceWei;
}

/** Sets what the request says, in its order. */
export function applyDevelopment(view: StateView, request: DevelopmentRequest | undefined): SupplyChange {
  let mintedWei = 0n;
  let burnedWei = 0n;
  for (const change of request?.accounts ?? []) {
    const addedWei = setAccount(view, change);
    if (addedWei > 0n) mintedWei += addedWei;
    else burnedWei -= addedWei;
  }
  return { mintedWei, burnedWei };
}
