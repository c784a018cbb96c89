import type { RpcClient } from "@festina/rpc";
import { waitFor } from "./waitFor.ts";

/** A receipt as the RPC answers it, as far as these tests read it. */
export interface RpcReceipt {
  readonly type: string;
  readonly status: string;
  readonly blockNumber: string;
  readonly gasUsed: string;
  readonly effectiveGasPrice: string;
  readonly contractAddress: string | null;
  readonly payer?: string;
}

export function waitForReceipt(rpc: RpcClient, hash: string, timeoutMs = 20_000): Promise<RpcReceipt> {
  return waitFor(`the receipt of ${hash}`, timeoutMs, () =>
    rpc.call<RpcReceipt | null>("eth_getTransactionReceipt", [hash]),
  );
}
