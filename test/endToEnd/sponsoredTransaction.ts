import { type Address, bytesToHex, type Hex, hexToBytes } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { type RecoveredTransaction, signTransaction, TRANSACTION_TYPE } from "@festina/types";
import type { DevnetAccount } from "./devnetProcess.ts";

export const GWEI = 1_000_000_000n;
const VALIDITY_SECONDS = 600n;

export interface SponsoredOptions {
  readonly sender: DevnetAccount;
  readonly payer: DevnetAccount;
  readonly to: string;
  readonly valueWei: bigint;
  readonly feeWei: bigint;
  /** Whose key makes the payer's signature; the payer's own unless told otherwise. */
  readonly signedBy?: DevnetAccount;
  readonly validUntilSeconds?: bigint;
}

/** A transaction of type 0x54 with the sender's next nonce, both signatures made. */
export async function signSponsored(rpc: RpcClient, options: SponsoredOptions): Promise<RecoveredTransaction> {
  const { sender, payer, to, valueWei, feeWei } = options;
  const [chainId, nonce, block] = await Promise.all([
    rpc.call<string>("eth_chainId"),
    rpc.call<string>("eth_getTransactionCount", [sender.address, "pending"]),
    rpc.call<{ baseFeePerGas: string; timestamp: string }>("eth_getBlockByNumber", ["latest", false]),
  ]);
  const fields = {
    type: TRANSACTION_TYPE.sponsored,
    chainId: BigInt(chainId),
    nonce: BigInt(nonce),
    maxFeePerGasWei: BigInt(block.baseFeePerGas) * 2n + GWEI,
    maxPriorityFeePerGasWei: GWEI,
    gasLimit: 21_000n,
    to: to as Address,
    valueWei,
    data: new Uint8Array(),
    accessList: [],
    authorizations: [],
    sponsorship: {
      feeWei,
      payer: payer.address as Address,
      validUntilSeconds: options.validUntilSeconds ?? BigInt(block.timestamp) + VALIDITY_SECONDS,
    },
  };
  const signer = options.signedBy ?? payer;
  return signTransaction(fields, hexToBytes(sender.secretKey as Hex), hexToBytes(signer.secretKey as Hex));
}

export function sendSigned(rpc: RpcClient, transaction: RecoveredTransaction): Promise<string> {
  return rpc.call<string>("eth_sendRawTransaction", [bytesToHex(transaction.encoded)]);
}
